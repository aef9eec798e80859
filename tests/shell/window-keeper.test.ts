import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BrowserWindow } from 'electron';
import { beforeEach, expect, test, vi } from 'vitest';
import { keepWindow } from '../../electron/shell/window-keeper.ts';

const electron = vi.hoisted(() => ({
  app: {
    once: (_event: string, listener: () => void) => (electron.quitting = listener),
    quit: () => electron.quits++,
  },
  quitting: () => {},
  quits: 0,
  dialog: { showMessageBox: async () => ({ response: electron.answer }) },
  answer: 0,
}));
vi.mock('electron', () => electron);

const log = { info() {}, warn() {}, error() {} };
let time = 0;
let windows: (EventEmitter & { webContents: EventEmitter; destroyed: boolean })[] = [];

beforeEach(() => {
  time = 1_000_000;
  windows = [];
  electron.quits = 0;
  keepWindow(createWindow, log, () => time);
});

function createWindow(): BrowserWindow {
  const window = Object.assign(new EventEmitter(), {
    webContents: new EventEmitter(),
    destroyed: false,
    isDestroyed: () => window.destroyed,
    destroy: () => (window.destroyed = true),
  });
  windows.push(window);
  return window as unknown as BrowserWindow;
}

function crashLast(): void {
  windows.at(-1)?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 });
}

test('a page that crashed is replaced, and its window goes', () => {
  crashLast();
  expect(windows.map((window) => window.destroyed)).toEqual([true, false]);
});

test('the fourth crash within a minute asks instead, and reopens when told so', async () => {
  electron.answer = 0;
  for (let crash = 0; crash < 3; crash += 1) crashLast();
  expect(windows).toHaveLength(4);
  crashLast();
  expect(windows).toHaveLength(4);
  await nextTurn();
  expect(windows).toHaveLength(5);
  expect(electron.quits).toBe(0);
});

test('the fourth crash within a minute quits when told so', async () => {
  electron.answer = 1;
  for (let crash = 0; crash < 4; crash += 1) crashLast();
  await nextTurn();
  expect([windows.length, electron.quits]).toEqual([4, 1]);
});

test('crashes that are far apart never ask', () => {
  for (let crash = 0; crash < 10; crash += 1) {
    time += 20_001;
    crashLast();
  }
  expect(windows).toHaveLength(11);
});

test('nothing is replaced while the app quits', () => {
  electron.quitting();
  crashLast();
  expect(windows).toHaveLength(1);
});
