// What the preload script and the main process say to each other.
import type { ErrorEnvelope } from '../contract/errors.ts';

/** The only origin that may speak on these channels. */
export const deskOrigin = 'app://desk';

export const channels = {
  call: 'desk:call',
  cancel: 'desk:cancel',
  subscribe: 'desk:subscribe',
  unsubscribe: 'desk:unsubscribe',
  frame: 'desk:frame',
  ack: 'desk:ack',
  resync: 'desk:resync',
  visible: 'desk:visible',
  command: 'desk:command',
  commandTaken: 'desk:command-taken',
} as const;

/** A menu entry that the page carries out. */
export type DeskCommand = 'open-kill' | 'open-deploy' | 'toggle-theme';

/** Only an Error's message survives Electron's own rejection, so failures travel as values. */
export type CallReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorEnvelope };
