// Decides which slots a deployment gets, warm ones first, and puts their leases on record, all or none.
import { randomBytes } from 'node:crypto';
import { DeskError } from '../../contract/errors.ts';
import type { Settings } from '../../contract/market.ts';
import type { Sandbox } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Meter } from '../spend/meter.ts';
import type { SandboxSize } from '../spend/rate-card.ts';
import type { Store } from '../store.ts';
import type { SlotsInHand } from './slots-in-hand.ts';

export interface ReserveOptions {
  /** Warm sandboxes may be taken. */
  readonly warm?: boolean;
  /** Takes over from a sandbox that ends, so it is not counted against the limit. */
  readonly successor?: boolean;
}

export interface ReservationParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly settings: () => Settings['sandboxes'];
  readonly opened: ReadonlyMap<string, unknown>;
  readonly inHand: SlotsInHand;
  /** Slots that carry the runner; taken warm ones are added. */
  readonly prepared: Set<string>;
}

/** Creates the function that reserves. It throws BUDGET_EXCEEDED or QUOTA_EXCEEDED and then has changed nothing. */
export function createReservations(
  parts: ReservationParts,
): (count: number, template: string, options?: ReserveOptions) => string[] {
  const { store, clock, meter, opened, inHand, prepared } = parts;

  function alive(): Sandbox[] {
    return Object.values(store.state().sandboxes).filter((slot) => slot.endedAt === null);
  }

  /** Whatever they were made from, all of them carry the runner. */
  function isTakeable(slot: Sandbox, size: SandboxSize): boolean {
    if (!slot.pooled || inHand.has(slot.slotId)) return false;
    if (slot.cpuCount !== size.cpuCount || slot.memoryMb !== size.memoryMb) return false;
    return slot.phase === 'paused' || (prepared.has(slot.slotId) && opened.has(slot.slotId));
  }

  function assertRoom(count: number): void {
    const { limit } = parts.settings();
    const running = alive().filter((slot) => slot.phase !== 'paused').length;
    if (running + count <= limit) return;
    throw new DeskError(
      'QUOTA_EXCEEDED',
      `${count} more sandboxes on top of ${running} pass the limit of ${limit}. Pack more agents in each or stop some.`,
      { count, alive: running, limit },
    );
  }

  return (count, template, { warm = false, successor = false } = {}) => {
    const { leaseMs, cpuCount, memoryMb } = parts.settings();
    const size = { cpuCount, memoryMb };
    const pooled = warm ? alive().filter((slot) => isTakeable(slot, size)) : [];
    const running = pooled.filter((slot) => slot.phase === 'ready').slice(0, count);
    const paused = pooled.filter((slot) => slot.phase === 'paused').slice(0, count - running.length);
    const taken = [...running, ...paused].map((slot) => slot.slotId);
    const fresh = Array.from(
      { length: count - taken.length },
      () => `slot-${randomBytes(5).toString('hex')}`,
    );
    if (!successor) assertRoom(paused.length + fresh.length);
    const pausedIds = paused.map((slot) => slot.slotId);
    const reservedMicros = meter.reserve([...pausedIds, ...fresh], size, leaseMs);
    const at = clock.now();
    for (const slotId of taken) {
      prepared.add(slotId);
      store.commit({ kind: 'SandboxPooled', at, slotId, pooled: false });
    }
    // On record as running from here: a crash before the provider hears of it overcounts, never undercounts.
    for (const slotId of pausedIds)
      store.commit({ kind: 'SandboxResumed', at, slotId, leaseEndsAt: at + leaseMs, reservedMicros });
    for (const slotId of fresh)
      store.commit({ kind: 'SandboxRequested', at, slotId, template, ...size, reservedMicros });
    for (const slotId of [...pausedIds, ...fresh]) inHand.take(slotId, 'reserved');
    return [...taken, ...fresh];
  };
}
