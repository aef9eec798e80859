// Whatever is ordered, and however it fills, the account's cash follows from its executions and fees to the micro-dollar.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { notionalMicros } from '../../../electron/contract/money.ts';
import { BrokerRefusal } from '../../../electron/local/broker/broker-refusal.ts';
import type { Position } from '../../../electron/local/broker/account-book.ts';
import { delayCancels } from '../../../electron/local/broker/delay-cancels.ts';
import type { BrokerNative } from '../../../electron/local/broker/broker-native.ts';
import type { OrderRequest } from '../../../electron/local/broker/parse-order-request.ts';
import { stepMarket } from '../../../electron/local/broker/step-market.ts';
import { anOrder, type Bench, createBench, native, SHARE, USD } from './broker-bench.ts';

const { DemoExchange }: BrokerNative = native;
const fills = fc.constantFrom('alpaca-paper' as const, 'realistic' as const);
const symbol = fc.constantFrom('AAPL', 'KO', 'SPY');
const side = fc.constantFrom('buy' as const, 'sell' as const);

/** Prices are asked for in thousandths of the last one. */
const near = fc.integer({ min: 970, max: 1_030 });
const order = fc.record({
  symbol,
  side,
  kind: fc.constantFrom(
    'market' as const,
    'market' as const,
    'limit' as const,
    'limit' as const,
    'stop' as const,
    'stop_limit' as const,
    'trailing_stop' as const,
  ),
  timeInForce: fc.constantFrom(
    'day' as const,
    'gtc' as const,
    'ioc' as const,
    'fok' as const,
    'opg' as const,
    'cls' as const,
  ),
  orderClass: fc.constantFrom(
    'simple' as const,
    'simple' as const,
    'bracket' as const,
    'oto' as const,
    'oco' as const,
  ),
  extendedHours: fc.boolean(),
  nanos: fc.oneof(
    fc.integer({ min: 1, max: 400 }).map((shares) => shares * SHARE),
    fc.integer({ min: 1, max: 9 * SHARE }),
  ),
  notional: fc.option(fc.integer({ min: USD, max: 9_000 * USD }), { freq: 6 }),
  limit: near,
  stop: near,
});
type AskedOrder = typeof order extends fc.Arbitrary<infer Asked> ? Asked : never;

const action = fc.oneof(
  { weight: 6, arbitrary: order.map((asked) => ({ kind: 'order' as const, asked })) },
  { weight: 2, arbitrary: fc.nat(50).map((nth) => ({ kind: 'cancel' as const, nth })) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      nth: fc.nat(50),
      qty: fc.integer({ min: 1, max: 300 }),
    }),
  },
  { weight: 1, arbitrary: symbol.map((held) => ({ kind: 'close' as const, held })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'withdraw' as const }) },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 4 * 3_600_000 }).map((ms) => ({ kind: 'pass' as const, ms })),
  },
);

function requestOf({ exchange }: Bench, asked: AskedOrder): OrderRequest {
  const { lastTicks } = exchange.quote(asked.symbol);
  const price = (thousandths: number) => Math.floor((lastTicks * thousandths) / 100_000) * 100;
  const isGrouped = asked.orderClass !== 'simple' && asked.kind === 'limit';
  const orderClass = isGrouped ? asked.orderClass : 'simple';
  const kind = asked.kind;
  const isLasting =
    isGrouped || kind.includes('stop') || asked.nanos % SHARE !== 0 || asked.notional !== null;
  const timeInForce = isLasting ? 'day' : asked.timeInForce;
  const isNotional =
    asked.notional !== null && asked.side === 'buy' && !isGrouped && kind !== 'trailing_stop';
  const isWhole = isGrouped || kind === 'trailing_stop' || asked.side === 'sell';
  const far = (sign: number) => price(1_000 + sign * (asked.side === 'buy' ? 50 : -50));
  return {
    ...anOrder(),
    symbol: asked.symbol,
    side: asked.side,
    kind,
    timeInForce,
    extendedHours: asked.extendedHours && !isGrouped && kind === 'limit' && isLasting,
    orderClass,
    qtyNanos: isNotional ? null : isWhole ? Math.ceil(asked.nanos / SHARE) * SHARE : asked.nanos,
    notionalMicros: isNotional ? asked.notional : null,
    limitTicks: kind === 'limit' || kind === 'stop_limit' ? price(asked.limit) : null,
    stopTicks: kind === 'stop' || kind === 'stop_limit' ? price(asked.stop) : null,
    trail: kind === 'trailing_stop' ? { unit: 'percent', millionths: 5_000 } : null,
    takeProfit: orderClass === 'bracket' || orderClass === 'oco' ? { limitTicks: far(1) } : null,
    stopLoss: isGrouped ? { stopTicks: far(-1), limitTicks: null } : null,
  };
}

/** Does what is asked, unless the broker refuses it. */
function attempt(bench: Bench, asked: typeof action extends fc.Arbitrary<infer Asked> ? Asked : never): void {
  const { broker, book, exchange } = bench;
  const open =
    'nth' in asked ? book.openOrders()[asked.nth % Math.max(book.openOrders().length, 1)] : undefined;
  try {
    if (asked.kind === 'order') broker.place(requestOf(bench, asked.asked));
    else if (asked.kind === 'close') broker.closePosition(asked.held);
    else if (asked.kind === 'withdraw') broker.withdrawAll();
    else if (asked.kind === 'pass') stepMarket(exchange, { ms: asked.ms }, broker.absorb);
    else if (open && asked.kind === 'cancel') broker.cancel(open.terms.id);
    else if (open && asked.kind === 'replace') {
      const unchanged = {
        timeInForce: null,
        limitPrice: null,
        stopPrice: null,
        trail: null,
        clientOrderId: null,
      };
      broker.replace(open.terms.id, { ...unchanged, qtyNanos: asked.qty * SHARE });
    }
  } catch (error) {
    if (!(error instanceof BrokerRefusal)) throw error;
  }
}

let executed = 0;

function check({ book }: Bench): void {
  const positions = new Map<string, Position>();
  let [realisedMicros, flowMicros] = [0, 0];
  for (const { order: filled, qtyNanos, priceTicks } of book.executions()) {
    executed += 1;
    const sign = filled.terms.side === 'buy' ? 1 : -1;
    const before = positions.get(filled.terms.symbol) ?? { qtyNanos: 0, costMicros: 0 };
    const { realisedMicros: gain, ...after } = native.applyFill(before, sign * qtyNanos, priceTicks);
    positions.set(filled.terms.symbol, after);
    realisedMicros += gain;
    flowMicros -= notionalMicros(sign * qtyNanos, priceTicks);
  }
  const feesMicros = book.feeCharges().reduce((sum, { micros }) => sum + micros, 0);
  const costMicros = [...positions.values()].reduce((sum, position) => sum + position.costMicros, 0);
  const held = book.heldSymbols().map((name) => [name, book.position(name)] as const);
  expect(held).toEqual(
    [...positions]
      .filter(([, { qtyNanos }]) => qtyNanos !== 0)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  expect(book.cashMicros() + costMicros).toBe(100_000 * USD + realisedMicros - feesMicros);
  expect(book.cashMicros()).toBe(100_000 * USD + flowMicros - feesMicros);
}

test('cash and positions at cost are the opening cash and the realised gains less the fees, after any session', () => {
  fc.assert(
    fc.property(fills, fc.array(action, { minLength: 50, maxLength: 80 }), (profile, actions) => {
      const exchange = DemoExchange.simulated(1, null, profile, true);
      const bench = createBench({
        fills: profile,
        exchange: profile === 'realistic' ? delayCancels(exchange) : exchange,
      });
      for (const asked of actions) attempt(bench, asked);
      bench.passToClose();
      check(bench);
    }),
    { numRuns: 20, seed: 20_260_105 },
  );
  expect(executed).toBeGreaterThan(50);
}, 120_000);
