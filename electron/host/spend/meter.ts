// Meters what sandboxes cost and admits new ones only if their whole lease fits the day's budget.
// The native ledger decides; events record; a crash may overcount, never undercount.
import type { Sandbox } from '../../contract/state.ts';
import type { Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import { type BudgetDay, budgetDay } from './budget-day.ts';
import { costMicros, type RateCard, type SandboxSize } from './rate-card.ts';
import { createReservations, exceeded, type Purpose } from './reservations.ts';

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
  renew(slot: Sandbox, leaseMs: number, purpose?: Purpose): { postedMicros: number; reservedMicros: number };
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
  const reservations = createReservations(ledger);
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

  function usedMicros(slot: Sandbox): number {
    if (slot.createdAt === null || slot.endedAt !== null) return 0;
    return Math.min(slot.reservedMicros, costMicros(card, slot, clock.now() - slot.meteredFrom));
  }

  function finish(slot: Sandbox): number {
    return reservations.post(slot.slotId, usedMicros(slot));
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
      const { slotId, meteredFrom, reservedMicros } = slot;
      if (reservedMicros === 0 || reservations.has(slotId)) continue;
      reservations.adopt(slotId, reservationId(slotId, meteredFrom), reservedMicros);
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
      for (const slotId of slotIds)
        reservations.take(slotId, reservationId(slotId, clock.now()), amountMicros);
      return amountMicros;
    },
    renew(slot, leaseMs, purpose = 'entry') {
      const reservedMicros = leaseMicros(slot, leaseMs);
      reservations.assertFits(slot.slotId, reservedMicros, usedMicros(slot), purpose);
      const postedMicros = finish(slot);
      const id = `${reservationId(slot.slotId, clock.now())}-renewed`;
      reservations.take(slot.slotId, id, reservedMicros, purpose);
      return { postedMicros, reservedMicros };
    },
    settle: finish,
    release: reservations.release,
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
      reservations.restoreExitReserve();
      if (!newDay) ledger.restorePosted(known.postedMicros);
      if (newDay) adoptReservations();
    },
  };
}

function reservationId(slotId: string, at: number): string {
  return `${slotId}@${at}`;
}
