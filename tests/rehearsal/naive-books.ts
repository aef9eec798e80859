// What the journal says of orders, positions and money, added up in the simplest way: the measure of the desk's own books.
import { isWide } from '../../electron/contract/kill-scope.ts';
import type { DeskEvent } from '../../electron/contract/events.ts';
import type { Allocation } from '../../electron/contract/order-events.ts';
import { notionalMicros } from '../../electron/contract/money.ts';
import type { Side } from '../../electron/contract/names.ts';

interface NaiveOrder {
  readonly symbol: string;
  readonly side: Side;
  readonly qtyNanos: number;
  filledNanos: number;
}

export interface NaiveBooks {
  readonly orders: Map<string, NaiveOrder>;
  /** Times of all approvals, oldest first. */
  readonly approvedAt: number[];
  readonly executionIds: Set<string>;
  /** Of the account, as read and as filled since. */
  positions: Map<string, number>;
  /** Signed fills since the beginning. */
  readonly filled: Map<string, number>;
  /** Signed quantity by agent, the house included, and symbol: "agent-1 AAPL". */
  readonly held: Map<string, number>;
  /** What each agent has paid; received is negative. */
  readonly paidMicros: Map<string, number>;
  realisedMicros: number;
  /** The cash, once its count has begun. */
  countedMicros: number | null;
  /** Fees since then. */
  feesMicros: number;
  readonly flowIds: Set<string>;
  isOpen: boolean;
  isExplained: boolean;
  /** Whether parts of shares have changed hands. */
  hasParts: boolean;
}

export function emptyBooks(): NaiveBooks {
  return {
    orders: new Map(),
    approvedAt: [],
    executionIds: new Set(),
    positions: new Map(),
    filled: new Map(),
    held: new Map(),
    paidMicros: new Map(),
    realisedMicros: 0,
    countedMicros: null,
    feesMicros: 0,
    flowIds: new Set(),
    isOpen: true,
    isExplained: true,
    hasParts: false,
  };
}

export const signed = (side: Side, qtyNanos: number): number => (side === 'buy' ? qtyNanos : -qtyNanos);

function add(totals: Map<string, number>, key: string, amount: number): void {
  totals.set(key, (totals.get(key) ?? 0) + amount);
}

/** Adds one event. */
export function enter(books: NaiveBooks, event: DeskEvent): void {
  switch (event.kind) {
    case 'OrderApproved': {
      const { clientOrderId, symbol, side, qtyNanos } = event;
      books.approvedAt.push(event.at);
      books.orders.set(clientOrderId, { symbol, side, qtyNanos, filledNanos: 0 });
      return;
    }
    case 'OrderFilled': {
      const order = books.orders.get(event.clientOrderId);
      if (order) order.filledNanos += event.qtyNanos;
      books.executionIds.add(event.executionId);
      flow(books, -notionalMicros(signed(event.side, event.qtyNanos), event.priceTicks));
      add(books.positions, event.symbol, signed(event.side, event.qtyNanos));
      add(books.filled, event.symbol, signed(event.side, event.qtyNanos));
      for (const allocation of event.allocations) allocate(books, allocation, event.priceTicks);
      return;
    }
    case 'AgentsCrossed':
      for (const allocation of event.allocations) allocate(books, allocation, event.priceTicks);
      return;
    case 'AccountRead':
      books.positions = new Map(event.positions.map(({ symbol, qtyNanos }) => [symbol, qtyNanos]));
      if (event.cashSettled) books.countedMicros = event.cashMicros;
      return;
    case 'CashFlowed':
      for (const { activityId, netMicros } of event.flows) {
        if (books.flowIds.has(activityId)) continue;
        books.flowIds.add(activityId);
        if (books.countedMicros !== null) books.feesMicros -= netMicros;
        flow(books, netMicros);
      }
      return;
    case 'AccountDiffered':
      books.isExplained = false;
      return;
    case 'AccountAcknowledged':
      books.isExplained = true;
      return;
    case 'EntriesBlocked':
    // Until somebody unblocks: a loss that was made up for does not open the desk again.
    case 'LimitBreached':
      books.isOpen = false;
      return;
    case 'KillStarted':
      if (isWide(event.scope ?? 'all')) books.isOpen = false;
      return;
    case 'EntriesUnblocked':
      books.isOpen = true;
      return;
    case 'Rearmed':
      if (isWide(event.scope ?? 'all')) books.isOpen = true;
      return;
    default:
      return;
  }
}

function flow(books: NaiveBooks, micros: number): void {
  if (books.countedMicros !== null) books.countedMicros += micros;
}

function allocate(books: NaiveBooks, allocation: Allocation, priceTicks: number): void {
  const { agentId, symbol, deltaNanos } = allocation;
  books.hasParts ||= deltaNanos % 1_000_000_000 !== 0;
  add(books.held, `${agentId} ${symbol}`, deltaNanos);
  add(books.paidMicros, agentId, notionalMicros(deltaNanos, priceTicks));
  books.realisedMicros += allocation.realisedMicros;
}
