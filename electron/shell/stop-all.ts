// Ctrl+. : the page's kill sheet, or a native dialog that asks the host directly when the page does not answer.
import { type BrowserWindow, dialog } from 'electron';
import type { Desk } from '../contract/desk.ts';
import { toEnvelope } from '../contract/errors.ts';
import type { KillPolicy } from '../contract/names.ts';
import { killSwarm } from '../contract/swarm.ts';
import type { WindowDoor } from '../doors/ipc.ts';

const answerMs = 500;

export interface StopAllOptions {
  readonly desk: Promise<Desk>;
  readonly door: Pick<WindowDoor, 'command'>;
  readonly window: () => BrowserWindow | null;
}

/** Makes what the key, the menu and the tray run. It never rejects, and asks once at a time. */
export function createStopAll({ desk, door, window }: StopAllOptions): () => Promise<void> {
  let asking = false;

  async function askNatively(): Promise<void> {
    const policy = await askPolicy();
    if (policy === null) return;
    const { message, detail, isError } = await stop(desk, policy);
    await dialog.showMessageBox({ type: isError ? 'error' : 'info', message, detail, buttons: ['OK'] });
  }

  return async () => {
    if (asking) return;
    asking = true;
    try {
      const open = window();
      if (open && (await door.command(open, 'open-kill', answerMs))) {
        open.show();
        open.focus();
      } else {
        await askNatively();
      }
    } finally {
      asking = false;
    }
  };
}

async function askPolicy(): Promise<KillPolicy | null> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: 'Stop all trading?',
    detail:
      'The window does not answer. This asks the host directly: block entries, cancel working orders, then close the positions or keep them, and end the sandboxes.',
    buttons: ['Flatten positions', 'Keep positions', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
  });
  return response === 0 ? 'flatten' : response === 1 ? 'keep' : null;
}

async function stop(
  desk: Promise<Desk>,
  policy: KillPolicy,
): Promise<{ message: string; detail: string; isError: boolean }> {
  try {
    const host = await desk;
    const answer = await host.call(killSwarm.name, { policy, reason: 'window did not answer' }, 'window');
    const { verified, items } = killSwarm.output.parse(answer);
    const left = items.filter((item) => item.state === 'failed' || item.state === 'waiting');
    return {
      message: verified ? 'All trading is stopped' : 'Stopped, but not everything is verified',
      detail: left.map((item) => `${item.label}: ${item.detail}`).join('\n'),
      isError: !verified,
    };
  } catch (error) {
    const { code, message } = toEnvelope(error);
    return { message: 'Trading was not stopped', detail: `${code}: ${message}`, isError: true };
  }
}
