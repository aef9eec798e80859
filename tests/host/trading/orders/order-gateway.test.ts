import { describe, expect, test, vi } from 'vitest';
import { apiError, brokenConnection } from '../../../support/fake-broker.ts';
import { createTradingBench, shares, type TradingBench } from '../../../support/trading-bench.ts';

async function connected(...agentIds: string[]): Promise<TradingBench> {
  const bench = createTradingBench();
  await bench.connect();
  for (const agentId of agentIds) bench.deploy(agentId);
  return bench;
}

const submits = (bench: TradingBench): string[] =>
  bench.broker.calls.filter((call) => call.startsWith('submit'));

function latch(bench: TradingBench): void {
  const at = Date.now();
  bench.store.commit({
    kind: 'KillStarted',
    at,
    killId: 'k',
    actor: 'cli',
    policy: 'flatten',
    reason: 't',
    items: [],
  });
  bench.store.commit({ kind: 'KillFinished', at, killId: 'k', verified: true });
}

function block(bench: TradingBench): void {
  bench.store.commit({ kind: 'EntriesBlocked', at: Date.now(), actor: 'cli', reason: 't' });
}

describe('an order', () => {
  test('is on disk before the broker sees it', async () => {
    const bench = await connected('a');
    bench.journal.hold();
    await bench.target('a', 'AAPL', 10);
    expect(bench.lastOrder()).toMatchObject({ state: 'approved', qtyNanos: shares(10) });
    expect(submits(bench)).toEqual([]);
    bench.journal.release();
    await bench.pass(0);
    expect(submits(bench)).toEqual(['submit nt-1 buy 10 AAPL']);
    expect(bench.journal.payloads().join()).toContain('"OrderApproved"');
  });

  test('has an id of the run and the count of orders on record, never used before', async () => {
    const bench = await connected('a');
    bench.broker.fillTicks = 1_000_000;
    for (const count of [1, 3, 2]) {
      await bench.target('a', 'AAPL', count);
      await bench.pass(600);
    }
    expect(bench.broker.submitted.map((order) => order.clientOrderId)).toEqual(['nt-1', 'nt-2', 'nt-3']);
  });

  test('goes on counting its ids where the journal ends', async () => {
    const before = await connected('a');
    await before.target('a', 'AAPL', 1);
    const past = before.journal.payloads().map((payload) => JSON.parse(payload));
    const after = createTradingBench(past);
    await after.connect();
    // Until then the first one may be on its way.
    await after.pass(12_100);
    await after.target('a', 'AAPL', 2);
    expect(after.broker.submitted.map((order) => order.clientOrderId)).toEqual(['nt-2']);
  });

  test('is the only one in work in its symbol; a change of target meanwhile follows when it is done', async () => {
    const bench = await connected('a');
    await bench.target('a', 'AAPL', 10);
    await bench.target('a', 'AAPL', 25);
    await bench.pass(1_000);
    expect(submits(bench)).toEqual(['submit nt-1 buy 10 AAPL']);
    bench.broker.fill('nt-1', shares(10), 1_000_000);
    await bench.pass(50);
    expect(submits(bench)).toEqual(['submit nt-1 buy 10 AAPL', 'submit nt-2 buy 15 AAPL']);
  });

  test('whose answer is awaited holds the symbol; a change of target meanwhile is not forgotten', async () => {
    const bench = await connected('a');
    bench.broker.failures.push({ taken: false, error: apiError(422, 'qty too small') });
    bench.journal.hold();
    await bench.target('a', 'AAPL', 10);
    await bench.target('a', 'AAPL', 20);
    expect(submits(bench)).toEqual([]);
    bench.journal.release();
    await bench.pass(50);
    expect(submits(bench)).toEqual(['submit nt-1 buy 10 AAPL', 'submit nt-2 buy 20 AAPL']);
  });

  test('never turns a position through zero: it closes first, the next one opens', async () => {
    const bench = await connected('a');
    bench.broker.fillTicks = 1_000_000;
    await bench.target('a', 'AAPL', 10);
    await bench.pass(600);
    bench.broker.fillTicks = null;
    await bench.target('a', 'AAPL', -5);
    expect(submits(bench).at(-1)).toBe('submit nt-2 sell 10 AAPL');
    await bench.pass(200);
    expect(submits(bench)).toHaveLength(2);
    bench.broker.fill('nt-2', shares(10), 1_000_000);
    await bench.pass(50);
    expect(submits(bench).at(-1)).toBe('submit nt-3 sell 5 AAPL');
    bench.broker.fill('nt-3', shares(5), 1_000_000);
    expect(bench.held('a')).toBe(-5);
  });
});

describe('several agents', () => {
  test('that decide on the same bar, a moment apart, are one order whose shares sum to it', async () => {
    const bench = await connected('a', 'b', 'c');
    const counts = { a: 5, b: 3, c: 2.5 };
    for (const [agentId, count] of Object.entries(counts)) {
      bench.want(agentId, 'AAPL', count);
      await vi.advanceTimersByTimeAsync(3);
    }
    await bench.pass(30);
    expect(submits(bench)).toEqual(['submit nt-1 buy 10.5 AAPL']);
    expect(bench.lastOrder().shares).toEqual([
      { agentId: 'a', qtyNanos: shares(5) },
      { agentId: 'b', qtyNanos: shares(3) },
      { agentId: 'c', qtyNanos: shares(2.5) },
    ]);
  });

  test('with opposite wishes trade among themselves at the middle of the quote, without the market', async () => {
    const bench = await connected('a', 'b');
    bench.quote('AAPL', 1_000_000, 1_000_301);
    bench.want('a', 'AAPL', 4);
    await bench.target('b', 'AAPL', -4);
    expect(submits(bench)).toEqual([]);
    const [cross] = bench.events('AgentsCrossed');
    expect(cross?.priceTicks).toBe(1_000_150);
    expect(cross?.allocations.map(({ agentId, deltaNanos }) => [agentId, deltaNanos])).toEqual([
      ['a', shares(4)],
      ['b', shares(-4)],
    ]);
    expect([bench.held('a'), bench.held('b')]).toEqual([4, -4]);
  });

  test('cross what they can and send the rest', async () => {
    const bench = await connected('a', 'b');
    bench.want('a', 'AAPL', 10);
    await bench.target('b', 'AAPL', -4);
    expect([bench.held('a'), bench.held('b')]).toEqual([4, -4]);
    expect(submits(bench)).toEqual(['submit nt-1 buy 6 AAPL']);
    expect(bench.lastOrder().shares).toEqual([{ agentId: 'a', qtyNanos: shares(6) }]);
  });

  test('cross nothing at a stale quote', async () => {
    const bench = await connected('a', 'b');
    await bench.pass(6_000);
    await vi.advanceTimersByTimeAsync(5_001);
    bench.want('a', 'AAPL', 4);
    await bench.target('b', 'AAPL', -4);
    expect(bench.events('AgentsCrossed')).toEqual([]);
    expect([bench.held('a'), bench.held('b')]).toEqual([0, 0]);
  });

  test.each([
    ['without a bid', 0, 1_000_000],
    ['with the bid above the ask', 1_000_100, 1_000_000],
  ])('cross nothing at a quote %s', async (_case, bidTicks, askTicks) => {
    const bench = await connected('a', 'b');
    bench.quote('AAPL', bidTicks, askTicks);
    bench.want('a', 'AAPL', 4);
    await bench.target('b', 'AAPL', -4);
    expect(bench.events('AgentsCrossed')).toEqual([]);
  });

  test('still reduce the account when the quote is stale, though they wish opposite things', async () => {
    const bench = await connected('a', 'b');
    bench.broker.fillTicks = 1_000_000;
    await bench.target('a', 'AAPL', 10);
    await bench.pass(600);
    await vi.advanceTimersByTimeAsync(5_001);
    bench.want('b', 'AAPL', 4);
    await bench.target('a', 'AAPL', 0);
    expect(submits(bench).at(-1)).toBe('submit nt-2 sell 6 AAPL');
    expect(bench.events('AgentsCrossed')).toEqual([]);
  });
});

describe('what the gate denies', () => {
  test('is journalled once, not at every bar', async () => {
    const bench = await connected('a');
    bench.broker.isOpen = false;
    await bench.pass(1_000);
    for (let bar = 0; bar < 5; bar += 1) await bench.target('a', 'AAPL', 10);
    expect(bench.events('OrderDenied')).toMatchObject([
      { symbol: 'AAPL', side: 'buy', qtyNanos: shares(10), code: 'MARKET_CLOSED' },
    ]);
    expect(submits(bench)).toEqual([]);
    expect(bench.store.state().totals.denied).toBe(1);
  });

  test('is said again after a minute, and at once when it is for another reason', async () => {
    const bench = await connected('a');
    await vi.advanceTimersByTimeAsync(5_001);
    await bench.target('a', 'AAPL', 10);
    bench.broker.isOpen = false;
    await bench.pass(1_000);
    await bench.target('a', 'AAPL', 10);
    await bench.pass(59_000);
    await bench.target('a', 'AAPL', 10);
    await bench.pass(1_000);
    await bench.target('a', 'AAPL', 10);
    expect(bench.events('OrderDenied').map((event) => event.code)).toEqual([
      'QUOTE_STALE',
      'MARKET_CLOSED',
      'MARKET_CLOSED',
    ]);
  });

  test('is everything while the account has not been read', async () => {
    const bench = await connected('a');
    const at = Date.now();
    bench.store.commit({ kind: 'MarketOpened', at, source: 'replay', label: 'another', symbols: ['AAPL'] });
    await bench.target('a', 'AAPL', 10);
    await expect(bench.trading.close('AAPL', 'sell', shares(1), [])).rejects.toMatchObject({
      code: 'BROKER_REFUSED',
      detail: { code: 'ACCOUNT_STALE' },
    });
    expect(submits(bench)).toEqual([]);
  });
});

describe.each([
  ['blocked', block],
  ['latched', latch],
])('while entries are %s', (_name, stop) => {
  test('what adds risk does not pass, what reduces it does', async () => {
    const bench = await connected('a', 'b');
    bench.broker.fillTicks = 1_000_000;
    await bench.target('a', 'AAPL', 10);
    await bench.pass(600);
    stop(bench);
    await bench.target('b', 'AAPL', 5);
    await bench.target('a', 'AAPL', 20);
    await bench.target('a', 'AAPL', -20);
    await bench.pass(600);
    expect(submits(bench)).toEqual(['submit nt-1 buy 10 AAPL', 'submit nt-2 sell 10 AAPL']);
    expect([bench.held('a'), bench.held('b')]).toEqual([0, 0]);
  });

  test('a book that only seems to reduce is refused where the account would open', async () => {
    const bench = await connected('a', 'b');
    bench.want('a', 'AAPL', 5);
    await bench.target('b', 'AAPL', -5);
    stop(bench);
    await bench.target('a', 'AAPL', 0);
    await bench.pass(100);
    expect(submits(bench)).toEqual([]);
    expect(bench.events('OrderDenied')).toHaveLength(1);
  });
});

test('while a kill is at work nothing but the kill sends orders', async () => {
  const bench = await connected('a');
  bench.broker.fillTicks = 1_000_000;
  await bench.target('a', 'AAPL', 10);
  await bench.pass(600);
  const started = { killId: 'k', actor: 'cli', policy: 'keep', reason: 't', items: [] } as const;
  bench.store.commit({ kind: 'KillStarted', at: Date.now(), ...started, items: [] });
  await bench.target('a', 'AAPL', 0);
  await bench.pass(100);
  expect(submits(bench)).toHaveLength(1);
});

describe('a journal that fails', () => {
  test('lets no entry out and blocks further ones', async () => {
    const bench = await connected('a');
    const decided = bench.target('a', 'AAPL', 10);
    bench.journal.fail(new Error('disk full'));
    await decided;
    expect(submits(bench)).toEqual([]);
    expect(bench.lastOrder()).toMatchObject({ state: 'rejected', detail: 'not sent: the journal failed' });
    expect(bench.store.state().entries).toMatchObject({ kind: 'blocked' });
  });

  test('does not stop an order that closes a position', async () => {
    const bench = await connected('a');
    bench.broker.fillTicks = 1_000_000;
    await bench.target('a', 'AAPL', 10);
    await bench.pass(600);
    const decided = bench.target('a', 'AAPL', 20);
    bench.journal.fail(new Error('disk full'));
    await decided;
    await bench.trading.close('AAPL', 'sell', shares(10), [{ agentId: 'a', qtyNanos: shares(10) }]);
    expect(submits(bench).at(-1)).toMatch(/sell 10 AAPL/);
    expect(bench.killCalls).toEqual(['submit AAPL']);
  });
});

describe('an order that the broker does not confirm', () => {
  test.each([
    [403, 'insufficient buying power'],
    [422, 'qty must be positive'],
  ])('is rejected after %i, in the words of the broker, and not sent again', async (status, reason) => {
    const bench = await connected('a');
    bench.broker.failures.push({ taken: false, error: apiError(status, reason) });
    await bench.target('a', 'AAPL', 10);
    await bench.pass(10_000);
    expect(bench.lastOrder()).toMatchObject({ state: 'rejected', detail: reason });
    expect(submits(bench)).toHaveLength(1);
  });

  test.each([
    ['a broken connection', brokenConnection],
    ['a time-out', new DOMException('timed out', 'TimeoutError')],
    ['408', apiError(408)],
    ['429', apiError(429)],
    ['503', apiError(503)],
  ])('is unknown after %s, and adopted when the broker turns out to have it', async (_case, error) => {
    const bench = await connected('a');
    bench.broker.failures.push({ taken: true, error });
    await bench.target('a', 'AAPL', 10);
    expect(bench.lastOrder().state).toBe('unknown');
    await bench.pass(300);
    expect(bench.lastOrder()).toMatchObject({ state: 'sent', brokerOrderId: 'b-1' });
    bench.broker.fill('nt-1', shares(10), 1_000_000);
    expect(bench.held('a')).toBe(10);
    await bench.pass(10_000);
    expect(submits(bench)).toHaveLength(1);
  });

  test('is sent again under the same id, and not before the broker has had time to take it in', async () => {
    const bench = await connected('a');
    bench.broker.failures.push({ taken: false, error: brokenConnection });
    await bench.target('a', 'AAPL', 10);
    await bench.pass(1_950);
    expect(submits(bench)).toHaveLength(1);
    expect(bench.broker.calls.filter((call) => call === 'find nt-1').length).toBeGreaterThan(1);
    await bench.pass(2_000);
    expect(submits(bench)).toEqual(['submit nt-1 buy 10 AAPL', 'submit nt-1 buy 10 AAPL']);
    expect(bench.lastOrder()).toMatchObject({ state: 'sent', detail: 'sent again under the same id' });
    expect(bench.store.state().totals.orders).toBe(1);
  });

  test('is not given up for an answer that the broker gave before it could know the order', async () => {
    const bench = await connected('a');
    bench.broker.failures.push({ taken: true, error: brokenConnection });
    const { findOrder } = bench.broker;
    bench.broker.findOrder = async () => {
      await new Promise((answered) => setTimeout(answered, 3_000));
      return null;
    };
    await bench.target('a', 'AAPL', 10);
    await bench.pass(1_000);
    bench.broker.findOrder = findOrder;
    block(bench);
    await bench.pass(10_000);
    expect(bench.lastOrder()).toMatchObject({ state: 'sent', detail: 'found at the broker' });
    expect(submits(bench)).toHaveLength(1);
  });

  test('is looked for until the broker can be reached again', async () => {
    const bench = await connected('a');
    bench.broker.failures.push({ taken: true, error: brokenConnection });
    await bench.target('a', 'AAPL', 10);
    bench.broker.reachable = false;
    await bench.pass(60_000);
    expect(bench.lastOrder().state).toBe('unknown');
    bench.broker.reachable = true;
    await bench.pass(5_100);
    expect(bench.lastOrder().state).toBe('sent');
    expect(submits(bench)).toHaveLength(1);
  });

  test('is adopted when the broker says that the id is taken', async () => {
    const bench = await connected('a');
    bench.broker.place({ clientOrderId: 'nt-1', symbol: 'AAPL', side: 'buy', qtyNanos: shares(10) });
    await bench.target('a', 'AAPL', 10);
    await bench.pass(300);
    expect(bench.lastOrder()).toMatchObject({ state: 'sent', brokerOrderId: 'b-1' });
    expect(submits(bench)).toHaveLength(1);
  });

  test.each([
    ['blocked', block],
    ['latched', latch],
  ])('is not sent again once entries are %s', async (_name, stop) => {
    const bench = await connected('a');
    bench.broker.failures.push({ taken: false, error: brokenConnection });
    await bench.target('a', 'AAPL', 10);
    stop(bench);
    await bench.pass(10_000);
    expect(submits(bench)).toHaveLength(1);
    expect(bench.lastOrder()).toMatchObject({
      state: 'rejected',
      detail: expect.stringMatching(/not sent again/),
    });
  });

  test('is sent again while entries are blocked when it reduces', async () => {
    const bench = await connected('a');
    bench.broker.fillTicks = 1_000_000;
    await bench.target('a', 'AAPL', 10);
    await bench.pass(600);
    bench.broker.failures.push({ taken: false, error: brokenConnection });
    await bench.target('a', 'AAPL', 0);
    block(bench);
    await bench.pass(5_000);
    expect(submits(bench).slice(1)).toEqual(['submit nt-2 sell 10 AAPL', 'submit nt-2 sell 10 AAPL']);
    expect(bench.held('a')).toBe(0);
  });

  test('is neither looked for nor sent on another market', async () => {
    const bench = await connected('a');
    bench.broker.failures.push({ taken: false, error: brokenConnection });
    await bench.target('a', 'AAPL', 10);
    const at = Date.now();
    bench.store.commit({ kind: 'MarketOpened', at, source: 'replay', label: 'another', symbols: ['AAPL'] });
    await bench.pass(10_000);
    expect(submits(bench)).toHaveLength(1);
    expect(bench.broker.calls).not.toContain('find nt-1');
    expect(bench.lastOrder().state).toBe('rejected');
  });
});

describe('a round', () => {
  /** Puts a target on record that nobody has rebalanced for. */
  const note = (bench: TradingBench, agentId: string, count: number): void =>
    bench.store.commit({
      kind: 'TargetSet',
      at: Date.now(),
      agentId,
      symbol: 'AAPL',
      qtyNanos: shares(count),
      priceTicks: 1_000_000,
      reason: 't',
    });
  const round = async (bench: TradingBench, symbol = 'AAPL') => {
    const outcome = bench.trading.round(symbol);
    await bench.pass(30);
    return outcome;
  };

  test('sends what the targets of all agents lack in one order, and tells which', async () => {
    const bench = await connected('a', 'b');
    note(bench, 'a', 10);
    note(bench, 'b', 5);
    expect(await round(bench)).toEqual({
      kind: 'approved',
      side: 'buy',
      qtyNanos: shares(15),
      clientOrderId: 'nt-1',
    });
    expect(submits(bench)).toEqual(['submit nt-1 buy 15 AAPL']);
    expect(await round(bench)).toMatchObject({ kind: 'none', code: 'ORDER_WORKING' });
    bench.broker.fill('nt-1', shares(15), 1_000_000);
    await bench.pass(50);
    expect(await round(bench)).toMatchObject({ kind: 'none', code: 'AT_TARGET' });
    expect(submits(bench)).toHaveLength(1);
  });

  test('asked for twice at once sends once and answers both', async () => {
    const bench = await connected('a');
    note(bench, 'a', 10);
    const [first, second] = await Promise.all([round(bench), round(bench)]);
    expect(first).toMatchObject({ kind: 'approved', clientOrderId: 'nt-1' });
    expect(second).toEqual(first);
    expect(submits(bench)).toHaveLength(1);
  });

  test('tells the code of the gate again although the same denial is on record once', async () => {
    const bench = await connected('a');
    note(bench, 'a', 10);
    vi.advanceTimersByTime(60_000);
    const outcomes = [bench.trading.round('AAPL')];
    await vi.advanceTimersByTimeAsync(20);
    outcomes.push(bench.trading.round('AAPL'));
    await vi.advanceTimersByTimeAsync(20);
    for (const outcome of await Promise.all(outcomes))
      expect(outcome).toMatchObject({
        kind: 'denied',
        side: 'buy',
        qtyNanos: shares(10),
        code: 'QUOTE_STALE',
      });
    expect(bench.events('OrderDenied')).toHaveLength(1);
  });

  test('crosses what agents want of each other and says that nothing was left to send', async () => {
    const bench = await connected('a', 'b');
    note(bench, 'a', 10);
    note(bench, 'b', -10);
    expect(await round(bench)).toMatchObject({ kind: 'none', code: 'CROSSED' });
    expect([bench.held('a'), bench.held('b'), submits(bench)]).toEqual([10, -10, []]);
  });

  test('adds no risk while entries are blocked, and says so', async () => {
    const bench = await connected('a');
    block(bench);
    note(bench, 'a', 10);
    expect(await round(bench)).toMatchObject({ kind: 'none', code: 'ENTRIES_BLOCKED' });
    expect(submits(bench)).toEqual([]);
  });

  test('is answered also when the journal fails', async () => {
    const bench = await connected('a');
    note(bench, 'a', 10);
    bench.journal.fail(new Error('disk full'));
    expect(await round(bench)).toMatchObject({ kind: 'none', code: 'FAILED' });
    expect(submits(bench)).toEqual([]);
  });
});
