// Orders in every state, for tests and the preview. Every figure here is made up and never reaches the product.
import type { DeskEvent, EventOf } from '../../electron/contract/events.ts';
import type { OrderEvent } from '../../electron/contract/order-events.ts';
import type { OperationOutput } from '../../renderer/bridge.ts';
import { reduce } from '../../electron/contract/reduce.ts';
import { initialState } from '../../electron/contract/state.ts';
import { viewOrder } from '../../electron/contract/view-order.ts';

const shares = (count: number): number => count * 1_000_000_000;

export interface SampleOrder {
  readonly id: string;
  readonly at: number;
  readonly symbol?: string;
  readonly side?: 'buy' | 'sell';
  /** Whole shares by agent. */
  readonly parts?: Readonly<Record<string, number>>;
  readonly priceTicks?: number;
  /** Shares that fill at once, in the order of the parts. */
  readonly filled?: number;
  readonly end?: Pick<EventOf<'OrderUpdated'>, 'state' | 'detail'>;
}

/** The events of one order: approved, taken 4 ms later, filled 87 ms after its approval, and ended where an end is given. */
export function orderEvents(order: SampleOrder): (DeskEvent & OrderEvent)[] {
  const {
    id,
    at,
    symbol = 'AAPL',
    side = 'buy',
    parts = { 'momentum-01': 10 },
    priceTicks = 1_712_250,
  } = order;
  const qty = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const filled = order.filled ?? 0;
  const events: (DeskEvent & OrderEvent)[] = [
    {
      kind: 'OrderApproved',
      at,
      clientOrderId: id,
      symbol,
      side,
      qtyNanos: shares(qty),
      shares: Object.entries(parts).map(([agentId, part]) => ({ agentId, qtyNanos: shares(part) })),
      decidedAt: at - 12,
      judgement: {
        state: 'active',
        bidTicks: priceTicks - 100,
        askTicks: priceTicks + 100,
        quoteAgeMs: 140,
        positionNanos: 0,
      },
    },
  ];
  if (order.end?.state !== 'rejected' && order.end?.state !== 'unknown')
    events.push({
      kind: 'OrderUpdated',
      at: at + 4,
      clientOrderId: id,
      brokerOrderId: `b-${id}`,
      state: 'sent',
      detail: '',
    });
  if (filled > 0)
    events.push({
      kind: 'OrderFilled',
      at: at + 87,
      clientOrderId: id,
      executionId: `b-${id}:${filled}`,
      symbol,
      side,
      qtyNanos: shares(filled),
      priceTicks,
      marketAt: at + 80,
      allocations: fillParts(parts, filled).map(([agentId, part]) => ({
        agentId,
        symbol,
        deltaNanos: side === 'buy' ? shares(part) : -shares(part),
        qtyNanos: side === 'buy' ? shares(part) : -shares(part),
        costMicros: (side === 'buy' ? part : -part) * priceTicks * 100,
        realisedMicros: side === 'buy' ? 0 : part * 180_000,
      })),
    });
  if (order.end) events.push({ kind: 'OrderUpdated', at: at + 900, clientOrderId: id, ...order.end });
  return events;
}

function fillParts(parts: Readonly<Record<string, number>>, filled: number): [string, number][] {
  let left = filled;
  return Object.entries(parts).flatMap(([agentId, part]): [string, number][] => {
    const taken = Math.min(part, left);
    left -= taken;
    return taken > 0 ? [[agentId, taken]] : [];
  });
}

/** What the host would answer to `orders.show`. */
export function shownOrder(events: readonly OrderEvent[]): OperationOutput<'orders.show'> {
  const [order] = Object.values(events.reduce(reduce, initialState).orders);
  if (!order) throw new Error('the sample has no order');
  return {
    mode: 'demo',
    simulated: true,
    order: viewOrder(order),
    history: events.map((event, index) => ({ seq: 100 + index, event })),
  };
}

/** One order of each kind, newest first. */
export function everyKindOfOrder(now: number): readonly SampleOrder[] {
  const two = { 'momentum-01': 6, 'momentum-05': 4 };
  return [
    { id: 'nt-8f21-412', at: now - 3_000, symbol: 'NVDA', parts: two, filled: 3, priceTicks: 2_104_800 },
    { id: 'nt-8f21-411', at: now - 9_000, symbol: 'KO', side: 'sell', parts: { 'momentum-03': 120 } },
    {
      id: 'nt-8f21-410',
      at: now - 61_000,
      symbol: 'TSLA',
      end: { state: 'unknown', detail: 'the answer did not come within 10 s; it is looked up' },
    },
    { id: 'nt-8f21-409', at: now - 70_000, parts: two, filled: 10 },
    {
      id: 'nt-8f21-408',
      at: now - 130_000,
      symbol: 'MSFT',
      side: 'sell',
      parts: { 'momentum-02': 8 },
      priceTicks: 4_021_000,
      filled: 8,
    },
    {
      id: 'nt-8f21-407',
      at: now - 200_000,
      symbol: 'GOOGL',
      parts: { 'momentum-04': 900 },
      end: { state: 'rejected', detail: 'insufficient buying power: $152,310.00 wanted, $98,204.11 left' },
    },
    {
      id: 'nt-8f21-406',
      at: now - 260_000,
      symbol: 'PEP',
      parts: { 'momentum-07': 20 },
      priceTicks: 1_688_150,
      filled: 5,
      end: { state: 'cancelled', detail: 'the broker says canceled' },
    },
    {
      id: 'nt-8f21-405',
      at: now - 26 * 3_600_000,
      symbol: 'XOM',
      side: 'sell',
      parts: { 'momentum-06': 15 },
      end: { state: 'expired', detail: 'the broker says expired' },
    },
  ];
}
