// Keeps leases and sessions: renews each lease at half time, and asks for a successor before the plan's session cap.
import { DeskError } from '../../contract/errors.ts';
import type { Settings } from '../../contract/market.ts';
import type { Sandbox } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../spend/meter.ts';
import type { Store } from '../store.ts';
import type { FleetSandbox } from './provider.ts';

const longestLeadMs = 300_000;
/** The shortest gain that is worth a renewal. */
const leastGainMs = 1_000;
/** While a slot is wound down its lease is kept in short pieces, so that the exit reserve lasts. */
const exitLeaseMs = 60_000;
const exitLeadMs = 15_000;

export interface Leases {
  /** Looks at every running sandbox once. */
  tick(): void;
}

export interface LeaseParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly settings: () => Settings['sandboxes'];
  readonly sandboxOf: (slotId: string) => FleetSandbox | undefined;
  /** Another lease was refused, or no successor could be found: wind the slot down before the provider ends it. */
  readonly onLeaseRefused: (slotId: string, reason: string) => void;
  /** The session nears its cap: hand the agents to a successor. Rejects when that failed. */
  readonly onSessionEnding: (slotId: string) => Promise<void>;
}

/** Time before the session's cap at which a successor is sought: a sixth of it, five minutes at most. */
export function rollOverLeadMs(maxSessionMs: number): number {
  return Math.min(longestLeadMs, maxSessionMs / 6);
}

/** Creates the keeper; it acts at each tick only. */
export function createLeases(parts: LeaseParts): Leases {
  const { store, clock, log, meter } = parts;
  const busy = new Set<string>();
  const nextRollOver = new Map<string, number>();
  /** Slots whose new lease is on record and has not reached the provider. */
  const owed = new Set<string>();
  /** Slots whose end was asked for; what they still need comes out of the exit reserve. */
  const windingDown = new Set<string>();

  function tick(): void {
    const slots = Object.values(store.state().sandboxes).filter((slot) => slot.phase === 'ready');
    for (const slot of slots) {
      if (busy.has(slot.slotId)) continue;
      keepSession(slot);
      if (isRenewalDue(slot)) start(slot.slotId, () => renew(slot));
      else if (owed.has(slot.slotId)) start(slot.slotId, () => extend(slot.slotId));
    }
    const known = new Set(slots.map((slot) => slot.slotId));
    for (const slotId of [...nextRollOver.keys(), ...owed, ...windingDown]) {
      if (known.has(slotId)) continue;
      nextRollOver.delete(slotId);
      owed.delete(slotId);
      windingDown.delete(slotId);
    }
  }

  function start(slotId: string, run: () => Promise<void>): void {
    busy.add(slotId);
    void run().finally(() => busy.delete(slotId));
  }

  function sessionEndsAt(slot: Sandbox): number {
    return (slot.sessionStartedAt ?? clock.now()) + parts.settings().maxSessionMs;
  }

  function newLeaseMs(slot: Sandbox): number {
    const { leaseMs } = parts.settings();
    const wantedMs = windingDown.has(slot.slotId) ? Math.min(exitLeaseMs, leaseMs) : leaseMs;
    return Math.min(wantedMs, sessionEndsAt(slot) - clock.now());
  }

  function isRenewalDue(slot: Sandbox): boolean {
    if (slot.leaseEndsAt === null) return false;
    const leftMs = slot.leaseEndsAt - clock.now();
    const leadMs = windingDown.has(slot.slotId) ? exitLeadMs : parts.settings().leaseMs / 2;
    return leftMs <= leadMs && newLeaseMs(slot) - leftMs >= leastGainMs;
  }

  async function renew(slot: Sandbox): Promise<void> {
    const sandboxId = slot.sandboxId;
    if (sandboxId === null || !parts.sandboxOf(slot.slotId)) return;
    const leaseMs = newLeaseMs(slot);
    const purpose = windingDown.has(slot.slotId) ? 'exit' : 'entry';
    try {
      const { postedMicros, reservedMicros } = meter.renew(slot, leaseMs, purpose);
      const at = clock.now();
      const leaseEndsAt = Math.round(at + leaseMs);
      store.commit({ kind: 'SandboxLeaseRenewed', at, sandboxId, leaseEndsAt, reservedMicros, postedMicros });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ err: error, slotId: slot.slotId }, 'lease not renewed');
      if (error instanceof DeskError && error.code === 'BUDGET_EXCEEDED') windDown(slot.slotId, reason);
      return;
    }
    owed.add(slot.slotId);
    await extend(slot.slotId);
  }

  function windDown(slotId: string, reason: string): void {
    if (windingDown.has(slotId)) return;
    windingDown.add(slotId);
    parts.onLeaseRefused(slotId, reason);
  }

  /** The provider's own timeout follows the reservation; a failed call is repeated at the next tick. */
  async function extend(slotId: string): Promise<void> {
    const { leaseEndsAt } = store.state().sandboxes[slotId] ?? { leaseEndsAt: null };
    const sandbox = parts.sandboxOf(slotId);
    if (leaseEndsAt === null || !sandbox) return;
    try {
      await sandbox.extend(Math.max(1, leaseEndsAt - clock.now()));
      owed.delete(slotId);
    } catch (error) {
      log.warn({ err: error, slotId }, 'the provider did not extend the lease yet');
    }
  }

  function keepSession(slot: Sandbox): void {
    const leadMs = rollOverLeadMs(parts.settings().maxSessionMs);
    const leftMs = sessionEndsAt(slot) - clock.now();
    if (leftMs > leadMs || clock.now() < (nextRollOver.get(slot.slotId) ?? 0)) return;
    nextRollOver.set(slot.slotId, Infinity);
    void rollOver(slot.slotId, leadMs);
  }

  async function rollOver(slotId: string, leadMs: number): Promise<void> {
    try {
      await parts.onSessionEnding(slotId);
    } catch (error) {
      const slot = store.state().sandboxes[slotId];
      if (slot?.phase !== 'ready') return;
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ err: error, slotId }, 'no successor before the session cap');
      if (sessionEndsAt(slot) - clock.now() <= leadMs / 3)
        windDown(slotId, `the session cap is near and there is no successor: ${reason}`);
      else nextRollOver.set(slotId, clock.now() + leadMs / 4);
    }
  }

  return { tick };
}
