// Closing the last window quits, and quitting stops the agents: with agents alive, closing asks first.
import { app, type BrowserWindow, dialog } from 'electron';
import type { Desk } from '../contract/desk.ts';
import { swarmStatus } from '../contract/swarm.ts';

/** Guards one window's close button. Quitting by signal or by the system does not pass here. */
export function guardClose(window: BrowserWindow, desk: Promise<Desk>): void {
  let asking = false;
  window.on('close', (event) => {
    event.preventDefault();
    if (asking) return;
    asking = true;
    void mayQuit(window, desk).then((quit) => {
      asking = false;
      if (quit) app.quit();
    });
  });
}

async function mayQuit(window: BrowserWindow, desk: Promise<Desk>): Promise<boolean> {
  const alive = await aliveAgents(desk);
  if (alive === 0) return true;
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: alive === null ? 'Quit the desk?' : `${alive} ${alive === 1 ? 'agent is' : 'agents are'} alive`,
    detail: 'Quitting stops the agents in order: their positions are closed, then their sandboxes end.',
    buttons: ['Stop the agents and quit', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  return response === 0;
}

/** Null when the host does not say. */
async function aliveAgents(desk: Promise<Desk>): Promise<number | null> {
  try {
    const host = await desk;
    return swarmStatus.output.parse(await host.call(swarmStatus.name, {}, 'window')).alive;
  } catch {
    return null;
  }
}
