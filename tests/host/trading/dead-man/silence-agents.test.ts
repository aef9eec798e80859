import { describe, expect, test, vi } from 'vitest';
import type { Agent } from '../../../../electron/contract/state.ts';
import { silenceAgents } from '../../../../electron/host/trading/dead-man/silence-agents.ts';
import { testClock } from '../../../support/fleet-bench.ts';
import { createTradingBench, shares, type TradingBench } from '../../../support/trading-bench.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Two agents with one order in work for both. */
async function sharing(): Promise<TradingBench> {
  const bench = createTradingBench();
  await bench.connect();
  bench.deploy('a');
  bench.deploy('b');
  bench.want('a', 'AAPL', 6);
  await bench.target('b', 'AAPL', 4);
  expect(bench.lastOrder()).toMatchObject({ state: 'sent', qtyNanos: shares(10) });
  return bench;
}

const agent = (bench: TradingBench, agentId: string): Agent => {
  const known = bench.store.state().agents[agentId];
  if (!known) throw new Error(`there is no agent ${agentId}`);
  return known;
};

/** As the swarm does when a runner falls silent: the agents fail, then they are silenced. */
async function lose(bench: TradingBench, ...agentIds: string[]): Promise<void> {
  const { store, trading } = bench;
  const lost = agentIds.map((agentId) => agent(bench, agentId));
  for (const agentId of agentIds)
    store.commit({ kind: 'AgentMoved', at: Date.now(), agentId, phase: 'failed', reason: 'no heartbeat' });
  void silenceAgents({ store, clock: testClock, trading, pause }, lost, 'no heartbeat for 31 s');
  await bench.pass(1_000);
}

describe('an agent whose runner is lost', () => {
  test('has the order that it shares cancelled whole; the other agent gets an order of its own', async () => {
    const bench = await sharing();
    const shared = bench.lastOrder().clientOrderId;
    await lose(bench, 'a');
    expect(bench.broker.orders.get(shared)?.status).toBe('canceled');
    expect(bench.events('AgentOrdersCancelled')).toMatchObject([
      { agentId: 'a', cancelled: [shared], left: [], failure: null },
    ]);
    expect(bench.lastOrder()).toMatchObject({
      state: 'sent',
      qtyNanos: shares(4),
      shares: [{ agentId: 'b', qtyNanos: shares(4) }],
    });
    expect(bench.store.state().notices).toContainEqual(
      expect.objectContaining({ noticeId: 'silent-a', severity: 'warning' }),
    );
  });

  test('keeps what it holds and opens nothing when it is started again, until its runner sets a target', async () => {
    const bench = await sharing();
    await lose(bench, 'a', 'b');
    const orders = bench.store.state().totals.orders;
    const { agentId, swarmId, strategy, symbols, params, mode, maxPositionMicros, plannedEndAt } = agent(
      bench,
      'a',
    );
    bench.store.commit({
      kind: 'AgentDeployed',
      at: Date.now(),
      agentId,
      swarmId,
      strategy,
      symbols: [...symbols],
      params: { ...params },
      slotId: 'slot-2',
      mode,
      maxPositionMicros,
      plannedEndAt,
      actor: 'host',
    });
    bench.trading.rebalance('AAPL');
    await bench.pass(1_000);
    expect(bench.store.state().totals.orders).toBe(orders);
    await bench.target('a', 'AAPL', 6);
    expect(bench.lastOrder()).toMatchObject({ qtyNanos: shares(6) });
  });

  test('that was being stopped keeps the order that closes it', async () => {
    const bench = await sharing();
    for (const agentId of ['a', 'b'])
      bench.store.commit({ kind: 'AgentMoved', at: Date.now(), agentId, phase: 'stopping', reason: 'asked' });
    const shared = bench.lastOrder().clientOrderId;
    await lose(bench, 'a', 'b');
    expect(bench.broker.orders.get(shared)?.status).toBe('new');
    expect(bench.events('AgentSilenced')).toEqual([]);
  });

  test('is told of as a failure when the broker does not confirm', async () => {
    const bench = await sharing();
    bench.broker.reachable = false;
    await lose(bench, 'a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(bench.events('AgentOrdersCancelled')).toMatchObject([
      { agentId: 'a', cancelled: [], failure: 'The broker is out of reach.' },
    ]);
    expect(bench.store.state().notices).toContainEqual(
      expect.objectContaining({ noticeId: 'silent-a', severity: 'critical' }),
    );
  });
});
