// A host's fleet, warm pool and meter over a journal and a provider that outlive it, and somebody who uses them as the swarm does.
import type { Settings } from '../../electron/contract/market.ts';
import { DeskError } from '../../electron/contract/errors.ts';
import type { Clock } from '../../electron/host/clock.ts';
import { createFleet, type Fleet } from '../../electron/host/sandboxes/fleet.ts';
import { createRunnerTemplates } from '../../electron/host/sandboxes/runner-templates.ts';
import { createWarmPool, type WarmPool } from '../../electron/host/sandboxes/warm-pool.ts';
import { createMeter } from '../../electron/host/spend/meter.ts';
import { e2bListCard } from '../../electron/host/spend/rate-card.ts';
import { createStore, type Store } from '../../electron/host/store.ts';
import { createLatency } from '../../electron/host/watch/latency.ts';
import { loadNative, type Native } from '../../electron/native/load.ts';
import type { CrashingJournal } from '../support/crashing-journal.ts';
import { silent } from '../support/fleet-bench.ts';
import type { TroubledProvider } from '../support/troubled-provider.ts';

export const deskId = 'desk-test';
/** Why a user of the fleet ends a slot that was not opened for it. */
export const notOpened = 'not opened';
type Ledger = InstanceType<Native['SpendLedger']>;

export interface FleetDesk {
  readonly store: Store;
  readonly fleet: Fleet;
  readonly pool: WarmPool;
  readonly ledger: Ledger;
  /** How many times each of this host's reservations was ended. */
  readonly endings: ReadonlyMap<string, number>;
  /** Failures that a user of the fleet was told. */
  readonly failures: readonly { readonly slotId: string; readonly error: unknown }[];
  deploy(count: number): Promise<void>;
  die(): void;
}

export interface FleetDeskParts {
  readonly clock: Clock;
  readonly journal: CrashingJournal;
  readonly provider: TroubledProvider;
  readonly settings: () => Settings;
  readonly preparesWell: () => boolean;
  /** Slots that take over from others are added: the limit does not count them. */
  readonly successors: Set<string>;
}

/** Starts a host's part; what ran before it is found by the first reaping. */
export function startFleetDesk(parts: FleetDeskParts): FleetDesk {
  const { clock, settings, successors } = parts;
  let dead = false;
  const isDead = (): boolean => dead;
  const endings = new Map<string, number>();
  const ledgers: Ledger[] = [];
  const native = spiedLedger(endings, ledgers);
  const store = createStore(parts.journal.connection(isDead), silent, () => undefined);
  const failures: { slotId: string; error: unknown }[] = [];
  const meter = createMeter({ store, native, clock, card: e2bListCard, budget: settings });
  meter.rollDay();
  const sandboxes = (): Settings['sandboxes'] => settings().sandboxes;
  const templates = createRunnerTemplates({
    store,
    clock,
    settings: sandboxes,
    runner: () => new ArrayBuffer(0),
  });
  const fleet = createFleet({
    store,
    clock,
    log: silent,
    meter,
    deskId,
    settings: sandboxes,
    templates,
    onOpened: () => undefined,
    onLeaseRefused: (slotId, reason) => void endQuietly(slotId, reason),
    onSessionEnding: rollOver,
    onGone: (slotId, reason) => void endQuietly(slotId, reason),
  });
  const pool = createWarmPool({
    store,
    clock,
    log: silent,
    fleet,
    meter,
    latency: createLatency(native, clock),
    size: () => settings().pool.size,
    calmMs: 0,
    async prepare() {
      if (!parts.preparesWell()) throw new DeskError('SANDBOX_UNAVAILABLE', 'the runner does not start');
    },
  });
  fleet.setProvider(parts.provider.connection(isDead));
  void fleet.reap().catch(() => undefined);

  async function openOrEnd(slotId: string): Promise<void> {
    try {
      await fleet.open(slotId);
    } catch (error) {
      failures.push({ slotId, error });
      await endQuietly(slotId, notOpened);
      throw error;
    }
  }

  async function endQuietly(slotId: string, reason: string): Promise<void> {
    await fleet.end(slotId, reason).catch(() => undefined);
  }

  async function rollOver(slotId: string): Promise<void> {
    const [successor = ''] = fleet.reserve(1, 'base', { warm: true, successor: true });
    successors.add(successor);
    await openOrEnd(successor);
    await fleet.end(slotId, 'session cap');
  }

  const [ledger] = ledgers;
  if (!ledger) throw new Error('the meter opened no ledger');
  return {
    store,
    fleet,
    pool,
    ledger,
    endings,
    failures,
    async deploy(count) {
      const slotIds = fleet.reserve(count, fleet.runnerTemplate(), { warm: true });
      await Promise.allSettled(slotIds.map(openOrEnd));
    },
    die() {
      dead = true;
      fleet.close();
      pool.close();
    },
  };
}

/** The real ledger; counts how often each reservation ends. */
function spiedLedger(endings: Map<string, number>, ledgers: Ledger[]): Native {
  const native = loadNative();
  const counted = (id: string): void => void endings.set(id, (endings.get(id) ?? 0) + 1);
  function SpendLedger(budgetMicros: number, exitReserveMicros: number): Ledger {
    const ledger = new native.SpendLedger(budgetMicros, exitReserveMicros);
    const { post, release } = ledger;
    ledgers.push(ledger);
    return Object.assign(ledger, {
      post(id: string, usedMicros: number) {
        counted(id);
        return post.call(ledger, id, usedMicros);
      },
      release(id: string) {
        counted(id);
        return release.call(ledger, id);
      },
    });
  }
  return { ...native, SpendLedger: SpendLedger as unknown as Native['SpendLedger'] };
}
