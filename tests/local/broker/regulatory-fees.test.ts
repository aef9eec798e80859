// What a sale costs beside its price: nothing on paper, the regulators' fees in realistic fills.
import { expect, test } from 'vitest';
import { notionalMicros } from '../../../electron/contract/money.ts';
import { listActivities, ActivityQuery } from '../../../electron/local/broker/list-activities.ts';
import { activityToWire } from '../../../electron/local/broker/activity-wire.ts';
import { regulatoryFeesMicros } from '../../../electron/local/broker/regulatory-fees.ts';
import { anOrder, createBench, SHARE, USD } from './broker-bench.ts';

test('a sale costs $27.80 a million and $0.000166 a share, rounded up to the micro-dollar', () => {
  // 1,000 shares at $250: 250,000 x 0.0000278 + 1,000 x 0.000166.
  expect(regulatoryFeesMicros('sell', 1_000 * SHARE, 2_500_000)).toBe(6_950_000 + 166_000);
  expect(regulatoryFeesMicros('buy', 1_000 * SHARE, 2_500_000)).toBe(0);
  // A thousandth of one: 6.95 and 0.166 micro-dollars.
  expect(regulatoryFeesMicros('sell', SHARE / 1_000, 2_500_000)).toBe(7 + 1);
});

test('the fee by the share has a cap', () => {
  // Of 100,000 shares at a cent, worth $1,000; without the cap it would be $16.60.
  expect(regulatoryFeesMicros('sell', 100_000 * SHARE, 100)).toBe(27_800 + 8_300_000);
});

test.each([
  ['alpaca-paper', false],
  ['realistic', true],
] as const)('a round trip in %s fills pays fees: %s', (fills, pays) => {
  const { broker, book, pass } = createBench({ fills });
  broker.place(anOrder({ shares: 10 }));
  pass(5_000);
  broker.place(anOrder({ shares: 10, side: 'sell' }));
  pass(5_000);
  const flow = book
    .executions()
    .reduce(
      (sum, { order, qtyNanos, priceTicks }) =>
        sum + (order.terms.side === 'buy' ? -1 : 1) * notionalMicros(qtyNanos, priceTicks),
      0,
    );
  const fees = book.executions().reduce((sum, { feeMicros }) => sum + feeMicros, 0);
  expect(book.heldSymbols()).toEqual([]);
  expect(fees > 0).toBe(pays);
  expect(book.cashMicros()).toBe(100_000 * USD + flow - fees);
  const listed = listActivities(book, ActivityQuery.parse({ activity_types: 'FEE' })).map(activityToWire);
  expect(listed.length > 0).toBe(pays);
  const charged = listed.reduce(
    (sum, activity) => sum + Number('net_amount' in activity && activity.net_amount),
    0,
  );
  expect(charged).toBeCloseTo(-fees / USD, 6);
});
