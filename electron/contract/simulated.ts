// Which amounts nobody has and nobody pays. They are marked wherever they are shown.
import type { Mode } from './names.ts';
import type { DeskState } from './state.ts';

/** True unless the account holds real money. */
export function isMoneySimulated(mode: Mode): boolean {
  return mode !== 'live';
}

/** True where nobody sends a bill: sandboxes on this machine are priced as if they were rented. */
export function isSpendSimulated({ mode, provider }: Pick<DeskState, 'mode' | 'provider'>): boolean {
  return mode === 'demo' || provider?.kind !== 'e2b';
}
