// Builds the host's floors from the bottom up and ties what must flow up as calls: bars, leases, lost slots, planned ends.
import { readFileSync } from 'node:fs';
import type { Settings } from '../contract/market.ts';
import type { Journal, Native } from '../native/load.ts';
import { runnerPath } from '../native/runner-path.ts';
import { createLiveArming, type LiveArming } from './accounts/live-arming.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { DeskPaths } from './paths.ts';
import { type BacktestStore, createBacktestStore } from './research/backtest-store.ts';
import { type Backtests, createBacktests } from './research/backtests.ts';
import { createDatasetLookup } from './research/dataset-lookup.ts';
import { createDatasets, type Datasets } from './research/datasets.ts';
import { sampleFile } from './market-sources.ts';
import { createFleet, type Fleet } from './sandboxes/fleet.ts';
import { createMessageRings, type MessageRings } from './sandboxes/message-ring.ts';
import { nameDesk } from './sandboxes/name-desk.ts';
import { createTerminals, type Terminals } from './sandboxes/terminals.ts';
import { createRunnerTemplates, type RunnerTemplates } from './sandboxes/runner-templates.ts';
import { createWarmPool, type WarmPool } from './sandboxes/warm-pool.ts';
import { createMeter, type Meter } from './spend/meter.ts';
import { e2bListCard } from './spend/rate-card.ts';
import type { Store } from './store.ts';
import { type AgentVitals, createAgentVitals } from './swarm/agent-vitals.ts';
import { openLearntStates } from './swarm/learnt-states.ts';
import { prepareRunner } from './swarm/start-runner.ts';
import { stopAgent } from './swarm/stop-agents.ts';
import { createSwarm, type Swarm } from './swarm/swarm.ts';
import { createDeadMan, type DeadMan } from './trading/dead-man/dead-man.ts';
import { silenceAgents } from './trading/dead-man/silence-agents.ts';
import type { StartWatchdog } from './trading/dead-man/watchdog.ts';
import { createTrading, type Trading } from './trading/trading.ts';
import { recordFillLatency } from './watch/fill-latency.ts';
import { createLatency, type Latency } from './watch/latency.ts';

/** Five seconds after the services are up the window has drawn and agents of an earlier host are back. */
const poolCalmMs = 5_000;

export interface Floors {
  readonly latency: Latency;
  readonly vitals: AgentVitals;
  readonly meter: Meter;
  readonly arming: LiveArming;
  readonly trading: Trading;
  readonly deadMan: DeadMan;
  readonly templates: RunnerTemplates;
  readonly fleet: Fleet;
  readonly messages: MessageRings;
  readonly terminals: Terminals;
  readonly swarm: Swarm;
  readonly pool: WarmPool;
  readonly datasets: Datasets;
  readonly backtests: Backtests;
  readonly backtestStore: BacktestStore;
}

export interface FloorParts {
  readonly store: Store;
  readonly native: Native;
  readonly journal: Journal;
  readonly startWatchdog: StartWatchdog;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: () => Settings;
  readonly startedAt: number;
  readonly paths: Pick<DeskPaths, 'dataDir' | 'backtests' | 'scratch' | 'learnt'>;
}

/** Creates every floor; none of them talks to anything before the connection is opened. */
export function buildFloors(parts: FloorParts): Floors {
  const { store, native, journal, clock, log, settings, startedAt, paths } = parts;
  const latency = createLatency(native, clock);
  const vitals = createAgentVitals(clock);
  const meter = createMeter({ store, native, clock, card: e2bListCard, budget: settings });
  const arming = createLiveArming({ store, clock, limits: () => store.state().limits });
  const idPrefix = `nt-${startedAt.toString(36)}`;
  recordFillLatency(store, latency, idPrefix);
  const trading = createTrading({
    store,
    native,
    clock,
    log,
    orderPrefix: () => `${idPrefix}-${store.state().mode}`,
    mayOpen: () => arming.mayOpen() && deadMan.covers(),
    onConnecting: (account) => deadMan.watch(account),
    onBars: (bars) => swarm.forwardBars(bars),
    onSubmitted: (durationMs, failed) => latency.record('order', durationMs, failed),
  });
  const deadMan = createDeadMan({
    store,
    clock,
    trading,
    journal,
    pause,
    startWatchdog: parts.startWatchdog,
    leaseS: () => settings().deadMan.leaseS,
    onHeld: trading.rebalanceAll,
  });
  let runnerBinary: ArrayBuffer | null = null;
  const runner = (): ArrayBuffer => (runnerBinary ??= readRunner());
  const templates = createRunnerTemplates({ store, clock, settings: () => settings().sandboxes, runner });
  const fleet = createFleet({
    store,
    clock,
    log,
    meter,
    deskId: nameDesk(store, clock),
    settings: () => settings().sandboxes,
    templates,
    onOpened: (kind, durationMs, failed) => latency.record(kind, durationMs, failed),
    onLeaseRefused: (slotId, reason) => void windDown(slotId, reason),
    onSessionEnding: (slotId) => swarm.rollOver(slotId, 'session cap'),
    onGone: (slotId, reason) => swarm.loseSlot(slotId, reason),
  });
  const messages = createMessageRings(clock);
  const swarm = createSwarm({
    store,
    clock,
    log,
    fleet,
    trading,
    latency,
    vitals,
    messages,
    learnt: openLearntStates(paths.learnt, log),
    runner,
    onAgentsLost: (lost, reason) => void silenceAgents({ store, clock, trading, pause }, lost, reason),
    onPlannedEnd: (agentId) => void stopQuietly(agentId, 'planned end reached'),
  });
  const pool = createWarmPool({
    store,
    clock,
    log,
    fleet,
    meter,
    latency,
    size: () => settings().pool.size,
    calmMs: poolCalmMs,
    prepare: (sandbox, carriesRunner) =>
      prepareRunner(sandbox, runner(), carriesRunner, (run) => latency.measure('exec', run)),
  });

  const lookup = createDatasetLookup({ native, dataDir: paths.dataDir, sampleFile });
  const datasets = createDatasets({ native, lookup, store, clock, sampleFile });
  const backtestStore = createBacktestStore(paths.backtests);
  const backtests = createBacktests({
    native,
    clock,
    lookup,
    scratch: paths.scratch,
    store: backtestStore,
    onFinished: ({ id, at, strategy, status, hash, trials }) =>
      store.commit({ kind: 'BacktestFinished', at, backtestId: id, strategy, status, hash, trials }),
  });
  const terminals = createTerminals({ store, clock, log, find: (id) => fleet.find(id).sandbox });

  async function windDown(slotId: string, reason: string): Promise<void> {
    await Promise.all(swarm.agentsIn(slotId).map((agent) => stopQuietly(agent.agentId, reason)));
    await swarm
      .endSlot(slotId, reason)
      .catch((error: unknown) =>
        log.error({ err: error, slotId }, 'sandbox not ended; the reaper tries again'),
      );
  }

  async function stopQuietly(agentId: string, reason: string): Promise<void> {
    await stopAgent({ store, trading, swarm }, agentId, reason).catch((error: unknown) =>
      log.error({ err: error, agentId }, 'agent not stopped'),
    );
  }

  return {
    latency,
    vitals,
    meter,
    arming,
    trading,
    deadMan,
    templates,
    fleet,
    messages,
    terminals,
    swarm,
    pool,
    datasets,
    backtests,
    backtestStore,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    // Waiting for a broker does not keep a host from ending.
    setTimeout(resolve, ms).unref();
  });
}

function readRunner(): ArrayBuffer {
  const file = readFileSync(runnerPath());
  const copy = new ArrayBuffer(file.byteLength);
  new Uint8Array(copy).set(file);
  return copy;
}
