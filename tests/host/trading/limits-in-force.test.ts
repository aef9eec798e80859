// Every fact of the gate as the host gathers it, by what the desk then sends and does not send.
import { describe, expect, test, vi } from 'vitest';
import type { LimitName } from '../../../electron/contract/limit-catalogue.ts';
import { changedLimits } from '../../../electron/contract/limits.ts';
import { createTradingBench, shares, type TradingBench } from '../../support/trading-bench.ts';

type Amounts = Partial<Record<LimitName, number>>;

/** Opposite wishes and repeated ones are the tests' own business unless they say otherwise. */
async function bench(amounts: Amounts = {}, ...agentIds: string[]): Promise<TradingBench> {
  const made = createTradingBench();
  await made.connect();
  set(made, { 'order.duplicateWindow': 0, ...amounts });
  for (const agentId of agentIds.length > 0 ? agentIds : ['a']) made.deploy(agentId, ['AAPL', 'KO']);
  made.quote('KO', 999_900, 1_000_100);
  return made;
}

function set({ store }: TradingBench, amounts: Amounts): void {
  const changes = changedLimits(store.state().limits, amounts);
  store.commit({ kind: 'LimitsChanged', at: Date.now(), actor: 'cli', mode: 'demo', changes });
}

const sent = (made: TradingBench): string[] =>
  made.broker.submitted.map(({ side, qtyNanos, symbol }) => `${side} ${qtyNanos / 1e9} ${symbol}`);
const denied = (made: TradingBench): string[] => made.events('OrderDenied').map((event) => event.code);

/** Fills the newest order and lets the account be read again. */
async function fill(made: TradingBench): Promise<void> {
  const { clientOrderId, qtyNanos } = made.lastOrder();
  made.broker.fill(clientOrderId, qtyNanos, 1_000_000);
  await settle(made, 0);
}

async function settle(made: TradingBench, ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  made.quote('AAPL', 999_900, 1_000_100);
  made.quote('KO', 999_900, 1_000_100);
}

describe('an order beyond a limit is not sent and says why', () => {
  test.each<[string, Amounts]>([
    ['ORDER_QUANTITY', { 'order.quantity': 9 }],
    ['ORDER_NOTIONAL', { 'order.notional': 1_000 }],
    ['SYMBOL_POSITION', { 'account.symbolPosition': 1_000 }],
    ['GROSS_EXPOSURE', { 'account.grossExposure': 1_000 }],
    ['NET_EXPOSURE', { 'account.netExposure': 1_000 }],
    ['CONCENTRATION', { 'account.concentration': 1 }],
    ['AGENT_EXPOSURE', { 'agent.exposure': 1_000 }],
    ['STRATEGY_EXPOSURE', { 'strategy.exposure': 1_000 }],
  ])('%s', async (code, amounts) => {
    const made = await bench(amounts);
    await made.target('a', 'AAPL', 10);
    expect([sent(made), denied(made)]).toEqual([[], [code]]);
    expect(made.store.state().denied).toMatchObject(
      [
        {
          symbol: 'AAPL',
          side: 'buy',
          qtyNanos: shares(10),
          code,
          detail: expect.stringContaining('limit of $'),
        },
      ].map((row) => (code === 'CONCENTRATION' || code === 'ORDER_QUANTITY' ? { code } : row)),
    );
  });
});

describe('what is held and ordered elsewhere', () => {
  test('counts against the exposure of the account', async () => {
    const made = await bench({ 'account.grossExposure': 1_900 });
    await made.target('a', 'KO', 10);
    await made.target('a', 'AAPL', 10);
    expect([sent(made), denied(made)]).toEqual([['buy 10 KO'], ['GROSS_EXPOSURE']]);
    await fill(made);
    await made.target('a', 'AAPL', 9);
    expect(denied(made)).toEqual(['GROSS_EXPOSURE', 'GROSS_EXPOSURE']);
    await made.target('a', 'AAPL', 8);
    expect(sent(made)).toEqual(['buy 10 KO', 'buy 8 AAPL']);
  });

  test('counts against the exposure of its agent, not of another', async () => {
    const made = await bench({ 'agent.exposure': 1_900 }, 'a', 'b');
    await made.target('a', 'KO', 10);
    await made.target('a', 'AAPL', 10);
    expect([sent(made), denied(made)]).toEqual([['buy 10 KO'], ['AGENT_EXPOSURE']]);
    await made.target('b', 'AAPL', 10);
    expect(sent(made)).toEqual(['buy 10 KO', 'buy 10 AAPL']);
  });

  test('refuses new risk when it has no price, and takes the broker’s price of what is not followed', async () => {
    const made = await bench();
    made.broker.held.set('TSLA', shares(1));
    await made.trading.refreshAccount();
    await made.target('a', 'AAPL', 10);
    expect([sent(made), denied(made)]).toEqual([['buy 10 AAPL'], []]);
  });
});

describe('agents that wish together', () => {
  test('are judged one by one: the one at its limit does not hold up the other', async () => {
    const made = await bench({ 'agent.exposure': 1_500 }, 'a', 'b');
    made.want('a', 'AAPL', 20);
    await made.target('b', 'AAPL', 10);
    expect(sent(made)).toEqual(['buy 10 AAPL']);
    expect(made.events('OrderDenied')).toMatchObject([
      { agentId: 'a', code: 'AGENT_EXPOSURE', qtyNanos: shares(20) },
    ]);
  });

  test('of one strategy count each other’s wishes', async () => {
    const made = await bench({ 'strategy.exposure': 1_500 }, 'a', 'b');
    made.want('a', 'AAPL', 10);
    await made.target('b', 'AAPL', 10);
    expect(sent(made)).toEqual(['buy 10 AAPL']);
    expect(made.events('OrderDenied')).toMatchObject([{ agentId: 'b', code: 'STRATEGY_EXPOSURE' }]);
  });

  test('do not cross inside what one of them may not hold', async () => {
    const made = await bench({ 'agent.exposure': 1_500 }, 'a', 'b');
    await made.target('a', 'AAPL', 10);
    await fill(made);
    made.want('a', 'AAPL', 0);
    await made.target('b', 'AAPL', 20);
    expect(made.events('AgentsCrossed')).toEqual([]);
    expect(sent(made)).toEqual(['buy 10 AAPL', 'sell 10 AAPL']);
  });
});

describe('buying power', () => {
  test('counts what the broker has not counted yet', async () => {
    const made = await bench();
    made.broker.buyingPowerMicros = 1_900_000_000;
    await settle(made, 3_000);
    await made.target('a', 'KO', 10);
    // The reading is from before the order: its cost is the desk's to count, filled or not.
    await made.target('a', 'AAPL', 9);
    expect([sent(made), denied(made)]).toEqual([['buy 10 KO'], ['BUYING_POWER']]);
    await fill(made);
    await made.target('a', 'AAPL', 8.9);
    expect(denied(made)).toEqual(['BUYING_POWER', 'BUYING_POWER']);
    // The next reading has it.
    await settle(made, 3_000);
    await made.target('a', 'AAPL', 9);
    expect(sent(made)).toEqual(['buy 10 KO', 'buy 9 AAPL']);
  });

  test('does not keep an exit in', async () => {
    const made = await bench();
    await made.target('a', 'AAPL', 10);
    await fill(made);
    made.broker.buyingPowerMicros = 0;
    await settle(made, 3_000);
    await made.target('a', 'AAPL', 0);
    expect(sent(made)).toEqual(['buy 10 AAPL', 'sell 10 AAPL']);
  });
});

describe('orders in a row', () => {
  test('are denied when they are the same, and tried again when the time has passed', async () => {
    const made = await bench({ 'order.duplicateWindow': 5 });
    await made.target('a', 'AAPL', 10);
    await fill(made);
    await made.target('a', 'AAPL', 20);
    expect([sent(made), denied(made)]).toEqual([['buy 10 AAPL'], ['DUPLICATE_ORDER']]);
    await settle(made, 3_000);
    expect(sent(made)).toEqual(['buy 10 AAPL']);
    await settle(made, 2_500);
    expect(sent(made)).toEqual(['buy 10 AAPL', 'buy 10 AAPL']);
  });

  test('are denied beyond the rate of a minute; exits pass and count', async () => {
    const made = await bench({ 'account.ordersPerMinute': 2 });
    for (const count of [1, 3]) {
      await made.target('a', 'AAPL', count);
      await fill(made);
    }
    await made.target('a', 'AAPL', 6);
    expect(denied(made)).toEqual(['ORDER_RATE']);
    await made.target('a', 'AAPL', 0);
    expect(sent(made)).toEqual(['buy 1 AAPL', 'buy 2 AAPL', 'sell 3 AAPL']);
    await fill(made);
    await made.target('a', 'AAPL', 5);
    await settle(made, 58_000);
    expect(sent(made)).toHaveLength(3);
    await settle(made, 3_000);
    expect(sent(made).at(-1)).toBe('buy 5 AAPL');
  });

  test('are denied while too many are open', async () => {
    const made = await bench({ 'account.openOrders': 1 });
    await made.target('a', 'KO', 10);
    await made.target('a', 'AAPL', 10);
    expect([sent(made), denied(made)]).toEqual([['buy 10 KO'], ['OPEN_ORDERS']]);
    await fill(made);
    await settle(made, 600);
    expect(sent(made)).toEqual(['buy 10 KO', 'buy 10 AAPL']);
  });
});

describe('a short position', () => {
  test('needs the limits to allow it', async () => {
    const made = await bench({ 'account.shorting': 0 });
    await made.target('a', 'AAPL', -10);
    expect([sent(made), denied(made)]).toEqual([[], ['SHORT_NOT_ALLOWED']]);
    set(made, { 'account.shorting': 1 });
    await made.target('a', 'AAPL', -10);
    expect(sent(made)).toEqual(['sell 10 AAPL']);
  });

  test('needs a broker that lends the shares', async () => {
    const made = createTradingBench();
    made.broker.shortable = false;
    await made.connect();
    made.deploy('a');
    await made.target('a', 'AAPL', -10);
    expect([sent(made), denied(made)]).toEqual([[], ['SHORT_UNAVAILABLE']]);
  });
});

test('a halted symbol takes no entry and lets an exit out', async () => {
  const made = await bench();
  await made.target('a', 'AAPL', 10);
  await fill(made);
  made.trading.quotes.setHalted('AAPL', true);
  await made.target('a', 'AAPL', 20);
  expect(denied(made)).toEqual(['SYMBOL_HALTED']);
  await made.target('a', 'AAPL', 0);
  expect(sent(made)).toEqual(['buy 10 AAPL', 'sell 10 AAPL']);
});

describe('losses', () => {
  test('of an agent end its entries for the day and nobody else’s', async () => {
    const made = await bench({ 'agent.dailyLoss': 50 }, 'a', 'b');
    await made.target('a', 'AAPL', 10);
    await fill(made);
    made.quote('AAPL', 949_900, 950_100);
    made.trading.quotes.setLast('AAPL', 950_000);
    await made.target('a', 'AAPL', 12);
    expect([sent(made), denied(made)]).toEqual([['buy 10 AAPL'], ['AGENT_DAILY_LOSS']]);
    await made.target('b', 'AAPL', 1);
    expect(sent(made)).toEqual(['buy 10 AAPL', 'buy 1 AAPL']);
    const day = '2026-03-03';
    made.broker.fill(made.lastOrder().clientOrderId, shares(1), 950_000);
    await made.target('a', 'AAPL', 0);
    made.broker.fill(made.lastOrder().clientOrderId, shares(10), 950_000);
    expect(made.store.state().agents['a']?.dayRealisedMicros).toBe(-50_000_000);
    const budget = { budgetMicros: 0, exitReserveMicros: 0 };
    made.store.commit({ kind: 'BudgetDayStarted', at: Date.now(), day, ...budget });
    await made.target('a', 'AAPL', 5);
    expect(sent(made).at(-1)).toBe('buy 5 AAPL');
  });

  test.each([
    ['DAILY_LOSS', 94_999_000_000, [] as number[]],
    ['DRAWDOWN', 108_000_000_000, [120_000_000_000]],
  ])(
    'of the account put the desk to reducing with %s until somebody unblocks it',
    async (code, equity, before) => {
      const made = await bench({ 'account.dailyLoss': 5_000, 'account.drawdown': 10 });
      await made.target('a', 'AAPL', 10);
      await fill(made);
      for (const equityMicros of [...before, equity]) {
        made.broker.equityMicros = equityMicros;
        await settle(made, 3_000);
      }
      expect(made.store.state().entries).toMatchObject({ kind: 'blocked', actor: 'host' });
      expect(made.store.state().breach).toMatchObject({ code });
      expect(made.events('LimitBreached')).toHaveLength(1);
      expect(made.events('NoticeRaised')).toMatchObject([{ severity: 'critical' }]);
      await made.target('a', 'AAPL', 20);
      expect(sent(made)).toEqual(['buy 10 AAPL']);
      await made.target('a', 'AAPL', 4);
      expect(sent(made)).toEqual(['buy 10 AAPL', 'sell 6 AAPL']);
      expect(() => made.trading.assertNoBreach()).toThrow(
        expect.objectContaining({ code: 'LIMIT_BREACHED' }),
      );
      made.broker.equityMicros = 119_000_000_000;
      await settle(made, 3_000);
      expect(made.store.state().entries.kind).toBe('blocked');
      expect(() => made.trading.assertNoBreach()).not.toThrow();
    },
  );
});

describe('a change of limits', () => {
  test('holds from the next order and over a restart', async () => {
    const made = await bench();
    set(made, { 'order.notional': 900, 'account.dailyLoss': 250 });
    await made.target('a', 'AAPL', 10);
    expect(denied(made)).toEqual(['ORDER_NOTIONAL']);
    const past = made.journal.payloads().map((payload) => JSON.parse(payload));
    const after = createTradingBench(past);
    expect(after.store.state().limits).toEqual(made.store.state().limits);
    await after.connect();
    await after.target('a', 'AAPL', 10);
    expect([sent(after), denied(after)]).toEqual([[], ['ORDER_NOTIONAL']]);
  });
});
