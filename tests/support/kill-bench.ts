// The trading bench with a swarm and sandboxes around it: what a stop or a kill has to take down.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { Settings } from '../../electron/contract/market.ts';
import type { KillReceipt } from '../../electron/contract/state.ts';
import { createRunnerTemplates } from '../../electron/host/sandboxes/runner-templates.ts';
import { createFleet, type Fleet } from '../../electron/host/sandboxes/fleet.ts';
import { createMessageRings } from '../../electron/host/sandboxes/message-ring.ts';
import { createMeter } from '../../electron/host/spend/meter.ts';
import { e2bListCard } from '../../electron/host/spend/rate-card.ts';
import { createAgentVitals } from '../../electron/host/swarm/agent-vitals.ts';
import { kill, type KillOrder, type KillParts } from '../../electron/host/swarm/kill.ts';
import { openLearntStates } from '../../electron/host/swarm/learnt-states.ts';
import { createSwarm, type Swarm } from '../../electron/host/swarm/swarm.ts';
import { createLatency } from '../../electron/host/watch/latency.ts';
import { loadNative } from '../../electron/native/load.ts';
import { createFakeProvider, type FakeProvider } from './fake-sandbox-provider.ts';
import { silent, testClock } from './fleet-bench.ts';
import { createTradingBench, type TradingBench } from './trading-bench.ts';

export interface KillBench extends TradingBench {
  readonly fleet: Fleet;
  readonly swarm: Swarm;
  readonly provider: FakeProvider;
  readonly parts: KillParts & { readonly fleet: Fleet; readonly swarm: Swarm };
  /** Agents whose runner was lost, as they were before, and why. */
  readonly lost: string[];
  /** Opens a sandbox and deploys an agent in it. */
  deployIn(agentId: string, symbols?: string[]): Promise<string>;
  /** Brings an agent to a position at the broker. */
  hold(agentId: string, symbol: string, count: number): Promise<void>;
  /** Runs a kill while time passes, at most a minute. */
  kill(order?: Partial<KillOrder>): Promise<KillReceipt>;
}

/** Connects the bench; everything is taken down when the test ends. */
export async function createKillBench(): Promise<KillBench> {
  const bench = createTradingBench();
  const { store, trading } = bench;
  const native = loadNative();
  const settings = Settings.parse({ timeZone: 'UTC' });
  const lost: string[] = [];
  const provider = createFakeProvider(() => Date.now());
  const meter = createMeter({ store, native, clock: testClock, card: e2bListCard, budget: () => settings });
  meter.rollDay();
  const templates = createRunnerTemplates({
    store,
    clock: testClock,
    settings: () => settings.sandboxes,
    runner: () => new ArrayBuffer(0),
  });
  const fleet = createFleet({
    templates,
    store,
    clock: testClock,
    log: silent,
    meter,
    deskId: 'desk-test',
    settings: () => settings.sandboxes,
    onOpened: () => undefined,
    onLeaseRefused: () => undefined,
    onSessionEnding: () => Promise.resolve(),
    onGone: () => undefined,
  });
  fleet.setProvider(provider);
  const swarm = createSwarm({
    store,
    clock: testClock,
    log: silent,
    fleet,
    trading,
    latency: createLatency(native, testClock),
    vitals: createAgentVitals(testClock),
    messages: createMessageRings(testClock),
    learnt: openLearntStates(join(tmpdir(), 'no-learnt-states'), silent),
    runner: () => new ArrayBuffer(0),
    onAgentsLost: (agents, reason) =>
      lost.push(...agents.map((agent) => `${agent.agentId}, ${agent.phase}: ${reason}`)),
    onPlannedEnd: () => undefined,
  });
  onTestFinished(async () => {
    fleet.close();
    await swarm.close();
  });
  await bench.connect();
  const parts = { native, store, clock: testClock, log: silent, trading, fleet, swarm };

  return {
    ...bench,
    fleet,
    swarm,
    provider,
    parts,
    lost,
    async deployIn(agentId, symbols = ['AAPL']) {
      const [slotId] = fleet.reserve(1, 'base');
      if (slotId === undefined) throw new Error('no slot');
      await fleet.open(slotId);
      bench.deploy(agentId, symbols, slotId);
      return slotId;
    },
    async hold(agentId, symbol, count) {
      const before = bench.broker.fillTicks;
      bench.broker.fillTicks = 1_000_000;
      bench.quote(symbol, 999_900, 1_000_100);
      await bench.target(agentId, symbol, count);
      await bench.pass(600);
      bench.broker.fillTicks = before;
    },
    async kill(order = {}) {
      const running = kill(parts, {
        scope: 'all',
        policy: 'flatten',
        reason: 'test',
        actor: 'cli',
        ...order,
      });
      await vi.advanceTimersByTimeAsync(60_000);
      return running;
    },
  };
}
