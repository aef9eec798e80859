// The open reservations in the native ledger, one a slot, and how much of the exit reserve each has taken.
import { DeskError } from '../../contract/errors.ts';
import { MICROS_PER_USD } from '../../contract/money.ts';
import type { SpendLedger } from '../../native/load.ts';

/** Who may use the exit reserve: an exit. */
export type Purpose = 'entry' | 'exit';

/** An open reservation in the ledger. */
interface Held {
  readonly id: string;
  readonly micros: number;
  /** The part that came out of the exit reserve and goes back there. */
  readonly fromExitMicros: number;
}

export interface Reservations {
  has(slotId: string): boolean;
  /** Reserves an amount for a slot under an id of its own. Throws BUDGET_EXCEEDED. */
  take(slotId: string, id: string, micros: number, purpose?: Purpose): void;
  /** Adopts what was reserved before a restart or for the new day, whatever the budget. */
  adopt(slotId: string, id: string, micros: number): void;
  /** Throws BUDGET_EXCEEDED unless the amount fits once the slot's reservation is posted with `usedMicros`. */
  assertFits(slotId: string, micros: number, usedMicros: number, purpose: Purpose): void;
  /** Ends the slot's reservation with what was used; returns the posted micro-dollars. */
  post(slotId: string, usedMicros: number): number;
  /** Ends the slot's reservation unused. */
  release(slotId: string): void;
  /** The exit reserve is whole again: open reservations count against the budget from here on. */
  restoreExitReserve(): void;
}

/** Starts with none open. */
export function createReservations(ledger: SpendLedger): Reservations {
  const open = new Map<string, Held>();

  /** What a new reservation could take if `held` were posted with `usedMicros` first; the ledger only tells of now. */
  function availableAfter(held: Held | undefined, usedMicros: number, purpose: Purpose): number {
    const { budgetMicros, exitReserveMicros, postedMicros, pendingMicros } = ledger.totals();
    const exitTaken = [...open.values()].reduce((sum, { fromExitMicros }) => sum + fromExitMicros, 0);
    const left = held ? held.micros - usedMicros : 0;
    const leftToExit = Math.min(left, held?.fromExitMicros ?? 0);
    // Overdrawn by adoption after a restart, this is below zero, and a remainder fills the hole first.
    const free = budgetMicros - exitReserveMicros - postedMicros - (pendingMicros - exitTaken);
    const entry = Math.max(0, free + left - leftToExit);
    return purpose === 'entry' ? entry : entry + exitReserveMicros - exitTaken + leftToExit;
  }

  return {
    has: (slotId) => open.has(slotId),
    take(slotId, id, micros, purpose = 'entry') {
      const free = ledger.totals().availableMicros;
      const answer = ledger.reserve(id, micros, purpose);
      if (!answer.accepted) throw exceeded(micros, answer.availableMicros);
      open.set(slotId, { id, micros, fromExitMicros: Math.max(0, micros - free) });
    },
    adopt(slotId, id, micros) {
      ledger.restore(id, micros);
      open.set(slotId, { id, micros, fromExitMicros: 0 });
    },
    assertFits(slotId, micros, usedMicros, purpose) {
      const availableMicros = availableAfter(open.get(slotId), usedMicros, purpose);
      if (micros > availableMicros) throw exceeded(micros, availableMicros);
    },
    post(slotId, usedMicros) {
      const held = open.get(slotId);
      if (!held) return 0;
      open.delete(slotId);
      return ledger.post(held.id, usedMicros).postedMicros;
    },
    release(slotId) {
      const held = open.get(slotId);
      if (!held) return;
      open.delete(slotId);
      ledger.release(held.id);
    },
    restoreExitReserve() {
      for (const [slotId, held] of open) open.set(slotId, { ...held, fromExitMicros: 0 });
    },
  };
}

/** Says what does not fit, and what would help. */
export function exceeded(wantedMicros: number, availableMicros: number): DeskError {
  const usd = (micros: number): string => `$${(micros / MICROS_PER_USD).toFixed(4)}`;
  return new DeskError(
    'BUDGET_EXCEEDED',
    `The leases need ${usd(wantedMicros)} and ${usd(availableMicros)} of today's budget is free. Deploy fewer sandboxes, pack more agents in each, or raise the budget.`,
    { wantedMicros, availableMicros },
  );
}
