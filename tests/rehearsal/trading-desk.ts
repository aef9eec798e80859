// A host's trading floor over a journal and a broker that outlive it, and somebody who uses it as the swarm does.
import { type AgentPhase, isAlive } from '../../electron/contract/agent-phase.ts';
import type { DeskEvent } from '../../electron/contract/events.ts';
import type { LimitName } from '../../electron/contract/limit-catalogue.ts';
import { changedLimits } from '../../electron/contract/limits.ts';
import type { KillScope } from '../../electron/contract/kill-scope.ts';
import { latchOf } from '../../electron/contract/latches.ts';
import type { KillPolicy } from '../../electron/contract/names.ts';
import type { KillReceipt } from '../../electron/contract/state.ts';
import type { Clock } from '../../electron/host/clock.ts';
import { createStore, type Store } from '../../electron/host/store.ts';
import { kill, type KillParts } from '../../electron/host/swarm/kill.ts';
import { takeOverAfterCrash } from '../../electron/host/swarm/take-over.ts';
import { acknowledgeDiscrepancy } from '../../electron/host/trading/reconcile/discrepancy.ts';
import { createTrading, type Trading } from '../../electron/host/trading/trading.ts';
import { loadNative } from '../../electron/native/load.ts';
import { agentDeployed } from '../support/build-events.ts';
import type { CrashingJournal } from '../support/crashing-journal.ts';
import { silent } from '../support/fleet-bench.ts';
import { tradedSymbols, type TroubledBroker } from '../support/troubled-broker.ts';

export interface TradingDesk {
  readonly store: Store;
  readonly trading: Trading;
  /** What a runner's target does. */
  want(agentId: string, symbol: string, qtyNanos: number): void;
  /** Winds one agent down as a stop does. */
  stop(agentId: string): void;
  kill(scope: KillScope, policy: KillPolicy): Promise<KillReceipt>;
  /** Releases what finished kills have latched; their agents run again. */
  rearm(): void;
  /** Takes the broker's version over where the desk cannot explain it. */
  acknowledge(): void;
  block(): void;
  unblock(): void;
  /** Gives the broker's connection up and makes another. */
  reconnect(): void;
  die(): void;
}

export interface TradingDeskParts {
  readonly clock: Clock;
  readonly journal: CrashingJournal;
  readonly broker: TroubledBroker;
  /** In USD. */
  readonly limits: Readonly<Partial<Record<LimitName, number>>>;
  /** Counts the hosts of a plan. */
  readonly run: number;
  readonly agentIds: readonly string[];
  /** Hears each event after it was folded, until the host is dead. */
  readonly onEvent: (event: DeskEvent, store: Store) => void;
}

const firstRetryMs = 500;
const lastRetryMs = 10_000;

/** Starts a host's part and goes on connecting until it is connected. */
export function startTradingDesk({
  clock,
  journal,
  broker,
  limits,
  run,
  agentIds,
  onEvent,
}: TradingDeskParts): TradingDesk {
  let dead = false;
  const isDead = (): boolean => dead;
  const store = createStore(journal.connection(isDead), silent, () => undefined);
  store.follow(({ event }) => {
    // What a dead host still does in its own memory is nobody's truth.
    if (!dead) onEvent(event, store);
  });
  const changes = changedLimits(store.state().limits, limits);
  if (changes.length > 0)
    store.commit({ kind: 'LimitsChanged', at: clock.now(), actor: 'cli', mode: 'demo', changes });
  const native = loadNative();
  const trading = createTrading(
    {
      store,
      native,
      clock,
      log: silent,
      orderPrefix: () => `nt-${run}`,
      mayOpen: () => true,
      onBars: () => undefined,
      onSubmitted: () => undefined,
    },
    async (options) => broker.session(options, isDead),
  );
  let connection = 0;

  async function connect(mine: number, retryMs: number): Promise<void> {
    if (dead || mine !== connection) return;
    const at = clock.now();
    store.commit({
      kind: 'MarketOpened',
      at,
      source: 'simulator',
      label: 'demo',
      symbols: [...tradedSymbols],
    });
    try {
      const keys = { keyId: 'k', secret: 's' };
      await trading.connect({ mode: 'demo', keys, loopback: null, timeframe: '1Min' });
    } catch {
      setTimeout(() => void connect(mine, Math.min(retryMs * 2, lastRetryMs)), retryMs);
    }
  }

  function deploy(): void {
    for (const agentId of agentIds) {
      const agent = store.state().agents[agentId];
      if (agent && (isAlive(agent.phase) || latchOf(store.state(), agent) !== null)) continue;
      const symbols = [...tradedSymbols];
      store.commit(agentDeployed({ at: clock.now(), agentId, symbols, plannedEndAt: clock.now() }));
      move(agentId, 'warming', 'deployed');
      move(agentId, 'running', 'deployed');
    }
  }

  function move(agentId: string, phase: AgentPhase, reason: string): void {
    store.commit({ kind: 'AgentMoved', at: clock.now(), agentId, phase, reason });
  }

  // A kill ends sandboxes too; here there are none.
  const nobody = {
    fleet: { aliveSlots: () => [], creating: () => 0, survivors: async () => [], reap: async () => [] },
    swarm: { move, detach: async () => undefined, endSlot: async () => undefined },
  } satisfies Pick<KillParts, 'fleet' | 'swarm'>;

  takeOverAfterCrash(store, clock);
  deploy();
  void connect(connection, firstRetryMs);
  return {
    store,
    trading,
    want(agentId, symbol, qtyNanos) {
      const agent = store.state().agents[agentId];
      if (!agent || latchOf(store.state(), agent) !== null) return;
      const at = clock.now();
      store.commit({ kind: 'TargetSet', at, agentId, symbol, qtyNanos, priceTicks: 1_000_000, reason: '' });
      trading.rebalance(symbol);
    },
    stop(agentId) {
      move(agentId, 'stopping', 'asked for');
      for (const symbol of tradedSymbols) trading.rebalance(symbol);
    },
    kill: (scope, policy) =>
      kill(
        { store, clock, log: silent, native, trading, ...nobody },
        { scope, policy, reason: 'rehearsal', actor: 'cli' },
      ),
    rearm() {
      const { entries, kill: last, latches } = store.state();
      const wide = entries.kind === 'latched' && last ? [last] : [];
      const finished = [...wide, ...Object.values(latches)].filter(({ finishedAt }) => finishedAt !== null);
      for (const { scope } of finished)
        store.commit({ kind: 'Rearmed', at: clock.now(), actor: 'cli', scope, reason: 'rehearsal' });
      if (finished.length > 0) deploy();
    },
    acknowledge() {
      void acknowledgeDiscrepancy(store, clock, 'cli', 'rehearsal').catch(() => undefined);
      for (const symbol of tradedSymbols) trading.rebalance(symbol);
    },
    block() {
      store.commit({ kind: 'EntriesBlocked', at: clock.now(), actor: 'cli', reason: 'rehearsal' });
    },
    unblock() {
      store.commit({ kind: 'EntriesUnblocked', at: clock.now(), actor: 'cli' });
      for (const symbol of tradedSymbols) trading.rebalance(symbol);
    },
    reconnect() {
      connection += 1;
      trading.disconnect();
      void connect(connection, firstRetryMs);
    },
    die() {
      dead = true;
      trading.disconnect();
    },
  };
}
