// A tray icon where the system has a place for one: the way back to the window, and to the stop key.
import { app, Menu, Tray } from 'electron';
import type { Log } from '../host/log.ts';

export interface TrayActions {
  readonly show: () => void;
  readonly stopAll: () => void;
  readonly quit: () => void;
}

/** Puts the icon in the tray. A system without a tray is no failure: everything is in the menu, too. */
export function installTray(icon: string, actions: TrayActions, log: Log): void {
  try {
    const tray = new Tray(icon);
    tray.setToolTip('Neural Trader Desk');
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Show the desk', click: actions.show },
        { label: 'Stop all trading…', click: actions.stopAll },
        { type: 'separator' },
        { label: 'Quit', click: actions.quit },
      ]),
    );
    tray.on('click', actions.show);
    // Also what keeps the icon: one that nothing refers to is collected, and vanishes.
    app.once('quit', () => tray.destroy());
  } catch (error) {
    log.warn({ err: error }, 'no tray icon');
  }
}
