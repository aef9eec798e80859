import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loadNative } from '../../electron/native/load.ts';
import { fromNativeError } from '../../electron/native/native-error.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const native = loadNative();
const script = join(import.meta.dirname, 'hold-lock.mjs');

/** Starts another process that tries to take the lock, and returns it with its answer. */
async function contender(path: string, holder: string): Promise<{ child: ChildProcess; answer: unknown }> {
  const child = fork(script, [path, holder]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [answer] = await once(child, 'message');
  return { child, answer };
}

function lockPath(): string {
  return join(temporaryDirectory(), 'host.lock');
}

test('a second process is refused with what the first wrote about itself', async () => {
  const path = lockPath();
  const lock = native.InstanceLock.acquire(path, 'the window, pid 11');
  const { answer } = await contender(path, 'a daemon');
  expect(answer).toEqual({ held: false, code: 'LOCKED', message: 'the window, pid 11' });
  lock.release();
});

test('the lock of a killed process is free', async () => {
  const path = lockPath();
  const { child, answer } = await contender(path, 'a daemon');
  expect(answer).toEqual({ held: true });
  expect(() => native.InstanceLock.acquire(path, 'us')).toThrow(
    expect.objectContaining({ code: 'LOCKED', message: 'a daemon' }),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  native.InstanceLock.acquire(path, 'us').release();
});

test('a released lock is free while its process lives on', async () => {
  const path = lockPath();
  const { child } = await contender(path, 'a daemon');
  child.send('release');
  const lock = await vi.waitFor(() => native.InstanceLock.acquire(path, 'us'));
  expect(child.exitCode).toBeNull();
  lock.release();
  lock.release();
});

test('a lock that is taken becomes HOST_RUNNING and names the holder', () => {
  const path = lockPath();
  const lock = native.InstanceLock.acquire(path, 'the window, pid 11');
  try {
    native.InstanceLock.acquire(path, 'us');
    expect.unreachable();
  } catch (error) {
    expect(fromNativeError(error)).toMatchObject({
      name: 'DeskError',
      code: 'HOST_RUNNING',
      message: expect.stringContaining('the window, pid 11'),
      cause: error,
    });
  }
  lock.release();
});
