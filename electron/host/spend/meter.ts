// Meters what sandboxes cost and admits new ones only if their whole lease fits the day's budget.
// The native ledger decides; events record; a crash may overcount, never undercount.
import { DeskError } from '../../contract/errors.ts';
import { MICROS_PER_USD } from '../../contract/money.ts';
import type { Sandbox } from '../../contract/state.ts';
import type { Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import { type BudgetDay, budgetDay } from './budget-day.ts';
import { costMicros, type RateCard, type SandboxSize } from './rate-card.ts';

/** Share of the budget that only winding down may use. */
const exitReserveShare = 0.05;
/** Charged beyond the lease: a provider takes a moment to end a sandbox. */
const graceMs = 5_000;

export interface Meter {
  readonly card: RateCard;
  /** Reserves the price of each slot's lease, all or none. Throws BUDGET_EXCEEDED. Returns micro-dollars a slot. */
  reserve(slotIds: readonly string[], size: SandboxSize, leaseMs: number): number;
  /**
   * Swaps a slot's reservation for a new lease's, posting what was used; what the old one gives back counts as free.
   * An exit may use the exit reserve. Throws BUDGET_EXCEEDED and keeps the old one.
   */
  renew(
    slot: Sandbox,
    leaseMs: number,
    purpose?: 'entry' | 'exit',
  ): { postedMicros: number; reservedMicros: number };
  /** Posts what a slot has used and gives the rest back. Returns the posted micro-dollars. */
  settle(slot: Sandbox): number;
  /** Gives a reservation back unused. */
  release(slotId: string): void;
  usedMicros(slot: Sandbox): number;
  leaseMicros(size: SandboxSize, leaseMs: number): number;
  accruedMicros(): number;
  availableMicros(): number;
  ratePerHourMicros(): number;
  /** Starts a new budget day when the date has changed or the budget was edited. */
  rollDay(): void;
}

/** An open reservation in the ledger. */
interface Held {
  readonly id: string;
  readonly micros: number;
  /** The part that came out of the exit reserve and goes back there. */
  readonly fromExitMicros: number;
}

export interface MeterParts {
  readonly store: Store;
  readonly native: Native;
  readonly clock: Clock;
  readonly card: RateCard;
  readonly budget: () => { readonly budgetMicros: number; readonly timeZone: string };
}

/** Creates the meter and adopts what the journal says is reserved and posted. */
export function createMeter({ store, native, clock, card, budget }: MeterParts): Meter {
  const { spend } = store.state();
  const ledger = new native.SpendLedger(spend.budgetMicros, spend.exitReserveMicros);
  ledger.restorePosted(spend.postedMicros);
  const open = new Map<string, Held>();
  let lastDay: (BudgetDay & { readonly timeZone: string }) | null = null;
  adoptReservations();

  /** Finding the day's limits is slow and this is asked every second. */
  function today(timeZone: string): BudgetDay {
    const now = clock.now();
    if (lastDay?.timeZone === timeZone && now >= lastDay.startAt && now < lastDay.endAt) return lastDay;
    lastDay = { ...budgetDay(now, timeZone), timeZone };
    return lastDay;
  }

  function leaseMicros(size: SandboxSize, leaseMs: number): number {
    return costMicros(card, size, leaseMs + graceMs);
  }

  function take(slotId: string, id: string, micros: number, purpose: 'entry' | 'exit' = 'entry'): void {
    const free = ledger.totals().availableMicros;
    const answer = ledger.reserve(id, micros, purpose);
    if (!answer.accepted) throw exceeded(micros, answer.availableMicros);
    open.set(slotId, { id, micros, fromExitMicros: Math.max(0, micros - free) });
  }

  /** What a new reservation could take if `held` were posted with `usedMicros` first; the ledger only tells of now. */
  function availableAfter(held: Held | undefined, usedMicros: number, purpose: 'entry' | 'exit'): number {
    const { budgetMicros, exitReserveMicros, postedMicros, pendingMicros } = ledger.totals();
    const exitTaken = [...open.values()].reduce((sum, { fromExitMicros }) => sum + fromExitMicros, 0);
    const left = held ? held.micros - usedMicros : 0;
    const leftToExit = Math.min(left, held?.fromExitMicros ?? 0);
    // Overdrawn by adoption after a restart, this is below zero, and a remainder fills the hole first.
    const free = budgetMicros - exitReserveMicros - postedMicros - (pendingMicros - exitTaken);
    const entry = Math.max(0, free + left - leftToExit);
    return purpose === 'entry' ? entry : entry + exitReserveMicros - exitTaken + leftToExit;
  }

  function usedMicros(slot: Sandbox): number {
    if (slot.createdAt === null || slot.endedAt !== null) return 0;
    return Math.min(slot.reservedMicros, costMicros(card, slot, clock.now() - slot.meteredFrom));
  }

  function finish(slot: Sandbox): number {
    const held = open.get(slot.slotId);
    if (!held) return 0;
    open.delete(slot.slotId);
    return ledger.post(held.id, usedMicros(slot)).postedMicros;
  }

  function alive(): Sandbox[] {
    return Object.values(store.state().sandboxes).filter(
      (slot) => slot.createdAt !== null && slot.endedAt === null && slot.phase !== 'paused',
    );
  }

  /** Posts to the old day what running sandboxes used of it; the rest of each lease is reserved from the new one. */
  function splitAtMidnight(): void {
    const at = clock.now();
    for (const slot of alive()) {
      if (slot.sandboxId === null || slot.leaseEndsAt === null) continue;
      const postedMicros = finish(slot);
      const reservedMicros = leaseMicros(slot, slot.leaseEndsAt - at);
      store.commit({
        kind: 'SandboxLeaseRenewed',
        at,
        sandboxId: slot.sandboxId,
        leaseEndsAt: slot.leaseEndsAt,
        reservedMicros,
        postedMicros,
      });
    }
  }

  function adoptReservations(): void {
    for (const slot of Object.values(store.state().sandboxes)) {
      if (slot.reservedMicros === 0 || open.has(slot.slotId)) continue;
      const id = reservationId(slot.slotId, slot.meteredFrom);
      ledger.restore(id, slot.reservedMicros);
      open.set(slot.slotId, { id, micros: slot.reservedMicros, fromExitMicros: 0 });
    }
  }

  return {
    card,
    leaseMicros,
    usedMicros,
    reserve(slotIds, size, leaseMs) {
      const amountMicros = leaseMicros(size, leaseMs);
      const total = amountMicros * slotIds.length;
      const { availableMicros } = ledger.totals();
      if (total > availableMicros) throw exceeded(total, availableMicros);
      for (const slotId of slotIds) take(slotId, reservationId(slotId, clock.now()), amountMicros);
      return amountMicros;
    },
    renew(slot, leaseMs, purpose = 'entry') {
      const reservedMicros = leaseMicros(slot, leaseMs);
      const availableMicros = availableAfter(open.get(slot.slotId), usedMicros(slot), purpose);
      if (reservedMicros > availableMicros) throw exceeded(reservedMicros, availableMicros);
      const postedMicros = finish(slot);
      take(slot.slotId, `${reservationId(slot.slotId, clock.now())}-renewed`, reservedMicros, purpose);
      return { postedMicros, reservedMicros };
    },
    settle: finish,
    release(slotId) {
      const held = open.get(slotId);
      if (!held) return;
      open.delete(slotId);
      ledger.release(held.id);
    },
    accruedMicros: () =>
      alive().reduce((sum, slot) => sum + usedMicros(slot), store.state().spend.postedMicros),
    availableMicros: () => ledger.totals().availableMicros,
    ratePerHourMicros: () => alive().reduce((sum, slot) => sum + costMicros(card, slot, 3_600_000), 0),
    rollDay() {
      const { budgetMicros, timeZone } = budget();
      const { day } = today(timeZone);
      const known = store.state().spend;
      if (known.day === day && known.budgetMicros === budgetMicros) return;
      const exitReserveMicros = Math.floor(budgetMicros * exitReserveShare);
      const newDay = known.day !== day;
      if (newDay) splitAtMidnight();
      store.commit({ kind: 'BudgetDayStarted', at: clock.now(), day, budgetMicros, exitReserveMicros });
      ledger.startDay(budgetMicros, exitReserveMicros);
      // The new exit reserve is whole: open reservations count against the budget from here on.
      for (const [slotId, held] of open) open.set(slotId, { ...held, fromExitMicros: 0 });
      if (!newDay) ledger.restorePosted(known.postedMicros);
      if (newDay) adoptReservations();
    },
  };
}

function reservationId(slotId: string, at: number): string {
  return `${slotId}@${at}`;
}

function exceeded(wantedMicros: number, availableMicros: number): DeskError {
  const usd = (micros: number): string => `$${(micros / MICROS_PER_USD).toFixed(4)}`;
  return new DeskError(
    'BUDGET_EXCEEDED',
    `The leases need ${usd(wantedMicros)} and ${usd(availableMicros)} of today's budget is free. Deploy fewer sandboxes, pack more agents in each, or raise the budget.`,
    { wantedMicros, availableMicros },
  );
}
