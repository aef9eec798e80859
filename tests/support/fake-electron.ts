// The part of Electron's main process that the window's door touches, driven by the test.
import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';

type Handler = (event: FakeIpcEvent, argument: unknown) => unknown;

export interface FakeFrame {
  readonly origin: string;
  readonly parent: FakeFrame | null;
}

export interface FakeIpcEvent {
  readonly sender: { readonly id: number };
  readonly senderFrame: FakeFrame | null;
}

export interface FakeIpcMain extends EventEmitter {
  handle(channel: string, handler: Handler): void;
  removeHandler(channel: string): void;
  /** Calls the handler as Electron does for `ipcRenderer.invoke`. */
  invoke(channel: string, event: FakeIpcEvent, argument: unknown): Promise<unknown>;
}

export function createFakeIpcMain(): FakeIpcMain {
  const handlers = new Map<string, Handler>();
  return Object.assign(new EventEmitter(), {
    handle: (channel: string, handler: Handler) => void handlers.set(channel, handler),
    removeHandler: (channel: string) => void handlers.delete(channel),
    async invoke(channel: string, event: FakeIpcEvent, argument: unknown) {
      const handler = handlers.get(channel);
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      return handler(event, argument);
    },
  });
}

export interface FakeWindow {
  readonly window: BrowserWindow;
  /** What was sent to the page, oldest first. */
  readonly sent: { readonly channel: string; readonly args: readonly unknown[] }[];
  readonly contents: EventEmitter;
  /** Hides or shows the window, as its user would. */
  setShown(shown: boolean): void;
  crash(): void;
  close(): void;
  /** The event of a message from this window's top frame, at our origin unless told otherwise. */
  event(frame?: Partial<FakeFrame> | null): FakeIpcEvent;
}

let lastId = 0;

export function createFakeWindow(): FakeWindow {
  const id = ++lastId;
  const sent: FakeWindow['sent'] = [];
  let shown = true;
  let crashed = false;
  let destroyed = false;
  const contents = Object.assign(new EventEmitter(), {
    id,
    send: (channel: string, ...args: unknown[]) => void sent.push({ channel, args }),
    isCrashed: () => crashed,
  });
  const window = Object.assign(new EventEmitter(), {
    webContents: contents,
    isDestroyed: () => destroyed,
    isVisible: () => shown,
    isMinimized: () => false,
  });
  return {
    window: window as unknown as BrowserWindow,
    sent,
    contents,
    setShown(next) {
      shown = next;
      window.emit(next ? 'show' : 'hide');
    },
    crash() {
      crashed = true;
      contents.emit('render-process-gone');
    },
    close() {
      destroyed = true;
      window.emit('closed');
    },
    event: (frame = {}) => ({
      sender: { id },
      senderFrame: frame === null ? null : { origin: 'app://desk', parent: null, ...frame },
    }),
  };
}
