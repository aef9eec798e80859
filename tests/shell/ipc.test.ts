import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Desk, Subscription } from '../../electron/contract/desk.ts';
import { DeskError } from '../../electron/contract/errors.ts';
import type { FeedFrame } from '../../electron/contract/frames.ts';
import { openWindowDoor, type WindowDoor } from '../../electron/doors/ipc.ts';
import { channels } from '../../electron/doors/ipc-channels.ts';
import { createFakeDesk, type FakeDesk } from '../support/fake-desk.ts';
import {
  createFakeIpcMain,
  createFakeWindow,
  type FakeIpcMain,
  type FakeWindow,
} from '../support/fake-electron.ts';
import { initialState } from '../../electron/contract/state.ts';

const electron = vi.hoisted(() => ({ ipcMain: undefined as unknown }));
vi.mock('electron', () => ({
  get ipcMain() {
    return electron.ipcMain;
  },
}));

const snapshot: FeedFrame = { kind: 'snapshot', seq: 0, state: initialState, gauges: null };
const events = (from: number): FeedFrame => ({ kind: 'events', from, events: [], gauges: null });

const now = (): number => 1_000;

let ipc: FakeIpcMain;
let desk: FakeDesk;
let door: WindowDoor;
let view: FakeWindow;

beforeEach(() => {
  ipc = createFakeIpcMain();
  electron.ipcMain = ipc;
  desk = createFakeDesk({ 'sandboxes.list': () => ({ sandboxes: [] }) }, () => snapshot);
  door = openWindowDoor(Promise.resolve(desk), now);
  view = createFakeWindow();
  door.admit(view.window);
});
afterEach(() => door.close());

const list = { name: 'sandboxes.list', input: {} };
const frames = (of: FakeWindow): unknown[] =>
  of.sent.filter((message) => message.channel === channels.frame).map((message) => message.args[0]);

async function subscribe(from: FakeWindow): Promise<void> {
  ipc.emit(channels.subscribe, from.event());
  await nextTurn();
}

describe('a call', () => {
  test('reaches the desk as the window and brings the answer back', async () => {
    expect(await ipc.invoke(channels.call, view.event(), list)).toEqual({
      ok: true,
      value: { sandboxes: [] },
    });
    expect(desk.calls.map(({ name, actor }) => ({ name, actor }))).toEqual([
      { name: 'sandboxes.list', actor: 'window' },
    ]);
  });

  test('brings a failure back as a value with its code', async () => {
    const reply = await ipc.invoke(channels.call, view.event(), { name: 'no.such', input: {} });
    expect(reply).toMatchObject({ ok: false, error: { code: 'UNKNOWN_OPERATION' } });
  });

  test('without a name is refused as input', async () => {
    const reply = await ipc.invoke(channels.call, view.event(), { input: {} });
    expect(reply).toMatchObject({ ok: false, error: { code: 'INVALID_INPUT' } });
  });

  test('waits for a host that is still starting, and tells why it did not start', async () => {
    door.close();
    door = openWindowDoor(Promise.reject(new DeskError('HOST_RUNNING', 'A host runs already.')), now);
    door.admit(view.window);
    const reply = await ipc.invoke(channels.call, view.event(), list);
    expect(reply).toEqual({
      ok: false,
      error: { code: 'HOST_RUNNING', message: 'A host runs already.', detail: {} },
    });
  });
});

describe('a call with an id', () => {
  function waiting(): Promise<unknown> {
    desk = createFakeDesk(
      {
        'sandboxes.list': ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(new DeskError('CANCELLED', 'It was cancelled.')));
          }),
      },
      () => snapshot,
    );
    door.close();
    door = openWindowDoor(Promise.resolve(desk), now);
    door.admit(view.window);
    return ipc.invoke(channels.call, view.event(), { ...list, id: 7 });
  }
  const cancelled = { ok: false, error: { code: 'CANCELLED' } };

  test('ends when its page cancels it, and no other does', async () => {
    const reply = waiting();
    const other = createFakeWindow();
    door.admit(other.window);
    await nextTurn();
    ipc.emit(channels.cancel, other.event(), 7);
    ipc.emit(channels.cancel, view.event(), 8);
    await nextTurn();
    expect(await Promise.race([reply, nextTurn('still waiting')])).toBe('still waiting');
    ipc.emit(channels.cancel, view.event(), 7);
    expect(await reply).toMatchObject(cancelled);
  });

  test('ends when its window closes', async () => {
    const reply = waiting();
    await nextTurn();
    view.close();
    expect(await reply).toMatchObject(cancelled);
  });
});

describe('a sender', () => {
  const top = { origin: 'app://desk', parent: null };
  test.each([
    ['from another origin', (from: FakeWindow) => from.event({ origin: 'https://desk' })],
    ['whose origin only starts alike', (from: FakeWindow) => from.event({ origin: 'app://desk.example' })],
    ['in a frame below the top', (from: FakeWindow) => from.event({ parent: top })],
    ['whose frame is gone', (from: FakeWindow) => from.event(null)],
    ['in a window that was not admitted', () => createFakeWindow().event()],
  ])('%s is refused on every channel', async (_what, event) => {
    await expect(ipc.invoke(channels.call, event(view), list)).rejects.toThrow(/may not call/);
    ipc.emit(channels.subscribe, event(view));
    await nextTurn();
    expect(desk.followers()).toBe(0);
    expect(desk.calls).toEqual([]);

    await subscribe(view);
    desk.push(events(1));
    ipc.emit(channels.ack, event(view));
    ipc.emit(channels.unsubscribe, event(view));
    expect(frames(view)).toEqual([snapshot]);
    expect(desk.followers()).toBe(1);
  });

  test('in a window that has closed is refused', async () => {
    view.close();
    await expect(ipc.invoke(channels.call, view.event(), list)).rejects.toThrow(/may not call/);
  });
});

describe('the feed', () => {
  test('starts with a snapshot and sends nothing more until the page acknowledges', async () => {
    await subscribe(view);
    desk.push(events(1));
    desk.push(events(2));
    expect(frames(view)).toEqual([snapshot]);
    ipc.emit(channels.ack, view.event());
    expect(frames(view)).toEqual([snapshot, events(1)]);
    ipc.emit(channels.ack, view.event());
    expect(frames(view)).toEqual([snapshot, events(1), events(2)]);
  });

  test('starts over with a snapshot when the page asks', async () => {
    await subscribe(view);
    desk.push(events(5));
    ipc.emit(channels.resync, view.event());
    expect(frames(view)).toEqual([snapshot, snapshot]);
  });

  test('has one follower a window, however often the page subscribes', async () => {
    await subscribe(view);
    await subscribe(view);
    expect(desk.followers()).toBe(1);
  });

  test.each([
    ['unsubscribes', () => ipc.emit(channels.unsubscribe, view.event())],
    ['crashes', () => view.crash()],
    ['closes', () => view.close()],
    [
      'loads another document',
      () => view.contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false }),
    ],
  ])('ends when the page %s', async (_what, leave) => {
    await subscribe(view);
    leave();
    expect(desk.followers()).toBe(0);
  });

  test('does not begin for a page that left while the host was starting', async () => {
    let start = (_desk: Desk): void => {};
    door.close();
    door = openWindowDoor(new Promise((resolve) => (start = resolve)), now);
    door.admit(view.window);
    await subscribe(view);
    ipc.emit(channels.unsubscribe, view.event());
    start(desk);
    await nextTurn();
    expect(desk.followers()).toBe(0);
    await subscribe(view);
    expect(desk.followers()).toBe(1);
  });

  test('is as visible as the window and the page together', async () => {
    const seen: boolean[] = [];
    const subscription: Subscription = {
      ack() {},
      resync() {},
      close() {},
      setVisible: (visible) => seen.push(visible),
    };
    door.close();
    door = openWindowDoor(Promise.resolve({ ...desk, subscribe: () => subscription }), now);
    door.admit(view.window);
    view.setShown(false);
    await subscribe(view);
    view.setShown(true);
    ipc.emit(channels.visible, view.event(), false);
    view.setShown(false);
    view.setShown(true);
    ipc.emit(channels.visible, view.event(), true);
    expect(seen).toEqual([false, true, false, false, false, true]);
  });
});

describe('a menu command', () => {
  const sentCommand = (): unknown[] => [
    ...(view.sent.find(({ channel }) => channel === channels.command)?.args ?? []),
  ];

  test('is taken when the page says so', async () => {
    const taken = door.command(view.window, 'open-kill', 60_000);
    const [id, name, expiresAt] = sentCommand();
    expect([name, expiresAt]).toEqual(['open-kill', 61_000]);
    ipc.emit(channels.commandTaken, view.event(), id);
    expect(await taken).toBe(true);
  });

  test('is not taken when the page stays silent', async () => {
    expect(await door.command(view.window, 'open-kill', 20)).toBe(false);
  });

  test('is not even sent to a page that crashed', async () => {
    view.crash();
    expect(await door.command(view.window, 'open-kill', 60_000)).toBe(false);
    expect(sentCommand()).toEqual([]);
  });
});
