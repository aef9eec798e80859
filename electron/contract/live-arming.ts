// When LIVE may take new risk: armed for this account, by its number, and an operator has acted within a day.
import type { DeskState } from './state.ts';

export const liveIdleMs = 24 * 3_600_000;
/** How far a clock may be corrected backwards. */
const clockSlackMs = 60_000;

/** When the arming ends if nobody acts before; null when LIVE is not armed. */
export function armedUntil({ mode, accountNumber, live }: ArmingState, now: number): number | null {
  if (mode !== 'live' || live === null || live.accountNumber !== accountNumber) return null;
  const until = live.attendedAt + liveIdleMs;
  // A clock that was set back cannot tell how long nobody has acted.
  return now < live.attendedAt - clockSlackMs || now >= until ? null : until;
}

type ArmingState = Pick<DeskState, 'mode' | 'accountNumber' | 'live'>;
