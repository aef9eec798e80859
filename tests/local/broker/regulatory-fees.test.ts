// What trades cost beside their prices: nothing on paper, the regulators' fees in realistic fills.
import { expect, test } from 'vitest';
import { notionalMicros } from '../../../electron/contract/money.ts';
import { activityToWire } from '../../../electron/local/broker/activity-wire.ts';
import { ActivityQuery, listActivities } from '../../../electron/local/broker/list-activities.ts';
import type { OrderRecord } from '../../../electron/local/broker/order-record.ts';
import { type FeeBearing, regulatoryFees } from '../../../electron/local/broker/regulatory-fees.ts';
import { anOrder, type Bench, createBench, SHARE, USD } from './broker-bench.ts';

const CENT = USD / 100;

const { broker: anyBroker } = createBench();
/** One order of each side: the fees look at nothing else of it. */
const orders: Record<'buy' | 'sell', OrderRecord> = {
  sell: anyBroker.place(anOrder({ side: 'sell', shares: 1 })),
  buy: anyBroker.place(anOrder({ symbol: 'KO', shares: 1 })),
};

function trade(side: 'buy' | 'sell', shares: number, usd: number, day: string): FeeBearing {
  const qtyNanos = Math.round(shares * SHARE);
  return { order: orders[side], qtyNanos, priceTicks: usd * 10_000, atMs: Date.parse(day) };
}

const fees = (...trades: FeeBearing[]) =>
  Object.fromEntries(regulatoryFees(trades).map(({ kind, micros }) => [kind, micros / CENT]));

test('the rates are those of the day: the SEC takes nothing until April 2026, then $20.60 a million sold', () => {
  // 10,000 shares at $100: a million. CAT is $0.265, TAF $1.95, later $2.32 and $2.40.
  expect(fees(trade('sell', 10_000, 100, '2026-01-05'))).toEqual({ TAF: 195, CAT: 27 });
  expect(fees(trade('sell', 10_000, 100, '2026-04-03'))).toEqual({ TAF: 195, CAT: 27 });
  expect(fees(trade('sell', 10_000, 100, '2026-04-04'))).toEqual({ REG: 2_060, TAF: 195, CAT: 27 });
  expect(fees(trade('sell', 10_000, 100, '2027-01-01'))).toMatchObject({ TAF: 232 });
  expect(fees(trade('sell', 10_000, 100, '2028-01-03'))).toMatchObject({ TAF: 240 });
});

test('a purchase pays for the audit trail alone, by the share begun', () => {
  expect(fees(trade('buy', 10_000, 100, '2026-04-06'))).toEqual({ CAT: 27 });
  // 400 executions of half a share are 400 shares: 1.06 cents.
  const halves = Array.from({ length: 400 }, () => trade('buy', 0.5, 100, '2026-04-06'));
  expect(fees(...halves.slice(0, 377))).toEqual({ CAT: 1 });
  expect(fees(...halves)).toEqual({ CAT: 2 });
});

test('the fee by the share has a cap an execution, and a day is rounded up once', () => {
  expect(fees(trade('sell', 60_000, 1, '2026-01-05'))).toMatchObject({ TAF: 979 });
  const small = trade('sell', 1, 100, '2026-04-06');
  // One share: 0.206, 0.0195 and 0.00265 cents. Four of them still round up to one of each.
  expect(fees(small, small, small, small)).toEqual({ REG: 1, TAF: 1, CAT: 1 });
  expect(fees()).toEqual({});
});

function roundTrip({ broker, pass }: Bench): void {
  broker.place(anOrder({ shares: 100 }));
  pass(5_000);
  broker.place(anOrder({ shares: 100, side: 'sell' }));
  pass(5_000);
}

test('fees wait for the close, and are then listed by kind among the activities, which add up to the cash', () => {
  const bench = createBench({ fills: 'realistic' });
  const { broker, book } = bench;
  roundTrip(bench);
  const flow = book
    .executions()
    .reduce(
      (sum, { order, qtyNanos, priceTicks }) =>
        sum + (order.terms.side === 'buy' ? -1 : 1) * notionalMicros(qtyNanos, priceTicks),
      0,
    );
  expect(book.cashMicros()).toBe(100_000 * USD + flow);
  // 1.95 cents of TAF and 0.53 of CAT.
  expect(broker.pendingFeesMicros()).toBe(3 * CENT);
  bench.passToClose();
  expect(broker.pendingFeesMicros()).toBe(0);
  expect(book.cashMicros()).toBe(100_000 * USD + flow - 3 * CENT);
  const list = (query: object) => listActivities(book, ActivityQuery.parse(query)).map(activityToWire);
  expect(list({ activity_types: 'FEE', direction: 'asc' })).toMatchObject([
    {
      activity_type: 'FEE',
      activity_sub_type: 'TAF',
      net_amount: '-0.02',
      date: '2026-01-05',
      currency: 'USD',
    },
    { activity_type: 'FEE', activity_sub_type: 'CAT', net_amount: '-0.01', status: 'executed' },
  ]);
  expect(list({ category: 'non_trade_activity' })).toHaveLength(2);
  bench.passToOpen();
  bench.passToClose();
  expect(book.feeCharges()).toHaveLength(2);
});

test('pages of activities carry every fill and fee once, in the order of time', () => {
  const bench = createBench({ fills: 'realistic' });
  for (let day = 0; day < 3; day += 1) {
    roundTrip(bench);
    bench.passToClose();
    bench.passToOpen();
  }
  const whole = listActivities(bench.book, ActivityQuery.parse({ direction: 'asc' }));
  const paged: string[] = [];
  for (let token: string | undefined = undefined; ; ) {
    const query: object = { direction: 'asc', page_size: 2, ...(token && { page_token: token }) };
    const page = listActivities(bench.book, ActivityQuery.parse(query));
    if (page.length === 0) break;
    paged.push(...page.map(({ id }) => id));
    token = page.at(-1)?.id;
  }
  expect(paged).toEqual(whole.map(({ id }) => id));
  expect(new Set(paged).size).toBe(whole.length);
  expect(whole.filter(({ of }) => of.type === 'FEE')).toHaveLength(6);
  const times = whole.map(({ atMs }) => atMs);
  expect(times).toEqual([...times].sort((one, other) => one - other));
});

test('paper fills cost nothing', () => {
  const bench = createBench({ fills: 'alpaca-paper' });
  roundTrip(bench);
  expect(bench.broker.pendingFeesMicros()).toBe(0);
  bench.passToClose();
  expect(bench.book.feeCharges()).toEqual([]);
});

test('a day that was charged is charged no more after a restart', async () => {
  const first = createBench({ fills: 'realistic' });
  roundTrip(first);
  first.passToClose();
  await first.store.settled();
  const again = createBench({ fills: 'realistic', journal: first.journal });
  expect(again.book.feeCharges()).toEqual(first.book.feeCharges());
  expect(again.book.cashMicros()).toBe(first.book.cashMicros());
  expect(again.broker.pendingFeesMicros()).toBe(0);
});
