import { expect, test } from 'vitest';
import {
  loadNative,
  type RiskContext,
  type RiskLimits,
  type RiskOrder,
  type RiskVerdict,
} from '../../electron/native/load.ts';

const native = loadNative();
const share = 1_000_000_000;

const buy10: RiskOrder = { symbol: 'AAPL', side: 'buy', qtyNanos: 10 * share };
const sell10: RiskOrder = { ...buy10, side: 'sell' };
/** Flat, $99.99 by $100.00, everything fresh. */
const calm: RiskContext = {
  tradable: true,
  marketOpen: true,
  clockAgeMs: 100,
  bidTicks: 999_900,
  askTicks: 1_000_000,
  quoteAgeMs: 100,
  positionNanos: 0,
  workingNanos: 0,
  state: 'active',
};
/** $1,000 an order, $2,000 a position. */
const limits: RiskLimits = {
  orderNotionalMicros: 1_000_000_000,
  symbolPositionMicros: 2_000_000_000,
  maxQuoteAgeMs: 1_000,
  maxClockAgeMs: 1_000,
};

function code(
  order: Partial<RiskOrder>,
  context: Partial<RiskContext>,
  limit: Partial<RiskLimits> = {},
): string {
  return native.checkOrder({ ...buy10, ...order }, { ...calm, ...context }, { ...limits, ...limit }).code;
}

test('approves an order within its limits', () => {
  expect(native.checkOrder(buy10, calm, limits)).toEqual<RiskVerdict>({
    approved: true,
    code: 'APPROVED',
    detail: '',
  });
});

test('a denial has one code and a sentence with the order, the value and the limit', () => {
  expect(native.checkOrder({ ...buy10, qtyNanos: 11 * share }, calm, limits)).toEqual<RiskVerdict>({
    approved: false,
    code: 'ORDER_NOTIONAL',
    detail: 'buy AAPL: the order is worth $1100.00, above the limit of $1000.00',
  });
});

test.each<[string, Partial<RiskContext>]>([
  ['NOT_TRADABLE', { tradable: false }],
  ['TRADING_HALTED', { state: 'halted' }],
  ['STATE_REDUCING', { state: 'reducing' }],
  ['MARKET_CLOSED', { marketOpen: false }],
  ['MARKET_CLOSED', { marketOpen: null }],
  ['CLOCK_STALE', { clockAgeMs: null }],
  ['CLOCK_STALE', { clockAgeMs: 1_001 }],
  ['QUOTE_MISSING', { bidTicks: null }],
  ['QUOTE_MISSING', { askTicks: 0 }],
  ['QUOTE_STALE', { quoteAgeMs: 1_001 }],
  ['POSITION_UNKNOWN', { positionNanos: null }],
  ['SYMBOL_POSITION', { positionNanos: 11 * share }],
  ['SYMBOL_POSITION', { workingNanos: 11 * share }],
])('refuses to open with %s when %j', (denied, context) => {
  expect(code({}, context)).toBe(denied);
});

const notNumbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.5, 2 ** 53];

test.each<[string, (value: number) => string]>([
  ['QTY_INVALID', (qtyNanos) => code({ qtyNanos }, {})],
  ['CLOCK_STALE', (clockAgeMs) => code({}, { clockAgeMs })],
  ['QUOTE_MISSING', (bidTicks) => code({}, { bidTicks })],
  ['QUOTE_MISSING', (askTicks) => code({}, { askTicks })],
  ['QUOTE_STALE', (quoteAgeMs) => code({}, { quoteAgeMs })],
  ['POSITION_UNKNOWN', (positionNanos) => code({}, { positionNanos })],
  ['POSITION_UNKNOWN', (workingNanos) => code({}, { workingNanos })],
  ['ORDER_NOTIONAL', (orderNotionalMicros) => code({}, {}, { orderNotionalMicros })],
  ['SYMBOL_POSITION', (symbolPositionMicros) => code({}, {}, { symbolPositionMicros })],
  ['QUOTE_STALE', (maxQuoteAgeMs) => code({}, {}, { maxQuoteAgeMs })],
  ['CLOCK_STALE', (maxClockAgeMs) => code({}, {}, { maxClockAgeMs })],
])('what is no whole number refuses with %s', (denied, verdict) => {
  expect(notNumbers.map(verdict)).toEqual(notNumbers.map(() => denied));
});

test('an order that only reduces passes a halted desk without a quote, a clock or room in the limits', () => {
  const blind: RiskContext = {
    ...calm,
    state: 'halted',
    positionNanos: 10 * share,
    marketOpen: null,
    clockAgeMs: null,
    bidTicks: null,
    askTicks: null,
    quoteAgeMs: null,
  };
  const none: RiskLimits = { ...limits, orderNotionalMicros: 0, symbolPositionMicros: 0 };
  expect(native.checkOrder(sell10, blind, none).code).toBe('APPROVED');
  expect(native.checkOrder({ ...sell10, qtyNanos: 10 * share + 1 }, blind, none).code).toBe('TRADING_HALTED');
});
