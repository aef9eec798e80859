import { expect, test } from 'vitest';
import type { ProviderSandbox } from '../../../electron/host/sandboxes/provider.ts';
import { prepareRunner } from '../../../electron/host/swarm/start-runner.ts';

/** A sandbox that has the runner or not, and in which an uploaded one starts or not. */
function sandboxWith({ hasRunner, starts }: { hasRunner: boolean; starts: boolean }) {
  const calls: string[] = [];
  let isThere = hasRunner;
  const unused = (): never => {
    throw new Error('preparing does not need this');
  };
  const sandbox: ProviderSandbox = {
    sandboxId: 's1',
    async upload(path) {
      calls.push(`upload ${path}`);
      isThere = starts;
    },
    async exec(command) {
      calls.push(command);
      return isThere
        ? { exitCode: 0, stdout: '1.0.0\n', stderr: '' }
        : { exitCode: 127, stdout: '', stderr: 'not found' };
    },
    start: unused,
    attach: unused,
    extend: unused,
    isAlive: unused,
  };
  const prepare = (carriesRunner: boolean): Promise<void> =>
    prepareRunner(sandbox, new ArrayBuffer(8), carriesRunner, (run) => run());
  return { calls, prepare };
}

const uploaded = ['upload ./desk-runner', 'chmod 755 ./desk-runner && ./desk-runner --version'];

test('a sandbox from the template is checked, and nothing is uploaded', async () => {
  const { calls, prepare } = sandboxWith({ hasRunner: true, starts: true });
  await prepare(true);
  expect(calls).toEqual(['./desk-runner --version']);
});

test('the runner is uploaded where the template turns out not to have it', async () => {
  const { calls, prepare } = sandboxWith({ hasRunner: false, starts: true });
  await prepare(true);
  expect(calls).toEqual(['./desk-runner --version', ...uploaded]);
});

test('the runner is uploaded to every other sandbox, whatever lies there', async () => {
  const { calls, prepare } = sandboxWith({ hasRunner: true, starts: true });
  await prepare(false);
  expect(calls).toEqual(uploaded);
});

test('a sandbox in which the runner does not start is refused with its words', async () => {
  const { prepare } = sandboxWith({ hasRunner: false, starts: false });
  await expect(prepare(true)).rejects.toMatchObject({
    code: 'SANDBOX_UNAVAILABLE',
    message: expect.stringContaining('not found'),
  });
});
