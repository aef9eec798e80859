// A broker in memory: takes orders, fills them when told, and fails as brokers do. It tells its stream's listener what happens.
import { ApiError } from '@alpacahq/alpaca-trade-api';
import { DeskError } from '../../electron/contract/errors.ts';
import { notionalMicros } from '../../electron/contract/money.ts';
import type { CashFlow } from '../../electron/contract/order-events.ts';
import type { Broker, BrokerOrder, Execution, MarketOrder } from '../../electron/host/trading/broker.ts';
import type { TradeUpdateListener } from '../../electron/host/trading/alpaca/trade-updates.ts';

/** A submission that fails: whether the broker has the order nevertheless, and what the caller sees. */
export interface FailedSubmission {
  readonly taken: boolean;
  readonly error: Error;
}

export interface FakeBroker extends Broker {
  /** Every call, for example "submit nt-1 buy 10 AAPL", in order. */
  readonly calls: string[];
  readonly orders: ReadonlyMap<string, BrokerOrder>;
  /** Orders that arrived, ids in order; a second arrival of an id is listed again. */
  readonly submitted: MarketOrder[];
  /** Failures of the next submissions, first one first. */
  readonly failures: FailedSubmission[];
  /** Failures of every submission in a symbol. */
  readonly refusals: Map<string, Error>;
  /** Every call rejects while false. */
  reachable: boolean;
  /** The answer to a submission does not come while true. */
  mute: boolean;
  isOpen: boolean;
  equityMicros: number;
  cashMicros: number;
  readonly flows: CashFlow[];
  buyingPowerMicros: number;
  /** Of every asset, when the assets are listed. */
  shortable: boolean;
  /** Fills market orders a moment after they were taken, at this price, while the market is open; null fills nothing. */
  fillTicks: number | null;
  /** The listener of the order stream; null while the stream is down. */
  listener: TradeUpdateListener | null;
  /** Signed positions by symbol. */
  readonly held: Map<string, number>;
  /** Fills a part of an order. `told: false` keeps it from the stream. */
  fill(clientOrderId: string, qtyNanos: number, priceTicks: number, options?: { told?: boolean }): Execution;
  /** Takes an order that someone placed beside the desk. */
  place(order: MarketOrder): void;
  /** Ends an order in the broker's own word, for example "expired". */
  finish(clientOrderId: string, status: string): void;
}

const finished = ['filled', 'canceled', 'expired', 'rejected', 'replaced'];

/** An answer of the service with this status. */
export function apiError(status: number, message = `status ${status}`): ApiError {
  return new ApiError(new Response(null, { status }), status, undefined, message);
}

/** What a caller sees when a connection breaks before the answer. */
export const brokenConnection = new TypeError('fetch failed');

/** Creates a broker with an open market and an empty account of $100,000. */
export function createFakeBroker(): FakeBroker {
  const orders = new Map<string, BrokerOrder>();
  const history = new Map<string, Execution[]>();
  let nextId = 1;

  function called(call: string): void {
    broker.calls.push(call);
    if (!broker.reachable) throw new DeskError('BROKER_UNAVAILABLE', 'The broker is out of reach.');
  }

  function take(order: MarketOrder): BrokerOrder {
    const taken = { ...order, brokerOrderId: `b-${nextId}`, status: 'new', filledNanos: 0 };
    nextId += 1;
    orders.set(order.clientOrderId, taken);
    if (broker.isOpen && broker.fillTicks !== null) {
      const priceTicks = broker.fillTicks;
      setTimeout(() => {
        if (orders.get(order.clientOrderId)?.status === 'new')
          broker.fill(order.clientOrderId, order.qtyNanos, priceTicks);
      }, 1);
    }
    return taken;
  }

  function known(clientOrderId: string): BrokerOrder {
    const order = orders.get(clientOrderId);
    if (!order) throw new Error(`the broker does not know ${clientOrderId}`);
    return order;
  }

  const broker: FakeBroker = {
    calls: [],
    orders,
    submitted: [],
    failures: [],
    refusals: new Map(),
    reachable: true,
    mute: false,
    isOpen: true,
    equityMicros: 100_000_000_000,
    cashMicros: 100_000_000_000,
    flows: [],
    buyingPowerMicros: 200_000_000_000,
    shortable: true,
    fillTicks: null,
    listener: null,
    held: new Map(),
    async account() {
      called('account');
      const { equityMicros, cashMicros, buyingPowerMicros } = broker;
      return { accountNumber: 'FAKE-1', equityMicros, cashMicros, buyingPowerMicros };
    },
    async *barPages() {
      called('barPages');
      yield* [];
    },
    async clock() {
      called('clock');
      const now = Date.now();
      return { isOpen: broker.isOpen, marketAt: now, nextOpenAt: now + 3_600_000 };
    },
    async assets() {
      called('symbols');
      const { shortable } = broker;
      return ['AAPL', 'KO', 'TSLA'].map((symbol) => ({ symbol, shortable, lotNanos: 1, halted: false }));
    },
    async positions() {
      called('positions');
      return [...broker.held]
        .filter(([, qtyNanos]) => qtyNanos !== 0)
        .map(([symbol, qtyNanos]) => ({ symbol, qtyNanos, priceTicks: 1_000_000 }));
    },
    async openOrders() {
      called('openOrders');
      return [...orders.values()].filter((order) => !finished.includes(order.status));
    },
    async findOrder(clientOrderId) {
      called(`find ${clientOrderId}`);
      return orders.get(clientOrderId) ?? null;
    },
    async order(brokerOrderId) {
      called(`order ${brokerOrderId}`);
      const found = [...orders.values()].find((order) => order.brokerOrderId === brokerOrderId);
      if (!found) throw apiError(404, 'order not found');
      return found;
    },
    async filledAfter(marketAt) {
      called('filledAfter');
      const filled = [...history.values()].flat().filter((execution) => execution.marketAt > marketAt);
      return new Map(filled.map(({ order, cumulativeNanos }) => [order.brokerOrderId, cumulativeNanos]));
    },
    async cashFlows() {
      called('cashFlows');
      return [...broker.flows];
    },
    async submit(order) {
      called(`submit ${order.clientOrderId} ${order.side} ${order.qtyNanos / 1e9} ${order.symbol}`);
      broker.submitted.push(order);
      if (broker.mute) return new Promise(() => undefined);
      const refusal = broker.refusals.get(order.symbol);
      if (refusal) throw refusal;
      if (orders.has(order.clientOrderId)) throw apiError(422, 'client_order_id must be unique');
      const failure = broker.failures.shift();
      if (failure && !failure.taken) throw failure.error;
      const taken = take(order);
      if (failure) throw failure.error;
      return taken;
    },
    async cancel(brokerOrderId) {
      called(`cancel ${brokerOrderId}`);
      const open = [...orders.values()].find((order) => order.brokerOrderId === brokerOrderId);
      if (!open || finished.includes(open.status))
        throw new DeskError('BROKER_REFUSED', 'The broker did not cancel the order: it is not cancelable');
      broker.finish(open.clientOrderId, 'canceled');
    },
    async cancelAll() {
      called('cancelAll');
      const open = [...orders.values()].filter((order) => !finished.includes(order.status));
      for (const order of open) broker.finish(order.clientOrderId, 'canceled');
      return open.map((order) => ({ brokerOrderId: order.brokerOrderId, status: 200 }));
    },
    async executions(order) {
      called(`executions ${order.clientOrderId}`);
      return history.get(order.clientOrderId) ?? [];
    },
    async bars() {
      called('bars');
      return [];
    },
    fill(clientOrderId, qtyNanos, priceTicks, { told = true } = {}) {
      const before = known(clientOrderId);
      const filledNanos = before.filledNanos + qtyNanos;
      const isWhole = filledNanos >= before.qtyNanos;
      const status = isWhole
        ? 'filled'
        : finished.includes(before.status)
          ? before.status
          : 'partially_filled';
      const order = { ...before, filledNanos, status };
      orders.set(clientOrderId, order);
      const signed = order.side === 'buy' ? qtyNanos : -qtyNanos;
      broker.held.set(order.symbol, (broker.held.get(order.symbol) ?? 0) + signed);
      broker.cashMicros -= notionalMicros(signed, priceTicks);
      const execution = { order, qtyNanos, cumulativeNanos: filledNanos, priceTicks, marketAt: Date.now() };
      history.set(clientOrderId, [...(history.get(clientOrderId) ?? []), execution]);
      if (told) {
        broker.listener?.onExecution(execution);
        broker.listener?.onOrder(order);
      }
      return execution;
    },
    place: (order) => void take(order),
    finish(clientOrderId, status) {
      const order = { ...known(clientOrderId), status };
      orders.set(clientOrderId, order);
      broker.listener?.onOrder(order);
    },
  };
  return broker;
}
