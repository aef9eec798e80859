// The window's door: calls, the feed and menu commands over Electron's IPC. It serves windows that were admitted, and
// of those only the top frame at our own origin.
import { type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { z } from 'zod';
import type { Desk, Subscription } from '../contract/desk.ts';
import { DeskError, toEnvelope } from '../contract/errors.ts';
import { type CallReply, channels, type DeskCommand, deskOrigin } from './ipc-channels.ts';

const CallParams = z.object({ name: z.string(), input: z.unknown(), id: z.int().optional() });

export interface WindowDoor {
  /** Serves this window until it closes. */
  admit(window: BrowserWindow): void;
  /** Sends a menu command. Resolves with false when the page has not taken it within `answerMs`. */
  command(window: BrowserWindow, command: DeskCommand, answerMs: number): Promise<boolean>;
  close(): void;
}

interface Client {
  readonly window: BrowserWindow;
  subscription: Subscription | null;
  /** Counts subscriptions, so that one which was replaced while the host started does not come alive later. */
  generation: number;
  pageVisible: boolean;
  /** Calls under way that the page can cancel, by its own ids. */
  readonly cancellable: Map<number, AbortController>;
}

/** Opens the door before the host is up: calls and subscriptions wait for `desk`. */
export function openWindowDoor(desk: Promise<Desk>, now: () => number): WindowDoor {
  const clients = new Map<number, Client>();
  const waiting = new Map<number, () => void>();
  let lastCommandId = 0;

  function clientOf(event: IpcMainEvent | IpcMainInvokeEvent): Client | null {
    const frame = event.senderFrame;
    if (frame === null || frame.parent !== null || frame.origin !== deskOrigin) return null;
    return clients.get(event.sender.id) ?? null;
  }

  function on(channel: string, serve: (client: Client, argument: unknown) => void): void {
    ipcMain.on(channel, (event, argument: unknown) => {
      const client = clientOf(event);
      if (client) serve(client, argument);
    });
  }

  ipcMain.handle(channels.call, async (event, params: unknown): Promise<CallReply> => {
    const client = clientOf(event);
    if (!client) throw new Error('This sender may not call the desk.');
    return answerCall(desk, client, params);
  });
  on(channels.cancel, ({ cancellable }, id) => {
    if (typeof id === 'number') cancellable.get(id)?.abort();
  });
  on(channels.subscribe, (client) => {
    // A host that does not start is reported by whoever started it.
    desk.then(follow(client), () => undefined);
  });
  on(channels.unsubscribe, drop);
  on(channels.ack, (client) => client.subscription?.ack());
  on(channels.resync, (client) => client.subscription?.resync());
  on(channels.visible, (client, visible) => {
    client.pageVisible = visible === true;
    tellVisibility(client);
  });
  on(channels.commandTaken, (_client, id) => {
    if (typeof id === 'number') waiting.get(id)?.();
  });

  return {
    admit(window) {
      const { id } = window.webContents;
      const client: Client = {
        window,
        subscription: null,
        generation: 0,
        pageVisible: true,
        cancellable: new Map(),
      };
      clients.set(id, client);
      window.once('closed', () => {
        leave(client);
        clients.delete(id);
      });
      window.webContents.on('render-process-gone', () => leave(client));
      // A new document subscribes for itself.
      window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
        if (isMainFrame && !isSameDocument) leave(client);
      });
      window.on('show', () => tellVisibility(client));
      window.on('hide', () => tellVisibility(client));
      window.on('minimize', () => tellVisibility(client));
      window.on('restore', () => tellVisibility(client));
    },
    command(window, command, answerMs) {
      const id = ++lastCommandId;
      return new Promise((resolve) => {
        const settle = (taken: boolean): void => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(taken);
        };
        const timer = setTimeout(() => settle(false), answerMs);
        waiting.set(id, () => settle(true));
        if (window.isDestroyed() || window.webContents.isCrashed()) settle(false);
        else window.webContents.send(channels.command, id, command, now() + answerMs);
      });
    },
    close() {
      ipcMain.removeHandler(channels.call);
      for (const channel of Object.values(channels)) ipcMain.removeAllListeners(channel);
      for (const client of clients.values()) leave(client);
      clients.clear();
    },
  };
}

function follow(client: Client): (desk: Desk) => void {
  drop(client);
  const generation = client.generation;
  return (desk) => {
    if (client.generation !== generation) return;
    client.subscription = desk.subscribe((frame) => {
      if (!client.window.isDestroyed()) client.window.webContents.send(channels.frame, frame);
    });
    tellVisibility(client);
  };
}

/** The page is gone: nobody follows any more, and nobody waits for what could be cancelled. */
function leave(client: Client): void {
  drop(client);
  for (const stop of client.cancellable.values()) stop.abort();
}

function drop(client: Client): void {
  client.generation += 1;
  client.subscription?.close();
  client.subscription = null;
}

function tellVisibility(client: Client): void {
  if (client.window.isDestroyed()) return;
  const shown = client.window.isVisible() && !client.window.isMinimized();
  client.subscription?.setVisible(shown && client.pageVisible);
}

async function answerCall(desk: Promise<Desk>, client: Client, params: unknown): Promise<CallReply> {
  try {
    const parsed = CallParams.safeParse(params);
    if (!parsed.success) {
      throw new DeskError('INVALID_INPUT', 'A call takes {name, input}; give the name of an operation.');
    }
    const { name, input, id } = parsed.data;
    const value = await cancellably(client, id, async (signal) =>
      (await desk).call(name, input, 'window', signal),
    );
    return { ok: true, value };
  } catch (error) {
    return { ok: false, error: toEnvelope(error) };
  }
}

/** Without an id the call runs to its end, even when the page is gone: what was asked of the swarm is not half done. */
async function cancellably<T>(
  { cancellable }: Client,
  id: number | undefined,
  run: (signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  if (id === undefined) return run();
  const stop = new AbortController();
  cancellable.set(id, stop);
  try {
    return await run(stop.signal);
  } finally {
    cancellable.delete(id);
  }
}
