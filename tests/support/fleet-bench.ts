// A fleet over a provider in memory, with a real meter and ledger, on a clock that the test moves.
import { onTestFinished, vi } from 'vitest';
import type { DeskEvent } from '../../electron/contract/events.ts';
import { Settings } from '../../electron/contract/market.ts';
import type { Clock } from '../../electron/host/clock.ts';
import { createFleet, type Fleet } from '../../electron/host/sandboxes/fleet.ts';
import {
  createRunnerTemplates,
  type RunnerTemplates,
} from '../../electron/host/sandboxes/runner-templates.ts';
import { createMeter, type Meter } from '../../electron/host/spend/meter.ts';
import { e2bListCard } from '../../electron/host/spend/rate-card.ts';
import { createStore, type Store } from '../../electron/host/store.ts';
import { type Journal, loadNative } from '../../electron/native/load.ts';
import { createFakeProvider, type FakeProvider } from './fake-sandbox-provider.ts';

export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const testClock: Clock = { now: () => Date.now(), monotonicMs: () => performance.now() };

export interface FleetBench {
  readonly store: Store;
  readonly meter: Meter;
  readonly fleet: Fleet;
  readonly templates: RunnerTemplates;
  readonly provider: FakeProvider;
  /** Every event so far. */
  readonly events: DeskEvent[];
  readonly refused: [slotId: string, reason: string][];
  readonly gone: string[];
  readonly opened: string[];
  readonly settings: Settings;
  onSessionEnding: (slotId: string) => Promise<void>;
  /** Reserves and opens. */
  start(count?: number): Promise<string[]>;
  /** Another host on the same record and the same provider. */
  restart(changes?: { readonly runner?: string }): FleetBench;
}

/** Sets the bench up under fake timers; it is taken down when the test ends. */
export function createFleetBench(
  sandboxes: Partial<Settings['sandboxes']> = {},
  budgetMicros = 5_000_000,
): FleetBench {
  vi.useFakeTimers({ now: Date.UTC(2026, 2, 2, 12) });
  onTestFinished(() => void vi.useRealTimers());
  const provider = createFakeProvider(() => Date.now());
  const settings = Settings.parse({ budgetMicros, timeZone: 'UTC', sandboxes });
  return assemble(provider, settings, []);
}

function assemble(
  provider: FakeProvider,
  settings: Settings,
  past: readonly DeskEvent[],
  runnerText = 'runner 1',
): FleetBench {
  const native = loadNative();
  const store = createStore(memoryJournal(past), silent, () => undefined);
  const events: DeskEvent[] = [...past];
  store.follow(({ event }) => events.push(event));
  const meter = createMeter({
    store,
    native,
    clock: testClock,
    card: e2bListCard,
    budget: () => settings,
  });
  meter.rollDay();
  const templates = createRunnerTemplates({
    store,
    clock: testClock,
    settings: () => settings.sandboxes,
    runner: () => new TextEncoder().encode(runnerText).buffer,
  });
  const bench: FleetBench = {
    store,
    meter,
    templates,
    provider,
    events,
    refused: [],
    gone: [],
    opened: [],
    settings,
    onSessionEnding: () => Promise.resolve(),
    fleet: createFleet({
      store,
      clock: testClock,
      log: silent,
      meter,
      deskId: 'desk-test',
      settings: () => settings.sandboxes,
      templates,
      onOpened: (kind, _durationMs, failed) => bench.opened.push(failed ? `${kind} failed` : kind),
      onLeaseRefused: (slotId, reason) => bench.refused.push([slotId, reason]),
      onSessionEnding: (slotId) => bench.onSessionEnding(slotId),
      onGone: (slotId) => bench.gone.push(slotId),
    }),
    async start(count = 1) {
      const slotIds = bench.fleet.reserve(count, 'base');
      await Promise.all(slotIds.map((slotId) => bench.fleet.open(slotId)));
      return slotIds;
    },
    restart({ runner = runnerText } = {}) {
      bench.fleet.close();
      return assemble(provider, bench.settings, events, runner);
    },
  };
  bench.fleet.setProvider(provider);
  onTestFinished(() => bench.fleet.close());
  return bench;
}

function memoryJournal(past: readonly DeskEvent[]): Journal {
  const rows = past.map((event, index) => ({ seq: index + 1, payload: JSON.stringify(event) }));
  const journal: Pick<Journal, 'append' | 'scan'> = {
    append: () => Promise.resolve(0),
    scan: (after, limit) => rows.slice(after, after + limit),
  };
  return journal as Journal;
}
