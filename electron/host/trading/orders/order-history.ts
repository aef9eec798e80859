// Reads orders back from the journal, newest first: the state keeps only the newest ones.
import { setImmediate } from 'node:timers/promises';
import { DeskEvent } from '../../../contract/events.ts';
import type { Mode } from '../../../contract/names.ts';
import { OrderEvent } from '../../../contract/order-events.ts';
import { reduce } from '../../../contract/reduce.ts';
import { initialState, type Order } from '../../../contract/state.ts';
import type { Journal, JournalEvent } from '../../../native/load.ts';
import { fromNativeError } from '../../../native/native-error.ts';

/** Small enough for the trading that goes on between two of them. */
const batch = 500;

export interface NumberedOrderEvent {
  readonly seq: number;
  readonly event: OrderEvent;
}

/** Every event that names the order, oldest first; empty when the journal has none. Rejects with JOURNAL_*. */
export async function readOrderHistory(
  journal: Journal,
  clientOrderId: string,
): Promise<NumberedOrderEvent[]> {
  const named = JSON.stringify(clientOrderId);
  const found: NumberedOrderEvent[] = [];
  for await (const row of backwards(journal)) {
    if (!row.payload.includes(named)) continue;
    const event = OrderEvent.safeParse(JSON.parse(row.payload)).data;
    if (!event || !('clientOrderId' in event) || event.clientOrderId !== clientOrderId) continue;
    found.push({ seq: row.seq, event });
    if (event.kind === 'OrderApproved') break;
  }
  return found.reverse();
}

export interface HistoryQuery {
  /** The account in use. */
  readonly mode: Mode;
  readonly accountNumber: string | null;
  readonly limit: number;
  readonly matches: (order: Order) => boolean;
}

/** The newest orders of the account in use that match, newest first. Rejects with JOURNAL_*. */
export async function readOrders(journal: Journal, query: HistoryQuery): Promise<Order[]> {
  const found: Order[] = [];
  const later = new Map<string, OrderEvent[]>();
  /** Orders of an earlier time, whose account is told where it was chosen; null while it is the one in use. */
  let undecided: Order[] | null = null;
  for await (const { payload } of backwards(journal)) {
    if (!payload.includes('"clientOrderId"') && !payload.includes('"AccountChosen"')) continue;
    const event = DeskEvent.parse(JSON.parse(payload));
    if (event.kind === 'AccountChosen') {
      if (undecided && event.account === query.mode && event.accountNumber === query.accountNumber)
        found.push(...undecided);
      undecided = [];
    } else if ('clientOrderId' in event) {
      const events: OrderEvent[] = [event, ...(later.get(event.clientOrderId) ?? [])];
      later.set(event.clientOrderId, events);
      const order = event.kind === 'OrderApproved' ? foldOrder(events) : undefined;
      if (order && query.matches(order)) (undecided ?? found).push(order);
    }
    if (found.length >= query.limit) return found.slice(0, query.limit);
  }
  // A desk begins on DEMO.
  if (undecided && query.mode === 'demo') found.push(...undecided);
  return found.slice(0, query.limit);
}

/** The order as the state would hold it; undefined when its approval is missing. */
export function foldOrder(events: readonly OrderEvent[]): Order | undefined {
  return Object.values(events.reduce(reduce, initialState).orders)[0];
}

async function* backwards(journal: Journal): AsyncGenerator<JournalEvent> {
  for (let last = journal.lastSeq(); last > 0; last -= batch) {
    const before = Math.max(0, last - batch);
    yield* scan(journal, before, last - before).reverse();
    await setImmediate();
  }
}

function scan(journal: Journal, afterSeq: number, limit: number): JournalEvent[] {
  try {
    return journal.scan(afterSeq, limit);
  } catch (error) {
    throw fromNativeError(error);
  }
}
