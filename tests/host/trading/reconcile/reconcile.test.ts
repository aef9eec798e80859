import { describe, expect, test } from 'vitest';
import type { DeskEvent } from '../../../../electron/contract/events.ts';
import { agentDeployed, orderApproved } from '../../../support/build-events.ts';
import { acknowledgeDiscrepancy } from '../../../../electron/host/trading/reconcile/discrepancy.ts';
import { brokenConnection } from '../../../support/fake-broker.ts';
import { testClock } from '../../../support/fleet-bench.ts';
import { createTradingBench, shares, type TradingBench } from '../../../support/trading-bench.ts';

const at = Date.UTC(2026, 2, 2, 14);

/** What an earlier host left on record. */
function record(...events: DeskEvent[]): DeskEvent[] {
  return [
    { kind: 'AccountRead', at, equityMicros: 1, cashMicros: 1, positions: [] },
    agentDeployed({ agentId: 'a' }),
    { kind: 'AgentMoved', at, agentId: 'a', phase: 'warming', reason: '' },
    { kind: 'AgentMoved', at, agentId: 'a', phase: 'running', reason: '' },
    ...events,
  ];
}

const approved = orderApproved({ shares: [{ agentId: 'a', qtyNanos: shares(10) }] });

function notices(bench: TradingBench): string[] {
  return bench.events('NoticeRaised').map((notice) => notice.title);
}

describe('at the start', () => {
  test('an approved order that never left is closed as rejected, not sent', async () => {
    const bench = createTradingBench(record(approved));
    await bench.connect();
    expect(bench.store.state().orders['nt-1']).toMatchObject({
      state: 'rejected',
      detail: 'the broker never received it',
    });
    expect(bench.broker.submitted).toEqual([]);
  });

  test('fills that were missed are found, and nobody is told of a difference that there is not', async () => {
    const bench = createTradingBench(record(approved));
    bench.broker.place({ clientOrderId: 'nt-1', symbol: 'AAPL', side: 'buy', qtyNanos: shares(10) });
    bench.broker.fill('nt-1', shares(4), 1_000_000);
    bench.broker.fill('nt-1', shares(6), 1_010_000);
    await bench.connect();
    expect(bench.store.state().orders['nt-1']?.state).toBe('filled');
    expect(bench.held('a')).toBe(10);
    expect(bench.store.state().account?.positions['AAPL']).toBe(shares(10));
    expect(notices(bench)).toEqual([]);
  });

  test('an order that still works is followed on', async () => {
    const bench = createTradingBench(record(approved));
    bench.broker.place({ clientOrderId: 'nt-1', symbol: 'AAPL', side: 'buy', qtyNanos: shares(10) });
    await bench.connect();
    expect(bench.store.state().orders['nt-1']).toMatchObject({ state: 'sent', brokerOrderId: 'b-1' });
    bench.broker.fill('nt-1', shares(10), 1_000_000);
    expect(bench.held('a')).toBe(10);
  });

  test('a position that nothing explains puts the account to reducing, both versions side by side', async () => {
    const bench = createTradingBench(record());
    bench.broker.held.set('AAPL', shares(7));
    await bench.connect();
    expect(bench.store.state().account?.positions).toEqual({});
    await bench.pass(6_000);
    expect(bench.store.state().account?.positions).toEqual({ AAPL: shares(7) });
    expect(bench.store.state().discrepancy?.positions).toEqual([
      { symbol: 'AAPL', oursNanos: 0, theirsNanos: shares(7) },
    ]);
    expect(bench.events('NoticeRaised')).toMatchObject([
      { severity: 'critical', detail: expect.stringContaining('the desk counted 0, the broker holds 7') },
    ]);
    await bench.target('a', 'AAPL', 10);
    expect(bench.broker.submitted).toEqual([]);
  });

  test('the same difference is not raised again, and an acknowledged one lets the desk open again', async () => {
    const bench = createTradingBench(record());
    bench.broker.held.set('AAPL', shares(7));
    await bench.connect();
    await bench.pass(70_000);
    expect(bench.events('AccountDiffered')).toHaveLength(1);
    const { store } = bench;
    expect(await acknowledgeDiscrepancy(store, testClock, 'cli', 'moved by hand')).toMatchObject({
      positions: [{ symbol: 'AAPL' }],
      cash: null,
    });
    expect(store.state()).toMatchObject({ discrepancy: null, notices: [] });
    await bench.target('a', 'AAPL', 10);
    expect(bench.broker.submitted).toMatchObject([{ side: 'buy', qtyNanos: shares(10) }]);
    await expect(acknowledgeDiscrepancy(store, testClock, 'cli', 'again')).rejects.toMatchObject({
      code: 'NOTHING_DIFFERS',
    });
  });

  test('a difference outlives a restart', async () => {
    const differing = { symbol: 'AAPL', oursNanos: 0, theirsNanos: shares(7) };
    const bench = createTradingBench(record({ kind: 'AccountDiffered', at, positions: [differing] }));
    await bench.connect();
    await bench.target('a', 'AAPL', 10);
    expect(bench.broker.submitted).toEqual([]);
  });

  test('one order that cannot be read keeps neither the others nor the account from being read', async () => {
    const other = orderApproved({ clientOrderId: 'nt-2', symbol: 'KO', shares: approved.shares });
    const bench = createTradingBench(record(approved, other));
    bench.broker.place({ clientOrderId: 'nt-1', symbol: 'AAPL', side: 'buy', qtyNanos: shares(10) });
    bench.broker.fill('nt-1', shares(4), 1_000_000);
    const { executions } = bench.broker;
    bench.broker.executions = async () => [];
    await bench.connect();
    expect(bench.store.state().orders['nt-2']?.state).toBe('rejected');
    expect(bench.events('AccountRead')).toHaveLength(2);
    bench.broker.executions = executions;
    await bench.pass(30_000);
    expect(bench.held('a')).toBe(4);
  });
});

describe('an order of a host that died', () => {
  const justNow = { ...approved, at: Date.UTC(2026, 2, 2, 15) - 100 };
  const order = { clientOrderId: 'nt-1', symbol: 'AAPL', side: 'buy', qtyNanos: shares(10) } as const;

  test('that the broker does not show yet stays in work, and nothing else is sent in its symbol', async () => {
    const bench = createTradingBench(record(justNow));
    await bench.connect();
    await bench.target('a', 'AAPL', 20);
    bench.broker.place(order);
    await bench.pass(12_000);
    expect(bench.store.state().orders['nt-1']).toMatchObject({ state: 'sent', brokerOrderId: 'b-1' });
    expect(bench.broker.submitted).toEqual([]);
    bench.broker.fill('nt-1', shares(10), 1_000_000);
    expect(bench.held('a')).toBe(10);
  });

  test('is given up when it can no longer be on its way', async () => {
    const bench = createTradingBench(record(justNow));
    await bench.connect();
    await bench.pass(11_800);
    expect(bench.store.state().orders['nt-1']?.state).toBe('approved');
    await bench.pass(200);
    expect(bench.store.state().orders['nt-1']?.state).toBe('rejected');
  });

  test('is given up at once when its approval is dated far in the future: the clock was set back', async () => {
    const bench = createTradingBench(record({ ...approved, at: Date.UTC(2027, 0, 1) }));
    await bench.connect();
    expect(bench.store.state().orders['nt-1']?.state).toBe('rejected');
  });
});

describe('while it trades', () => {
  async function trading(): Promise<TradingBench> {
    const bench = createTradingBench();
    await bench.connect();
    bench.deploy('a');
    return bench;
  }

  test('a lost stream is made up for at the next reconciliation', async () => {
    const bench = await trading();
    await bench.target('a', 'AAPL', 10);
    bench.broker.fill('nt-1', shares(10), 1_000_000, { told: false });
    await bench.pass(30_000);
    expect(bench.held('a')).toBe(10);
    expect(notices(bench)).toEqual([]);
  });

  test('a stream that does not tell of executions is started again', async () => {
    const bench = await trading();
    await bench.pass(10_000);
    await bench.target('a', 'AAPL', 10);
    bench.broker.fill('nt-1', shares(10), 1_000_000, { told: false });
    await bench.pass(40_000);
    const restarts = bench.broker.calls.filter((call) => call.startsWith('restart'));
    expect(restarts).toEqual(['restart the stream: it did not tell of executions']);
  });

  test('a stream that is only behind the history is left alone', async () => {
    const bench = await trading();
    await bench.pass(10_000);
    await bench.target('a', 'AAPL', 10);
    const late = bench.broker.fill('nt-1', shares(10), 1_000_000, { told: false });
    await bench.pass(20_000);
    expect(bench.held('a')).toBe(10);
    bench.broker.listener?.onExecution(late);
    await bench.pass(20_000);
    expect(bench.broker.calls.filter((call) => call.startsWith('restart'))).toEqual([]);
  });

  test('a fill after the cancellation that the stream did not tell is found, and is no difference', async () => {
    const bench = await trading();
    await bench.target('a', 'AAPL', 10);
    bench.broker.finish('nt-1', 'canceled');
    await bench.pass(1_000);
    bench.broker.fill('nt-1', shares(4), 1_000_000, { told: false });
    await bench.pass(61_000);
    expect(bench.held('a')).toBe(4);
    expect(bench.store.state().account?.positions['AAPL']).toBe(shares(4));
    expect(notices(bench)).toEqual([]);
  });

  test('an order beside the desk that the stream did not tell is found, and is no difference', async () => {
    const bench = await trading();
    bench.broker.place({ clientOrderId: 'by-hand', symbol: 'AAPL', side: 'buy', qtyNanos: shares(3) });
    await bench.pass(1_000);
    bench.broker.fill('by-hand', shares(3), 1_000_000, { told: false });
    await bench.pass(61_000);
    expect(bench.store.state().orders['by-hand']).toMatchObject({ state: 'filled', filledNanos: shares(3) });
    expect(bench.store.state().account?.positions['AAPL']).toBe(shares(3));
    expect(notices(bench)).toEqual([]);
  });

  test('fills of orders that ended long ago are not counted again', async () => {
    const bench = await trading();
    await bench.target('a', 'AAPL', 10);
    bench.broker.fill('nt-1', shares(10), 1_000_000);
    await bench.pass(200_000);
    expect(bench.events('OrderFilled')).toHaveLength(1);
    expect(bench.broker.calls.filter((call) => call === 'executions nt-1')).toEqual([]);
  });

  test('an order whose submission is in the air is left alone', async () => {
    const bench = await trading();
    bench.broker.mute = true;
    await bench.target('a', 'AAPL', 10);
    await bench.pass(60_000);
    expect(bench.lastOrder().state).toBe('approved');
    expect(bench.broker.calls).not.toContain('find nt-1');
  });

  test("the desk's own count stands where an order is in work: the broker's figure may hold its fills already", async () => {
    const bench = await trading();
    await bench.target('a', 'AAPL', 10);
    const unheard = bench.broker.fill('nt-1', shares(4), 1_000_000, { told: false });
    await bench.trading.refreshAccount();
    bench.broker.listener?.onExecution(unheard);
    expect(bench.store.state().account?.positions['AAPL']).toBe(shares(4));
    bench.broker.fill('nt-1', shares(6), 1_000_000);
    await bench.pass(600);
    expect(bench.store.state().account?.positions['AAPL']).toBe(shares(10));
    expect(notices(bench)).toEqual([]);
  });

  test('a figure from before a fill does not undo the fill', async () => {
    const bench = await trading();
    await bench.target('a', 'AAPL', 10);
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { positions } = bench.broker;
    bench.broker.positions = async () => {
      const old = await positions();
      await asked;
      return old;
    };
    const read = bench.trading.refreshAccount();
    bench.broker.fill('nt-1', shares(10), 1_000_000);
    answer();
    await read;
    expect(bench.store.state().account?.positions['AAPL']).toBe(shares(10));
    expect(notices(bench)).toEqual([]);
  });
});

test('an order that was sent again may be under way for as long as a new one', async () => {
  const bench = createTradingBench();
  await bench.connect();
  bench.deploy('a');
  bench.broker.failures.push({ taken: false, error: brokenConnection });
  const { findOrder } = bench.broker;
  bench.broker.findOrder = async () => {
    throw brokenConnection;
  };
  await bench.target('a', 'AAPL', 10);
  await bench.pass(20_000);
  bench.broker.findOrder = findOrder;
  await bench.pass(6_000);
  expect(bench.lastOrder()).toMatchObject({ state: 'sent', detail: 'sent again under the same id' });
  bench.broker.findOrder = async () => null;
  await bench.trading.reconcileForKill(false);
  expect(bench.lastOrder().state).toBe('sent');
  await bench.pass(12_000);
  expect(bench.lastOrder().state).toBe('rejected');
});

describe('the cash', () => {
  /** A desk that has begun to count. */
  async function counting(): Promise<TradingBench> {
    const bench = createTradingBench();
    await bench.connect();
    bench.deploy('a');
    await bench.pass(70_000);
    expect(bench.store.state().account?.counted?.cashMicros).toBe(100_000_000_000);
    return bench;
  }

  async function buyTen(bench: TradingBench): Promise<void> {
    bench.broker.fillTicks = 1_000_000;
    await bench.target('a', 'AAPL', 10);
    await bench.pass(600);
  }

  test('is what fills leave of it', async () => {
    const bench = await counting();
    await buyTen(bench);
    expect(bench.store.state().account?.counted).toEqual({ cashMicros: 99_000_000_000, fills: 1 });
    await bench.pass(70_000);
    expect(bench.store.state().account?.counted).toEqual({ cashMicros: 99_000_000_000, fills: 0 });
    expect(notices(bench)).toEqual([]);
  });

  test('that a listed fee has taken differs in nothing', async () => {
    const bench = await counting();
    bench.broker.cashMicros -= 5_000_000;
    const flow = { activityId: 'f1', activityType: 'FEE', day: '2026-03-02', netMicros: -5_000_000 };
    bench.broker.flows.push(flow);
    await bench.pass(70_000);
    expect(bench.events('CashFlowed')).toMatchObject([{ flows: [flow] }]);
    expect(bench.store.state().account?.counted?.cashMicros).toBe(99_995_000_000);
    expect(notices(bench)).toEqual([]);
  });

  test('that nothing explains puts the account to reducing until it is acknowledged', async () => {
    const bench = await counting();
    bench.broker.cashMicros -= 5_000_000;
    await bench.pass(36_000);
    const cash = { oursMicros: 100_000_000_000, theirsMicros: 99_995_000_000 };
    expect(bench.events('AccountDiffered')).toMatchObject([{ positions: [], cash }]);
    expect(bench.events('NoticeRaised')).toMatchObject([
      {
        severity: 'critical',
        detail: expect.stringContaining('cash: the desk counted $100000, the broker shows $99995'),
      },
    ]);
    await bench.target('a', 'AAPL', 10);
    expect(bench.broker.submitted).toEqual([]);
    expect(await acknowledgeDiscrepancy(bench.store, testClock, 'cli', 'withdrawn')).toMatchObject({ cash });
    await buyTen(bench);
    await bench.pass(70_000);
    expect(bench.events('AccountDiffered')).toHaveLength(1);
    expect(bench.store.state().account?.counted?.cashMicros).toBe(98_995_000_000);
  });

  test('may be off by the rounding of each fill', async () => {
    const bench = await counting();
    await buyTen(bench);
    bench.broker.cashMicros += 20_000;
    await bench.pass(70_000);
    expect(notices(bench)).toEqual([]);
  });

  test('is not judged while an order works, whose fills the figure may include', async () => {
    const bench = await counting();
    await bench.target('a', 'AAPL', 10);
    bench.broker.cashMicros -= 500_000_000;
    await bench.pass(70_000);
    expect(bench.store.state().discrepancy).toBeNull();
  });
});
