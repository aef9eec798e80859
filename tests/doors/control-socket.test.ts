import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DeskError } from '../../electron/contract/errors.ts';
import type { FeedFrame } from '../../electron/contract/frames.ts';
import { initialState } from '../../electron/contract/state.ts';
import { connectDesk, type DeskClient } from '../../electron/doors/control-client.ts';
import { serveControlSocket } from '../../electron/doors/control-socket.ts';
import { createFakeDesk, type FakeDesk, type FakeHandler } from '../support/fake-desk.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const snapshot = (): FeedFrame => ({ kind: 'snapshot', seq: 7, state: initialState, gauges: null });
const blocked = (seq: number): FeedFrame => ({
  kind: 'events',
  from: seq,
  events: [{ seq, event: { kind: 'EntriesBlocked', at: seq, actor: 'cli', reason: `number ${seq}` } }],
  gauges: null,
});

interface Served {
  readonly desk: FakeDesk;
  readonly path: string;
  connect(): Promise<DeskClient>;
  close(): Promise<void>;
}

async function serve(handlers: Readonly<Record<string, FakeHandler>> = {}): Promise<Served> {
  const desk = createFakeDesk(handlers, snapshot);
  const path = join(temporaryDirectory(), 'control.sock');
  const server = await serveControlSocket(desk, path);
  onTestFinished(() => server.close());
  return {
    desk,
    path,
    close: () => server.close(),
    async connect() {
      const client = await connectDesk(path, 2_000);
      onTestFinished(() => client.close());
      return client;
    },
  };
}

const untilAborted: FakeHandler = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new DeskError('CANCELLED', 'cancelled')));
  });

describe('calls', () => {
  test('carry the input, the actor and the answer', async () => {
    const { desk, connect } = await serve({ 'sandboxes.list': () => ({ sandboxes: [] }) });
    const client = await connect();
    expect(await client.call('sandboxes.list', { all: true })).toEqual({ sandboxes: [] });
    expect(desk.calls).toMatchObject([{ name: 'sandboxes.list', input: { all: true }, actor: 'cli' }]);
  });

  test('reject with the code, message and detail of the host', async () => {
    const { connect } = await serve({
      'swarm.deploy': () => {
        throw new DeskError('BUDGET_EXCEEDED', 'needs $2, $1 is left', { leftMicros: 1_000_000 });
      },
    });
    const client = await connect();
    const error = await client.call('swarm.deploy', { agent: 'momentum' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DeskError);
    expect(error).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      message: 'needs $2, $1 is left',
      detail: { leftMicros: 1_000_000 },
    });
  });

  test('run side by side on one connection', async () => {
    let release = (): void => {};
    const { connect } = await serve({
      'swarm.agents': () => new Promise((resolve) => (release = () => resolve({ agents: [] }))),
      'sandboxes.list': () => ({ sandboxes: [] }),
    });
    const client = await connect();
    const slow = client.call('swarm.agents', {});
    expect(await client.call('sandboxes.list', {})).toEqual({ sandboxes: [] });
    release();
    expect(await slow).toEqual({ agents: [] });
  });

  test('abort the handler when the caller cancels', async () => {
    const { desk, connect } = await serve({ 'swarm.deploy': untilAborted });
    const client = await connect();
    const cancel = new AbortController();
    const answer = client.call('swarm.deploy', { agent: 'momentum' }, cancel.signal);
    await vi.waitFor(() => expect(desk.calls).toHaveLength(1));
    cancel.abort();
    await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(desk.calls[0]?.signal.aborted).toBe(true);
  });

  test('abort the handler when the caller leaves, except where it stops something', async () => {
    const { desk, connect } = await serve({ 'swarm.deploy': untilAborted, 'swarm.kill': untilAborted });
    const client = await connect();
    const answers = [client.call('swarm.deploy', { agent: 'momentum' }), client.call('swarm.kill', {})];
    const settled = Promise.allSettled(answers);
    await vi.waitFor(() => expect(desk.calls).toHaveLength(2));
    client.close();
    await settled;
    await vi.waitFor(() =>
      expect(desk.calls.map((call) => [call.name, call.signal.aborted])).toContainEqual([
        'swarm.deploy',
        true,
      ]),
    );
    expect(desk.calls.find((call) => call.name === 'swarm.kill')?.signal.aborted).toBe(false);
  });

  test('reject with HOST_NOT_RUNNING when the host goes away meanwhile', async () => {
    const { desk, connect, close } = await serve({ 'swarm.agents': () => new Promise(() => {}) });
    const client = await connect();
    const answer = client.call('swarm.agents', {});
    const outcome = answer.catch((error: unknown) => error);
    await vi.waitFor(() => expect(desk.calls).toHaveLength(1));
    await close();
    expect(await outcome).toMatchObject({ code: 'HOST_NOT_RUNNING' });
    expect(await client.whenClosed).toMatchObject({ code: 'HOST_NOT_RUNNING' });
  });

  test('that are answered while the socket closes still reach the caller', async () => {
    const served = await serve({
      'host.shutdown': () => {
        void served.close();
        return { pid: 42 };
      },
    });
    const client = await served.connect();
    expect(await client.call('host.shutdown', {})).toEqual({ pid: 42 });
  });
});

describe('subscriptions', () => {
  test('start with a snapshot and send nothing more until it is acknowledged', async () => {
    const { desk, connect } = await serve({ 'sandboxes.list': () => ({ sandboxes: [] }) });
    const client = await connect();
    const frames: FeedFrame[] = [];
    const subscription = await client.subscribe((frame) => frames.push(frame));
    await vi.waitFor(() => expect(frames).toEqual([snapshot()]));

    desk.push(blocked(8));
    desk.push(blocked(9));
    // A round trip behind the pushes: whatever was sent has arrived by now.
    await client.call('sandboxes.list', {});
    expect(frames).toHaveLength(1);
    expect(desk.waiting()).toBe(2);

    subscription.ack();
    await vi.waitFor(() => expect(frames).toEqual([snapshot(), blocked(8)]));
    subscription.ack();
    await vi.waitFor(() => expect(frames).toEqual([snapshot(), blocked(8), blocked(9)]));
  });

  test('start over with a snapshot after a resync', async () => {
    const { connect } = await serve();
    const client = await connect();
    const frames: FeedFrame[] = [];
    const subscription = await client.subscribe((frame) => frames.push(frame));
    subscription.resync();
    await vi.waitFor(() => expect(frames).toEqual([snapshot(), snapshot()]));
  });

  test('end at the host when closed, replaced or abandoned', async () => {
    const { desk, connect } = await serve();
    const client = await connect();
    const first = await client.subscribe(() => {});
    expect(desk.followers()).toBe(1);
    await client.subscribe(() => {});
    expect(desk.followers()).toBe(1);
    first.close();
    await vi.waitFor(() => expect(desk.followers()).toBe(0));

    const other = await connect();
    await other.subscribe(() => {});
    expect(desk.followers()).toBe(1);
    other.close();
    await vi.waitFor(() => expect(desk.followers()).toBe(0));
    expect(await other.whenClosed).toBeNull();
  });

  test('end with the reason when the host sends a frame of another version', async () => {
    const { desk, connect } = await serve();
    const client = await connect();
    const subscription = await client.subscribe(() => {});
    subscription.ack();
    const foreign: FeedFrame = JSON.parse(
      '{"kind":"events","from":8,"events":[{"seq":8,"event":{"kind":"NotYetInvented"}}],"gauges":null}',
    );
    desk.push(foreign);
    expect(await client.whenClosed).toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('another version'),
    });
  });
});

describe('the socket itself', () => {
  test('can be opened by its owner alone', async () => {
    const { path } = await serve();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('is refused to a second server while the first one answers', async () => {
    const { desk, path, connect } = await serve({ 'sandboxes.list': () => ({ sandboxes: [] }) });
    await expect(serveControlSocket(desk, path)).rejects.toMatchObject({ code: 'HOST_RUNNING' });
    const client = await connect();
    expect(await client.call('sandboxes.list', {})).toEqual({ sandboxes: [] });
  });

  test('is taken over from a host that crashed', async () => {
    const path = join(temporaryDirectory(), 'control.sock');
    const crash = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    expect(spawnSync(process.execPath, ['-e', crash]).signal).toBe('SIGKILL');
    expect(existsSync(path)).toBe(true);
    const server = await serveControlSocket(createFakeDesk({}, snapshot), path);
    onTestFinished(() => server.close());
    const client = await connectDesk(path, 2_000);
    client.close();
  });

  test('never replaces a file that is no socket', async () => {
    const path = join(temporaryDirectory(), 'control.sock');
    writeFileSync(path, 'precious');
    await expect(serveControlSocket(createFakeDesk({}, snapshot), path)).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    expect(existsSync(path)).toBe(true);
  });

  test('is gone after close', async () => {
    const { path, close } = await serve();
    await close();
    expect(existsSync(path)).toBe(false);
  });

  test('closes although a client neither reads nor leaves', async () => {
    const { path, close } = await serve();
    const mute = connect({ path, allowHalfOpen: true });
    onTestFinished(() => void mute.destroy());
    await once(mute, 'connect');
    await close();
    expect(existsSync(path)).toBe(false);
  });
});

describe('connecting', () => {
  test('answers HOST_NOT_RUNNING when there is no socket', async () => {
    await expect(connectDesk(join(temporaryDirectory(), 'control.sock'), 500)).rejects.toMatchObject({
      code: 'HOST_NOT_RUNNING',
      message: expect.stringContaining('neural-trader up'),
    });
  });

  test.skipIf(process.getuid?.() !== 0)('refuses a socket that belongs to another user', async () => {
    const path = join(temporaryDirectory(), 'control.sock');
    const server: Server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
    chownSync(path, 65_534, 65_534);
    await expect(connectDesk(path, 500)).rejects.toMatchObject({
      code: 'HOST_NOT_RUNNING',
      message: expect.stringContaining('another user'),
    });
  });
});
