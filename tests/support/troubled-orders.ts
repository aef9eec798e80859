// The orders, positions and cash of a troubled broker: what is true, whoever is told of it.
import { notionalMicros } from '../../electron/contract/money.ts';
import type { CashFlow } from '../../electron/contract/order-events.ts';
import type { BrokerOrder, Execution, MarketOrder } from '../../electron/host/trading/broker.ts';
import type { BrokerConduct } from './broker-troubles.ts';
import { apiError } from './fake-broker.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Tell } from './troubled-stream.ts';
import type { VirtualTimers } from './virtual-timers.ts';

export interface TruthOrder {
  order: BrokerOrder;
  readonly takenAt: number;
  readonly executions: { readonly execution: Execution; readonly at: number }[];
}

export interface TroubledOrders {
  /** By client order id. */
  readonly truth: ReadonlyMap<string, TruthOrder>;
  /** Signed quantities; flat ones are left out. */
  positions(): ReadonlyMap<string, number>;
  cashMicros(): number;
  equityMicros(): number;
  open(): TruthOrder[];
  /** Changes a position without an order, as a transfer between accounts does. */
  transfer(symbol: string, deltaNanos: number): void;
  /** Takes cash away as a fee that is listed, or without a word; `listed` ones are found by `flows`. */
  charge(micros: number, listed: boolean): void;
  /** All that was charged, listed or not. */
  chargedMicros(): number;
  readonly flows: readonly { readonly flow: CashFlow; readonly at: number }[];
  /** Takes an order in; throws as the service answers when it does not. */
  take(order: MarketOrder): BrokerOrder;
  /** Asks for the end of one order, which comes a moment later. */
  cancelSoon(known: TruthOrder): void;
  /** Asks for the end of what works, which comes a moment later. */
  cancelOpen(): TruthOrder[];
}

export interface TroubledOrderParts {
  readonly timers: VirtualTimers;
  readonly now: () => number;
  readonly random: SeededRandom;
  readonly conduct: () => BrokerConduct;
  readonly tell: Tell;
  /** In ticks. */
  readonly price: (symbol: string) => number;
}

export const startCashMicros = 100_000_000_000;
const over = ['filled', 'canceled', 'expired', 'rejected'];

/** True while the broker may still fill it in the ordinary way. */
export function isWorking({ order }: TruthOrder): boolean {
  return !over.includes(order.status);
}

/** Creates an account with nothing but cash. */
export function createTroubledOrders(parts: TroubledOrderParts): TroubledOrders {
  const { timers, now, random, conduct, tell, price } = parts;
  const orders = new Map<string, TruthOrder>();
  const held = new Map<string, number>();
  let cash = startCashMicros;
  let charged = 0;
  const flows: { readonly flow: CashFlow; readonly at: number }[] = [];

  const wait = (ms: number): Promise<void> => new Promise((done) => timers.after(ms, done));
  const leftOf = ({ order }: TruthOrder): number => order.qtyNanos - order.filledNanos;

  function end(known: TruthOrder, status: string): void {
    if (!isWorking(known)) return;
    known.order = { ...known.order, status };
    tell(({ listener }) => listener.onOrder(known.order));
  }

  function execute(known: TruthOrder, qtyNanos: number): void {
    const { order } = known;
    const filledNanos = order.filledNanos + qtyNanos;
    const partly = !isWorking(known) ? order.status : 'partially_filled';
    const status = filledNanos === order.qtyNanos ? 'filled' : partly;
    known.order = { ...order, filledNanos, status };
    const priceTicks = price(order.symbol) + random.between(-200, 200);
    const signed = order.side === 'buy' ? qtyNanos : -qtyNanos;
    held.set(order.symbol, (held.get(order.symbol) ?? 0) + signed);
    cash -= notionalMicros(signed, priceTicks);
    const execution = {
      order: known.order,
      qtyNanos,
      cumulativeNanos: filledNanos,
      priceTicks,
      marketAt: now(),
    };
    known.executions.push({ execution, at: now() });
    tell(({ listener }) => {
      listener.onExecution(execution);
      listener.onOrder(execution.order);
    });
  }

  /** A part of what is left, in whole shares where the order is in whole shares. */
  function partOf(known: TruthOrder, share: number): number {
    const unit = known.order.qtyNanos % 1_000_000_000 === 0 ? 1_000_000_000 : 1;
    return Math.min(leftOf(known), Math.max(unit, Math.floor((leftOf(known) * share) / unit) * unit));
  }

  async function live(known: TruthOrder): Promise<void> {
    const inParts = conduct().fills === 'in parts';
    const parts = inParts ? random.between(0, 4) : 0;
    for (let part = 0; part <= parts; part += 1) {
      await wait(inParts ? random.between(1, 4_000) : random.between(2, 200));
      while (!conduct().isOpen && isWorking(known)) await wait(500);
      if (!isWorking(known)) return;
      if (part < parts) execute(known, partOf(known, random.next()));
    }
    const last = inParts ? random.pick(['filled', 'expired', 'canceled', 'rejected']) : 'filled';
    if (last === 'filled') execute(known, leftOf(known));
    else end(known, last);
  }

  function take(order: MarketOrder): BrokerOrder {
    if (orders.has(order.clientOrderId)) throw apiError(422, 'client_order_id must be unique');
    const opposite = [...orders.values()].some(
      (other) => other.order.symbol === order.symbol && other.order.side !== order.side && isWorking(other),
    );
    if (opposite) throw apiError(403, 'potential wash trade detected');
    const before = held.get(order.symbol) ?? 0;
    const after = before + (order.side === 'buy' ? order.qtyNanos : -order.qtyNanos);
    if (before * after < 0) throw apiError(403, 'insufficient qty available for order');
    const status = conduct().isOpen ? 'new' : 'accepted';
    const known: TruthOrder = {
      order: { ...order, brokerOrderId: `b-${orders.size + 1}`, status, filledNanos: 0 },
      takenAt: now(),
      executions: [],
    };
    orders.set(order.clientOrderId, known);
    tell(({ listener }) => listener.onOrder(known.order));
    void live(known);
    return known.order;
  }

  function cancel(known: TruthOrder): void {
    if (conduct().cancel === 'fill wins') execute(known, partOf(known, random.next()));
    if (conduct().cancel === 'told before the fill') {
      const part = partOf(known, random.next() * 0.9);
      if (part < leftOf(known)) {
        const { order } = known;
        tell(({ listener }) => listener.onOrder({ ...order, status: 'canceled' }));
        execute(known, part);
      }
    }
    end(known, 'canceled');
    if (conduct().cancel === 'fill follows')
      timers.after(random.between(1, 800), () => {
        if (leftOf(known) > 0) execute(known, partOf(known, random.next()));
      });
  }

  function cancelSoon(known: TruthOrder): void {
    timers.after(random.between(1, 200), () => isWorking(known) && cancel(known));
  }

  const open = (): TruthOrder[] => [...orders.values()].filter(isWorking);

  return {
    truth: orders,
    positions: () => new Map([...held].filter(([, qtyNanos]) => qtyNanos !== 0)),
    cashMicros: () => cash,
    equityMicros: () =>
      [...held].reduce((sum, [symbol, qtyNanos]) => sum + notionalMicros(qtyNanos, price(symbol)), cash),
    open,
    take,
    transfer: (symbol, deltaNanos) => void held.set(symbol, (held.get(symbol) ?? 0) + deltaNanos),
    cancelSoon,
    flows,
    chargedMicros: () => charged,
    charge(micros, listed) {
      cash -= micros;
      charged += micros;
      if (!listed) return;
      const day = new Date(now()).toISOString().slice(0, 10);
      const activityId = `fee-${flows.length + 1}`;
      flows.push({ flow: { activityId, activityType: 'FEE', day, netMicros: -micros }, at: now() });
    },
    cancelOpen() {
      const working = open();
      for (const known of working) cancelSoon(known);
      return working;
    },
  };
}
