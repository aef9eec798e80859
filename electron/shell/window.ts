// The desk's one window: a sandboxed page without Node, shown once it has drawn something.
import { BrowserWindow } from 'electron';
import { deskOrigin } from '../doors/ipc-channels.ts';

// The page's darkest surface: no white flash before its first paint.
const backgroundColor = '#0e1113';

export interface DeskWindowOptions {
  /** Absolute path of the built preload script. */
  readonly preload: string;
  /** Absolute path of the icon, a PNG. */
  readonly icon: string;
  /** Called for Ctrl+. before the page sees the key, so that it works when the page hangs. */
  readonly onStopAll: () => void;
}

/** Creates the window and starts loading the page. */
export function createDeskWindow({ preload, icon, onStopAll }: DeskWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    backgroundColor,
    autoHideMenuBar: true,
    icon,
    title: 'Neural Trader Desk',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      // The spell checker would fetch dictionaries from the network.
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  window.webContents.on('before-input-event', (event, input) => {
    if (input.type !== 'keyDown' || !(input.control || input.meta) || input.key !== '.') return;
    event.preventDefault();
    onStopAll();
  });
  // A failed load shows as `did-fail-load`, which the keeper reports.
  window.loadURL(`${deskOrigin}/`).catch(() => undefined);
  return window;
}
