import { describe, expect, test } from 'vitest';
import { defaultLimits, type Limits, withLimits } from '../../../../electron/contract/limits.ts';
import { limitNames } from '../../../../electron/contract/limit-catalogue.ts';
import {
  type AgentFacts,
  createRiskGate,
  never,
  type OrderFacts,
} from '../../../../electron/host/trading/risk/risk-gate.ts';
import { loadNative } from '../../../../electron/native/load.ts';

const native = loadNative();
const gate = createRiskGate(native);
const share = 1_000_000_000;
const usd = (dollars: number): number => dollars * 1_000_000;

/** Buys 10 shares at $99.99 by $100.01, long 5, on an account of $100,000; approved as it is. */
const buy: OrderFacts = {
  side: 1,
  qtyNanos: 10 * share,
  isLimit: 0,
  limitTicks: null,
  timeInForce: 0,
  extendedHours: 0,
  state: 0,
  tradable: 1,
  halted: 0,
  shortable: 1,
  lotNanos: 1,
  session: 2,
  clockAgeMs: 500,
  bidTicks: 999_900,
  askTicks: 1_000_100,
  quoteAgeMs: 100,
  positionNanos: 5 * share,
  workingBuyNanos: 0,
  workingSellNanos: 0,
  oppositeLimitTicks: null,
  sameOrderAgeMs: never,
  ordersLastMinute: 3,
  openOrders: 2,
  accountAgeMs: 1_000,
  equityMicros: usd(100_000),
  dayStartEquityMicros: usd(100_000),
  peakEquityMicros: usd(100_000),
  buyingPowerMicros: usd(200_000),
  reservedMicros: 0,
  otherGrossMicros: usd(1_000),
  otherNetHighMicros: usd(1_000),
  otherNetLowMicros: usd(-1_000),
};
const sell: Partial<OrderFacts> = { side: -1, positionNanos: 0 };

function limitsWith(changes: Partial<Limits>): Limits {
  const named = Object.entries(changes).map(([name, after]) => ({ name, after }));
  return withLimits(defaultLimits, named);
}

const rows: readonly [code: string, facts: Partial<OrderFacts>, limits?: Partial<Limits>][] = [
  ['QTY_INVALID', { qtyNanos: 0 }],
  ['QTY_INVALID', { qtyNanos: 0.5 }],
  ['PRICE_INVALID', { isLimit: 1, limitTicks: null }],
  ['TICK_SIZE', { isLimit: 1, limitTicks: 1_000_001 }],
  ['NOT_TRADABLE', { tradable: 0 }],
  ['TRADING_HALTED', { state: 2 }],
  ['STATE_REDUCING', { state: 1 }],
  ['ACCOUNT_STALE', { accountAgeMs: 30_001 }],
  ['DAILY_LOSS', { equityMicros: usd(95_000) }],
  ['DRAWDOWN', { peakEquityMicros: usd(112_000) }],
  ['MARKET_CLOSED', { session: 0 }],
  ['CLOCK_STALE', { clockAgeMs: 10_001 }],
  ['TIME_IN_FORCE', { timeInForce: 4 }],
  ['TIME_IN_FORCE', { session: 1 }],
  ['SYMBOL_HALTED', { halted: 1 }],
  ['LOT_SIZE', { lotNanos: 3 * share }],
  ['QUOTE_MISSING', { bidTicks: 0 }],
  ['QUOTE_CROSSED', { bidTicks: 1_000_200 }],
  ['QUOTE_STALE', { quoteAgeMs: 5_001 }],
  ['PRICE_COLLAR', { bidTicks: 900_000 }],
  ['POSITION_UNKNOWN', { positionNanos: null }],
  ['ORDER_QUANTITY', {}, { 'order.quantity': 9 * share }],
  ['ORDER_NOTIONAL', {}, { 'order.notional': usd(1_000) }],
  ['DUPLICATE_ORDER', { sameOrderAgeMs: 499 }],
  ['ORDER_RATE', { ordersLastMinute: 180 }],
  ['OPEN_ORDERS', { openOrders: 100 }],
  ['WASH_TRADE', { workingSellNanos: share }],
  ['WASH_TRADE', { workingSellNanos: share, isLimit: 1, limitTicks: 1_000_000, oppositeLimitTicks: 999_900 }],
  ['SHORT_NOT_ALLOWED', sell, { 'account.shorting': 0 }],
  ['SHORT_UNAVAILABLE', { ...sell, shortable: 0 }],
  ['SYMBOL_POSITION', { workingBuyNanos: 500 * share }],
  ['GROSS_EXPOSURE', { otherGrossMicros: usd(199_000) }],
  ['NET_EXPOSURE', { otherNetHighMicros: usd(199_000) }],
  ['NET_EXPOSURE', { ...sell, otherNetLowMicros: usd(-199_500) }],
  ['CONCENTRATION', {}, { 'account.concentration': 100 }],
  ['BUYING_POWER', { buyingPowerMicros: usd(1_000) }],
  ['BUYING_POWER', { reservedMicros: usd(199_500) }],
  ['ARITHMETIC', { qtyNanos: 1e15, askTicks: 9e15, bidTicks: 9e15 }, wide()],
];

/** Limits as far as a row of numbers reaches. */
function wide(): Partial<Limits> {
  return Object.fromEntries(limitNames.map((name) => [name, Number.MAX_SAFE_INTEGER]));
}

describe('the gate, through the addon', () => {
  test('approves what breaks no rule', () => {
    expect(gate.checkOrder(buy, defaultLimits)).toBeNull();
    expect(gate.checkOrder({ ...buy, ...sell }, defaultLimits)).toBeNull();
  });

  test.each(rows)('refuses with %s alone when %j', (code, facts, limits = {}) => {
    expect(gate.checkOrder({ ...buy, ...facts }, limitsWith(limits))?.code).toBe(code);
  });

  test('names value, rule and remedy, and gives both figures', () => {
    expect(gate.checkOrder(buy, limitsWith({ 'order.notional': usd(1_000) }))).toEqual({
      code: 'ORDER_NOTIONAL',
      detail:
        'the order is worth $1000.10, above the limit of $1000.00. Make it smaller, or raise order.notional.',
      value: 1_000_100_000,
      limit: usd(1_000),
    });
    expect(gate.checkOrder({ ...buy, buyingPowerMicros: null }, defaultLimits)).toMatchObject({
      code: 'BUYING_POWER',
      limit: null,
    });
  });

  test('tries every code of an order and of an agent', () => {
    const tried = new Set([...rows, ...wishes].map(([code]) => code));
    expect([...tried].sort()).toEqual([...native.riskLayout().codes].sort());
  });

  test('names only limits that exist in its remedies', () => {
    const remedies = rows.map(([, facts, limits = {}]) =>
      gate.checkOrder({ ...buy, ...facts }, limitsWith(limits)),
    );
    const named = remedies.flatMap((denial) => denial?.detail.match(/\b[a-z]+\.[a-z][A-Za-z]+\b/g) ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(limitNames).toEqual(expect.arrayContaining(named));
  });

  test('refuses new risk when any fact is missing', () => {
    const optional = ['limitTicks', 'oppositeLimitTicks', 'otherNetLowMicros', 'extendedHours', 'shortable'];
    const needed = Object.keys(buy).filter((name) => name !== 'side' && !optional.includes(name));
    const passed = needed.filter((name) => gate.checkOrder({ ...buy, [name]: null }, defaultLimits) === null);
    expect(passed).toEqual([]);
  });

  test('lets an exit out with nothing known but the position, and never through zero', () => {
    const blind = Object.fromEntries(Object.keys(buy).map((name) => [name, null]));
    const exit = { ...buy, ...blind, side: -1, tradable: 1, positionNanos: 10 * share, state: 2 };
    const known = { ...exit, workingBuyNanos: 0, workingSellNanos: 0, isLimit: 0 };
    expect(gate.checkOrder({ ...known, qtyNanos: 10 * share }, defaultLimits)).toBeNull();
    expect(gate.checkOrder({ ...known, qtyNanos: 10 * share + 1 }, defaultLimits)?.code).toBe(
      'TRADING_HALTED',
    );
  });

  test('goes by the limits that it is given, from the next order', () => {
    const tight = limitsWith({ 'order.notional': usd(1_000) });
    expect(gate.checkOrder(buy, defaultLimits)).toBeNull();
    expect(gate.checkOrder(buy, tight)?.code).toBe('ORDER_NOTIONAL');
    expect(gate.checkOrder(buy, defaultLimits)).toBeNull();
  });
});

/** Flat, wants $1,000.10. */
const wish: AgentFacts = {
  positionNanos: 0,
  targetNanos: 10 * share,
  askTicks: 1_000_100,
  otherExposureMicros: usd(1_000),
  dayResultMicros: 0,
  strategyOtherExposureMicros: usd(2_000),
  strategyDayResultMicros: 0,
};

const wishes: readonly [code: string, facts: Partial<AgentFacts>][] = [
  ['AGENT_DAILY_LOSS', { dayResultMicros: usd(-1_000) }],
  ['STRATEGY_DAILY_LOSS', { strategyDayResultMicros: usd(-3_000) }],
  ['AGENT_EXPOSURE', { otherExposureMicros: usd(49_500) }],
  ['STRATEGY_EXPOSURE', { strategyOtherExposureMicros: usd(149_500) }],
  ['QUOTE_MISSING', { askTicks: null }],
];

describe("an agent's wish", () => {
  test('passes within its limits', () => {
    expect(gate.checkAgent(wish, defaultLimits)).toBeNull();
  });

  test.each(wishes)('is refused with %s alone when %j', (code, facts) => {
    expect(gate.checkAgent({ ...wish, ...facts }, defaultLimits)?.code).toBe(code);
  });

  test('to hold less passes with nothing else known', () => {
    const blind = Object.fromEntries(Object.keys(wish).map((name) => [name, null]));
    const less = { ...wish, ...blind, positionNanos: -10 * share, targetNanos: -3 * share };
    expect(gate.checkAgent(less, defaultLimits)).toBeNull();
    expect(gate.checkAgent({ ...less, targetNanos: share }, defaultLimits)?.code).toBe('AGENT_DAILY_LOSS');
  });
});

describe('the losses of the account', () => {
  test.each([
    ['DAILY_LOSS', { equityMicros: usd(95_000) }],
    ['DRAWDOWN', { peakEquityMicros: usd(112_000) }],
    ['ACCOUNT_STALE', { accountAgeMs: null }],
  ])('are told with %s', (code, facts) => {
    expect(gate.checkLosses({ ...buy, ...facts }, defaultLimits)?.code).toBe(code);
    expect(gate.checkLosses(buy, defaultLimits)).toBeNull();
  });
});

test('refuses an addon with another layout', () => {
  const other = { ...native, riskLayout: () => ({ ...native.riskLayout(), agent: ['positionNanos'] }) };
  expect(() => createRiskGate(other)).toThrow(expect.objectContaining({ code: 'NATIVE_MISSING' }));
});
