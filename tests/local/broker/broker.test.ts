import { describe, expect, test, vi } from 'vitest';
import { notionalMicros } from '../../../electron/contract/money.ts';
import { valueAccount } from '../../../electron/local/broker/account-values.ts';
import { anOrder, createBench, native, SHARE, USD } from './broker-bench.ts';

describe('an order in the open market', () => {
  test('fills at the ask and pays for what it bought to the micro-dollar', async () => {
    const { broker, book, exchange, store, updates } = createBench();
    const { askTicks } = exchange.quote('AAPL');
    const accepted = broker.place(anOrder({ shares: 10 }));
    await store.settled();
    expect(accepted.status).toBe('pending_new');
    expect(book.order(accepted.terms.id)?.status).toBe('filled');
    expect(book.position('AAPL').qtyNanos).toBe(10 * SHARE);
    expect(book.cashMicros()).toBe(100_000 * USD - notionalMicros(10 * SHARE, askTicks));
    expect(updates.map(({ event }) => event)).toEqual(['new', 'fill']);
    expect(updates[1]?.execution).toMatchObject({ priceTicks: askTicks, positionNanos: 10 * SHARE });
  });

  test('fills in parts where the displayed quantity is smaller, and the parts add up', async () => {
    const { broker, book, exchange, pass, store, updates } = createBench({
      cashMicros: 10_000_000 * USD,
      fills: 'realistic',
    });
    const shares = exchange.quote('AAPL').askQty + 50;
    const { terms } = broker.place(anOrder({ shares }));
    pass(50);
    await store.settled();
    expect(updates.map(({ event }) => event)).toEqual(['new', 'partial_fill', 'fill']);
    const parts = book.executions().map((execution) => execution.qtyNanos);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(shares * SHARE);
    const paid = book
      .executions()
      .reduce((sum, { qtyNanos, priceTicks }) => sum + BigInt(qtyNanos) * BigInt(priceTicks), 0n);
    expect(book.order(terms.id)?.filledTickNanos).toBe(paid);
  });

  test('rests below the market and gives its reserved buying power back when canceled', () => {
    const { broker, book, exchange } = createBench();
    const buyingPower = () =>
      valueAccount(book, (symbol) => exchange.quote(symbol).lastTicks).buyingPowerMicros;
    const before = buyingPower();
    const { terms } = broker.place(anOrder({ shares: 100, limitTicks: 1_000_000 }));
    expect(book.order(terms.id)?.status).toBe('new');
    expect(before - buyingPower()).toBe(100 * 100 * USD);
    broker.cancel(terms.id);
    expect(book.order(terms.id)?.status).toBe('canceled');
    expect(buyingPower()).toBe(before);
    expect(exchange.cancel(terms.id)).toBe(false);
  });

  test('cannot be canceled once filled', () => {
    const { broker, refusal } = createBench();
    const { terms } = broker.place(anOrder());
    expect(refusal(() => broker.cancel(terms.id))).toEqual({
      status: 422,
      code: 42210000,
      message: 'order is already in "filled" state',
    });
  });
});

describe('an order while the market is closed', () => {
  test('waits as accepted, and reaches the exchange at the open', async () => {
    const { broker, book, exchange, passToClose, passToOpen, store, updates } = createBench();
    passToClose();
    const { terms, status } = broker.place(anOrder());
    expect(status).toBe('accepted');
    expect(exchange.cancel(terms.id)).toBe(false);
    passToOpen();
    await store.settled();
    expect(book.order(terms.id)?.status).toBe('filled');
    expect(updates.map(({ event }) => event)).toEqual(['accepted', 'new', 'fill']);
    expect(updates[2]?.atMs).toBe(exchange.clock().nowMs);
  });

  test('can be canceled while it waits', () => {
    const { broker, book, passToClose, passToOpen } = createBench();
    passToClose();
    const { terms } = broker.place(anOrder());
    broker.cancel(terms.id);
    passToOpen();
    expect(book.order(terms.id)?.status).toBe('canceled');
    expect(book.heldSymbols()).toEqual([]);
  });
});

describe('the close of a session', () => {
  test('expires day orders and leaves gtc orders working', () => {
    const { broker, book, exchange, passToClose, passToOpen } = createBench();
    const day = broker.place(anOrder({ limitTicks: 1_000_000 }));
    const gtc = broker.place(anOrder({ limitTicks: 1_000_000, timeInForce: 'gtc' }));
    passToClose();
    expect(book.order(day.terms.id)?.status).toBe('expired');
    expect(book.order(gtc.terms.id)?.status).toBe('new');
    passToOpen();
    expect(exchange.cancel(day.terms.id)).toBe(false);
    expect(exchange.cancel(gtc.terms.id)).toBe(true);
  });

  test('keeps the equity of the close as last equity', () => {
    const { broker, book, exchange, passToClose, passToOpen } = createBench();
    broker.place(anOrder({ shares: 100 }));
    passToClose();
    const { equityMicros } = valueAccount(book, (symbol) => exchange.quote(symbol).lastTicks);
    expect(equityMicros).not.toBe(100_000 * USD);
    passToOpen();
    expect(book.lastEquityMicros()).toBe(equityMicros);
  });
});

describe('an order is refused', () => {
  test('beyond the buying power, which is twice the equity', () => {
    const { broker, exchange, refusal } = createBench({ cashMicros: 50_000 * USD });
    const { lastTicks } = exchange.quote('AAPL');
    const affordable = Math.floor((2 * 50_000 * USD) / notionalMicros(SHARE, Math.ceil(lastTicks * 1.026)));
    expect(refusal(() => broker.place(anOrder({ shares: affordable + 10 })))).toEqual({
      status: 403,
      code: 40310000,
      message: 'insufficient buying power',
    });
    expect(broker.place(anOrder({ shares: affordable - 1 })).terms.qtyNanos).toBe((affordable - 1) * SHARE);
  });

  test('beyond what open orders leave of the buying power', () => {
    const { broker, refusal } = createBench({ cashMicros: 10_000 * USD });
    broker.place(anOrder({ shares: 150, limitTicks: 1_000_000 }));
    expect(refusal(() => broker.place(anOrder({ shares: 60, limitTicks: 1_000_000 }))).message).toBe(
      'insufficient buying power',
    );
  });

  test('when it sells more than is held, or than other orders leave', () => {
    const { broker, exchange, refusal } = createBench();
    broker.place(anOrder({ shares: 10 }));
    expect(refusal(() => broker.place(anOrder({ shares: 11, side: 'sell' }))).message).toBe(
      'insufficient qty available for order (requested: 11, available: 10)',
    );
    const above = Math.ceil((exchange.quote('AAPL').askTicks * 1.2) / 100) * 100;
    broker.place(anOrder({ shares: 6, side: 'sell', limitTicks: above }));
    expect(refusal(() => broker.place(anOrder({ shares: 5, side: 'sell', limitTicks: above }))).message).toBe(
      'insufficient qty available for order (requested: 5, available: 4)',
    );
  });

  test('when it could trade with an order of the same account', () => {
    const { broker, exchange, refusal } = createBench();
    broker.place(anOrder({ shares: 10 }));
    const above = Math.ceil((exchange.quote('AAPL').askTicks * 1.2) / 100) * 100;
    broker.place(anOrder({ shares: 5, side: 'sell', limitTicks: above }));
    const wash = {
      status: 403,
      code: 40310000,
      message: 'potential wash trade detected. use complex orders',
    };
    expect(refusal(() => broker.place(anOrder({ shares: 1 })))).toEqual(wash);
    expect(refusal(() => broker.place(anOrder({ shares: 1, limitTicks: above })))).toEqual(wash);
    expect(broker.place(anOrder({ shares: 1, limitTicks: above - 100 })).terms.side).toBe('buy');
  });

  test('when it opens a short while a long buy order is open', () => {
    const { broker, refusal } = createBench();
    broker.place(anOrder({ shares: 1, limitTicks: 1_000_000 }));
    expect(
      refusal(() => broker.place(anOrder({ shares: 1, side: 'sell', limitTicks: 1_000_100 }))).message,
    ).toBe('cannot open a short sell while a long buy order is open');
  });

  test('when its client order id was used, even by an order that has ended', () => {
    const { broker, refusal } = createBench();
    broker.place(anOrder({ clientOrderId: 'agent-1' }));
    expect(refusal(() => broker.place(anOrder({ clientOrderId: 'agent-1' })))).toEqual({
      status: 422,
      code: 40010001,
      message: 'client_order_id must be unique',
    });
  });
});

test('a short sale earns its proceeds, reserves its margin, and is bought back to flat', () => {
  const { broker, book, exchange } = createBench();
  const { bidTicks } = exchange.quote('AAPL');
  broker.place(anOrder({ shares: 10, side: 'sell' }));
  expect(book.position('AAPL')).toEqual({
    qtyNanos: -10 * SHARE,
    costMicros: -notionalMicros(10 * SHARE, bidTicks),
  });
  const { equityMicros, shortMicros, buyingPowerMicros } = valueAccount(
    book,
    (symbol) => exchange.quote(symbol).lastTicks,
  );
  expect(buyingPowerMicros).toBe(2 * equityMicros + shortMicros);
  const order = broker.closePosition('AAPL');
  expect(order.terms).toMatchObject({ side: 'buy', intent: 'buy_to_close', chargeTicks: 0 });
  expect(book.heldSymbols()).toEqual([]);
});

test('a round trip leaves the cash that its fills cost and earned, to the micro-dollar', () => {
  const { broker, book, pass } = createBench();
  broker.place(anOrder({ shares: 7 }));
  pass(600_000);
  broker.place(anOrder({ shares: 4, side: 'sell' }));
  pass(600_000);
  broker.closePosition('AAPL');
  const flows = book.executions().map(({ order, qtyNanos, priceTicks }) => {
    const valueMicros = notionalMicros(qtyNanos, priceTicks);
    return order.terms.side === 'buy' ? -valueMicros : valueMicros;
  });
  const gain = flows.reduce((sum, flow) => sum + flow, 0);
  expect(gain).not.toBe(0);
  expect(book.cashMicros()).toBe(100_000 * USD + gain);
});

test('closing everything reports each position, and those that cannot be closed with the refusal', () => {
  const { broker, book, exchange } = createBench();
  broker.place(anOrder({ symbol: 'AAPL', shares: 2 }));
  broker.place(anOrder({ symbol: 'MSFT', shares: 2 }));
  const above = Math.ceil((exchange.quote('MSFT').askTicks * 1.2) / 100) * 100;
  broker.place(anOrder({ symbol: 'MSFT', shares: 1, side: 'sell', limitTicks: above }));
  const results = broker.closeAllPositions();
  expect(results.map(({ symbol, kind }) => [symbol, kind])).toEqual([
    ['AAPL', 'ordered'],
    ['MSFT', 'refused'],
  ]);
  expect(book.heldSymbols()).toEqual(['MSFT']);
  expect(broker.cancelAll()).toHaveLength(1);
  expect(broker.closeAllPositions().map(({ kind }) => kind)).toEqual(['ordered']);
  expect(book.heldSymbols()).toEqual([]);
});

describe('an account rebuilt from its journal', () => {
  test('has the same orders, executions, position and cash', async () => {
    const first = createBench();
    first.broker.place(anOrder({ shares: 7 }));
    first.pass(60_000);
    first.broker.place(anOrder({ shares: 3, side: 'sell' }));
    first.broker.place(anOrder({ shares: 5, limitTicks: 1_000_000, timeInForce: 'gtc' }));
    await first.store.settled();
    const exchange = native.DemoExchange.simulated(1, first.exchange.clock().nowMs, 'alpaca-paper');
    const again = createBench({ journal: first.journal, exchange });
    expect(again.book.orders()).toEqual(first.book.orders());
    expect(again.book.executions()).toEqual(first.book.executions());
    expect(again.book.position('AAPL')).toEqual(first.book.position('AAPL'));
    expect(again.book.cashMicros()).toBe(first.book.cashMicros());
  });

  test('sends what is left of a working order to the new exchange', async () => {
    const first = createBench({ cashMicros: 1_000_000_000 * USD, fills: 'realistic' });
    const { askTicks, askQty } = first.exchange.quote('AAPL');
    const limitTicks = Math.floor(askTicks / 100) * 100;
    const { terms } = first.broker.place(anOrder({ shares: askQty + 100, limitTicks }));
    first.pass(50);
    await first.store.settled();
    expect(first.book.order(terms.id)?.status).toBe('partially_filled');
    const exchange = native.DemoExchange.simulated(1, first.exchange.clock().nowMs, 'alpaca-paper');
    const submit = vi.spyOn(exchange, 'submit');
    createBench({ journal: first.journal, exchange });
    expect(submit.mock.calls.map(([{ orderId, qtyNanos }]) => [orderId, qtyNanos])).toEqual([
      [terms.id, 100 * SHARE],
    ]);
  });
});
