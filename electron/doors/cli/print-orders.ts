// Words for orders: a table of them, one with its history, and what became of a cancellation.
import type { OutputOf } from '../../contract/define-operation.ts';
import type { GateJudgement, OrderEvent } from '../../contract/order-events.ts';
import type { cancelOrders, listOrders, OrderView, showOrder } from '../../contract/orders.ts';
import { count, milliseconds, position, price, shares, signedUsd } from './format.ts';
import { simulated, table, type View } from './view.ts';

export function printOrders(
  { orders, more, simulated: isSimulated }: OutputOf<typeof listOrders>,
  view: View,
): string {
  const list = table(
    orders,
    [
      { title: 'approved', cell: (order) => time(order.approvedAt) },
      { title: 'symbol', cell: (order) => order.symbol },
      { title: 'side', cell: (order) => order.side },
      { title: 'quantity', cell: (order) => shares(order.qtyNanos), align: 'right' },
      { title: 'filled', cell: (order) => shares(order.filledNanos), align: 'right' },
      { title: 'type', cell: (order) => order.type },
      { title: 'average', cell: (order) => averageOf(order, isSimulated), align: 'right' },
      { title: 'state', cell: (order) => stateOf(order, view) },
      { title: 'to order', cell: (order) => milliseconds(order.decisionToOrderMs), align: 'right' },
      { title: 'to fill', cell: (order) => milliseconds(order.orderToFillMs), align: 'right' },
      { title: 'agents', cell: sharesOf },
      { title: 'id', cell: (order) => order.clientOrderId },
    ],
    view,
    'No orders.',
  );
  return more ? `${list}\n\nThere are more. See them with a higher --limit.` : list;
}

export function printOrder(
  { order, history, simulated: isSimulated }: OutputOf<typeof showOrder>,
  view: View,
): string {
  const left = order.qtyNanos - order.filledNanos;
  const facts: readonly (readonly [string, string])[] = [
    ['Order', `${order.side} ${shares(order.qtyNanos)} ${order.symbol}, ${typeOf(order)}`],
    ['State', `${stateOf(order, view)}${order.isWorking ? `, ${shares(left)} left` : ''}`],
    ['Filled', `${shares(order.filledNanos)} at ${averageOf(order, isSimulated)}`],
    ['Decision to order', milliseconds(order.decisionToOrderMs)],
    ['Order to fill', milliseconds(order.orderToFillMs)],
    ['Agents', sharesOf(order)],
    ['Risk gate', judgementWords(order.judgement)],
    ['Client order id', order.clientOrderId],
    ['Broker order id', order.brokerOrderId ?? 'not known'],
  ];
  const events = table(
    history,
    [
      { title: 'event', cell: ({ seq }) => String(seq), align: 'right' },
      { title: 'time', cell: ({ event }) => time(event.at) },
      { title: 'what', cell: ({ event }) => eventWords(event, isSimulated) },
    ],
    view,
    'The journal has nothing of it.',
  );
  return `${facts.map(([name, value]) => `${name.padEnd(19)}${value}`).join('\n')}\n\n${events}`;
}

export function printCancelled(
  { asked, refused, entries }: OutputOf<typeof cancelOrders>,
  { colors }: View,
): string {
  if (asked.length === 0 && refused.length === 0) return 'No order was working.';
  const lines = asked.map(
    (order) =>
      `  ${order.clientOrderId}  ${order.side} ${position(order.symbol, order.leftNanos)} was still open`,
  );
  const failures = refused.map((order) => colors.yellow(`  ${order.clientOrderId}  ${order.reason}`));
  return [
    ...(asked.length > 0
      ? [`Asked the broker to cancel ${count(asked.length, 'order')}; it can fill until the broker confirms.`]
      : []),
    ...lines,
    ...(refused.length > 0 ? [colors.yellow(`Not cancelled: ${count(refused.length, 'order')}.`)] : []),
    ...failures,
    entries === 'open'
      ? "Entries stay open: agents' targets are traded again. To keep them out: neural-trader block"
      : `Entries are ${entries}, as before.`,
  ].join('\n');
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

function typeOf({ type }: OrderView): string {
  return type === 'market' ? 'market order for the day' : 'placed beside the desk';
}

function averageOf({ averagePriceTicks }: OrderView, isSimulated: boolean): string {
  return averagePriceTicks === null ? 'no price yet' : simulated(price(averagePriceTicks), isSimulated);
}

function stateOf({ state, cancelAskedAt, detail }: OrderView, { colors }: View): string {
  const word = cancelAskedAt === null ? state.replace('_', ' ') : 'cancel asked';
  if (state === 'rejected') return colors.red(`${word}: ${detail}`);
  return state === 'unknown' ? colors.yellow(`${word}: ${detail}`) : word;
}

function sharesOf(order: OrderView): string {
  return order.shares.map(({ agentId, qtyNanos }) => `${agentId} ${shares(qtyNanos)}`).join(', ');
}

function judgementWords(judgement: GateJudgement | null): string {
  if (!judgement) return 'not on record';
  const { state, bidTicks, askTicks, quoteAgeMs, positionNanos } = judgement;
  const quote =
    bidTicks === null || askTicks === null
      ? 'no quote'
      : `bid ${price(bidTicks)}, ask ${price(askTicks)}, ${milliseconds(quoteAgeMs)} old`;
  const held = positionNanos === null ? 'position unknown' : `${shares(positionNanos)} held before`;
  return `let pass while ${state}: ${quote}; ${held}`;
}

function eventWords(event: OrderEvent, isSimulated: boolean): string {
  switch (event.kind) {
    case 'OrderApproved':
      return event.isForeign ? 'taken in: placed beside the desk' : 'approved by the risk gate';
    case 'OrderUpdated':
      return [event.state.replace('_', ' '), event.detail].filter(Boolean).join(': ');
    case 'OrderCancelAsked':
      return `cancel asked for by the ${event.actor}`;
    case 'OrderCancelRefused':
      return event.detail;
    case 'OrderFilled': {
      const parts = event.allocations.map(
        ({ agentId, deltaNanos, realisedMicros }) =>
          `${agentId} ${shares(deltaNanos)}${realisedMicros === 0 ? '' : ` (${simulated(signedUsd(realisedMicros), isSimulated)})`}`,
      );
      return `filled ${shares(event.qtyNanos)} at ${simulated(price(event.priceTicks), isSimulated)}: ${parts.join(', ')}`;
    }
    default:
      return event.kind;
  }
}
