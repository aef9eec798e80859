// The application menu. Its bar is hidden until Alt; its accelerators always work.
import { app, Menu, type MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  readonly stopAll: () => void;
  readonly deploy: () => void;
  readonly toggleTheme: () => void;
  readonly quit: () => void;
}

/** Puts the menu in place. */
export function installMenu(actions: MenuActions): void {
  const desk: MenuItemConstructorOptions = {
    label: 'Desk',
    submenu: [
      { label: 'Deploy agents…', accelerator: 'CmdOrCtrl+D', click: actions.deploy },
      { label: 'Stop all trading…', accelerator: 'CmdOrCtrl+.', click: actions.stopAll },
      { type: 'separator' },
      { label: 'Quit', accelerator: 'CmdOrCtrl+Q', click: actions.quit },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { label: 'Dark or light', click: actions.toggleTheme },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } satisfies MenuItemConstructorOptions]),
    ],
  };
  Menu.setApplicationMenu(Menu.buildFromTemplate([desk, { role: 'editMenu' }, view]));
}
