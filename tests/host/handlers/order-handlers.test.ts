import { expect, test } from 'vitest';
import { DeskError } from '../../../electron/contract/errors.ts';
import type { DeskEvent } from '../../../electron/contract/events.ts';
import type { OutputOf } from '../../../electron/contract/define-operation.ts';
import { listOrders } from '../../../electron/contract/orders.ts';
import { createOrderHandlers } from '../../../electron/host/handlers/order-handlers.ts';
import { testClock } from '../../support/fleet-bench.ts';
import { gaugesAt, quote } from '../../support/sample-desk.ts';
import { createTradingBench, shares, type TradingBench } from '../../support/trading-bench.ts';
import { orderApproved, orderFilled } from '../../support/build-events.ts';

const signal = new AbortController().signal;
const window = { actor: 'window' as const, signal };

function handlersOver({ store, trading, journal }: TradingBench) {
  const readable = { ...journal, lastSeq: () => journal.payloads().length };
  const handlers = createOrderHandlers({
    store,
    trading,
    clock: testClock,
    journal: readable as never,
    latestGauges: () =>
      gaugesAt(0, { market: { isOpen: true, marketAt: 0, dataAgeMs: 0, quotes: { AAPL: quote(101) } } }),
  });
  const list = async (input: object = {}): Promise<OutputOf<typeof listOrders>> => {
    return handlers['orders.list'](listOrders.input.parse(input), window);
  };
  return { ...handlers, list };
}

test('an order keeps when it was decided, what it was judged by, and when the broker took it', async () => {
  const bench = createTradingBench();
  await bench.connect();
  bench.deploy('momentum-01');
  const decidedAt = Date.now();
  await bench.target('momentum-01', 'AAPL', 10);
  expect(bench.lastOrder()).toMatchObject({
    decidedAt,
    judgement: { state: 'active', bidTicks: 999_900, askTicks: 1_000_100, positionNanos: 0 },
    isForeign: false,
  });
  const [order] = (await handlersOver(bench).list()).orders;
  expect(order).toMatchObject({
    type: 'market',
    isWorking: true,
    decisionToOrderMs: 10,
    orderToFillMs: null,
    shares: [{ agentId: 'momentum-01', qtyNanos: shares(10) }],
  });
});

test('an order that closes for a kill was decided by no agent', async () => {
  const bench = createTradingBench();
  await bench.connect();
  bench.deploy('momentum-01');
  bench.broker.fillTicks = 1_000_000;
  await bench.target('momentum-01', 'AAPL', 10);
  await bench.trading.close('AAPL', 'sell', shares(10), [{ agentId: 'momentum-01', qtyNanos: shares(10) }]);
  expect(bench.lastOrder()).toMatchObject({ side: 'sell', decidedAt: null });
});

test('asks the broker for the end of one order, and shows it as ended once the broker says so', async () => {
  const bench = createTradingBench();
  await bench.connect();
  bench.deploy('momentum-01');
  await bench.target('momentum-01', 'AAPL', 10);
  const id = bench.lastOrder().clientOrderId;
  bench.broker.fill(id, shares(4), 1_000_000);
  // What the agents want stands, and would be ordered anew.
  bench.store.commit({ kind: 'EntriesBlocked', at: Date.now(), actor: 'window', reason: 'test' });
  const answer = await handlersOver(bench)['orders.cancel']({ id, all: false }, window);
  expect(answer).toEqual({
    mode: 'demo',
    asked: [{ clientOrderId: id, symbol: 'AAPL', side: 'buy', leftNanos: shares(6) }],
    refused: [],
    entries: 'blocked',
  });
  expect(bench.broker.calls).toContain('cancel b-1');
  expect(bench.events('OrderCancelAsked')).toMatchObject([{ actor: 'window', clientOrderId: id }]);
  expect(bench.store.state().orders[id]).toMatchObject({ state: 'cancelled', filledNanos: shares(4) });

  const shown = await handlersOver(bench)['orders.show']({ id }, window);
  expect(shown.history.map(({ event }) => event.kind)).toEqual([
    'OrderApproved',
    'OrderUpdated',
    'OrderFilled',
    'OrderCancelAsked',
    'OrderUpdated',
  ]);
  expect(shown.order).toMatchObject({ state: 'cancelled', isWorking: false, cancelAskedAt: null });
});

test('an order that the broker will not cancel works on, with the reason on record', async () => {
  const bench = createTradingBench();
  await bench.connect();
  bench.deploy('momentum-01');
  await bench.target('momentum-01', 'AAPL', 10);
  const id = bench.lastOrder().clientOrderId;
  bench.broker.reachable = false;
  const handlers = handlersOver(bench);
  await expect(handlers['orders.cancel']({ id, all: false }, window)).rejects.toMatchObject({
    code: 'BROKER_UNAVAILABLE',
  });
  expect(bench.store.state().orders[id]).toMatchObject({
    cancelAskedAt: null,
    detail: 'not cancelled: The broker is out of reach.',
  });
  const all = await handlers['orders.cancel']({ all: true }, window);
  expect(all).toMatchObject({ asked: [], refused: [{ clientOrderId: id }], entries: 'open' });
});

test('cancels every working order and leaves what others placed on the account', async () => {
  const bench = createTradingBench();
  await bench.connect();
  bench.quote('KO', 600_000, 600_100);
  bench.deploy('momentum-01', ['AAPL', 'KO']);
  await bench.target('momentum-01', 'AAPL', 10);
  await bench.target('momentum-01', 'KO', 5);
  bench.broker.place({ clientOrderId: 'by-hand', symbol: 'TSLA', side: 'buy', qtyNanos: shares(1) });
  const { asked, refused } = await handlersOver(bench)['orders.cancel']({ all: true }, window);
  expect([asked.map(({ symbol }) => symbol).sort(), refused]).toEqual([['AAPL', 'KO'], []]);
  expect(bench.broker.orders.get('by-hand')?.status).toBe('new');
});

test.each([
  ['nt-99', 'ORDER_NOT_FOUND', /no working or recent order "nt-99".*orders-list/],
  ['nt-1', 'ORDER_NOT_WORKING', /nt-1 is filled.*--state working/],
])('refuses to cancel %s with %s', async (id, code, words) => {
  const bench = createTradingBench();
  await bench.connect();
  bench.deploy('momentum-01');
  bench.broker.fillTicks = 1_000_000;
  await bench.target('momentum-01', 'AAPL', 10);
  await bench.pass(10);
  const refusal = await Promise.resolve(
    handlersOver(bench)['orders.cancel']({ id, all: false }, window),
  ).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(DeskError);
  expect(refusal).toMatchObject({ code, message: expect.stringMatching(words) });
});

/** Filled orders `from` to `to`, two an hour, of AAPL and every third of KO. */
function filledOrders(from: number, to: number): DeskEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index).flatMap((n) => {
    const fields = {
      // Two orders share each time.
      at: Math.floor(n / 2) * 3_600_000,
      clientOrderId: `nt-${n}`,
      symbol: n % 3 === 0 ? 'KO' : 'AAPL',
    };
    return [
      orderApproved(fields),
      orderFilled({ ...fields, executionId: `b-${n}:10`, qtyNanos: shares(10), allocations: [] }),
    ];
  });
}

const chosen = (account: 'demo' | 'paper', accountNumber: string | null): DeskEvent => ({
  kind: 'AccountChosen',
  at: 0,
  actor: 'cli',
  account,
  accountNumber,
});

test('lists from the journal what the state no longer keeps, newest first and of this account only', async () => {
  const bench = createTradingBench([
    ...filledOrders(1, 20),
    chosen('paper', 'PA1'),
    ...filledOrders(21, 30),
    chosen('demo', null),
    ...filledOrders(31, 640),
  ]);
  expect(Object.keys(bench.store.state().orders).length).toBeLessThan(630);
  const { list } = handlersOver(bench);
  const ids = async (input: object): Promise<string[]> =>
    (await list(input)).orders.map(({ clientOrderId }) => clientOrderId);
  const demo = [...numbers(31, 640).reverse(), ...numbers(1, 20).reverse()];
  expect(await ids({ limit: 5_000 })).toEqual(demo.map((n) => `nt-${n}`));
  expect(await ids({ limit: 3 })).toEqual(['nt-640', 'nt-639', 'nt-638']);
  const ko = demo.filter((n) => n % 3 === 0);
  expect(await ids({ limit: 5_000, symbol: 'KO' })).toEqual(ko.map((n) => `nt-${n}`));
  expect([(await list({ limit: 629 })).more, (await list({ limit: 630 })).more]).toEqual([true, false]);
  const shown = await handlersOver(bench)['orders.show']({ id: 'nt-2' }, window);
  expect([shown.order.state, shown.history.length]).toEqual(['filled', 2]);
});

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test("sets the account's positions against the agents' books, symbol by symbol and agent by agent", async () => {
  const bench = createTradingBench();
  await bench.connect();
  bench.deploy('momentum-01');
  bench.deploy('reversion-02');
  bench.broker.fillTicks = 1_000_000;
  await bench.target('momentum-01', 'AAPL', 10);
  await bench.pass(600);
  await bench.target('reversion-02', 'AAPL', -4);
  await bench.pass(600);
  bench.broker.fillTicks = 1_020_000;
  await bench.target('momentum-01', 'AAPL', 7);
  await bench.pass(600);
  const { positions } = await handlersOver(bench)['positions.list']({}, window);
  expect(positions).toEqual([
    {
      symbol: 'AAPL',
      qtyNanos: shares(3),
      averageTicks: null,
      // 7 bought at $100 and 4 sold at $100, both at $101.
      unrealisedMicros: 3_000_000,
      // 3 of the 10 sold for $2 more.
      realisedMicros: 6_000_000,
      accountNanos: shares(3),
      differenceNanos: 0,
      markTicks: 1_010_000,
      valueMicros: 303_000_000,
      agents: [
        {
          agentId: 'momentum-01',
          qtyNanos: shares(7),
          averageTicks: 1_000_000,
          unrealisedMicros: 7_000_000,
          realisedMicros: 6_000_000,
        },
        {
          agentId: 'reversion-02',
          qtyNanos: shares(-4),
          averageTicks: 1_000_000,
          unrealisedMicros: -4_000_000,
          realisedMicros: 0,
        },
      ],
    },
  ]);
});
