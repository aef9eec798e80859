// Records what happens to orders and tells listeners once it is durable.
import type { AccountBook, Execution } from './account-book.ts';
import type { AccountEvent } from './account-events.ts';
import type { AccountStore } from './account-store.ts';
import type { OrderRecord } from './order-record.ts';

export interface TradeUpdate {
  readonly event:
    | 'accepted'
    | 'new'
    | 'fill'
    | 'partial_fill'
    | 'pending_cancel'
    | 'canceled'
    | 'expired'
    | 'rejected'
    | 'pending_replace'
    | 'replaced'
    | 'order_replace_rejected'
    | 'order_cancel_rejected';
  readonly order: OrderRecord;
  /** Market time. */
  readonly atMs: number;
  readonly execution: Execution | null;
}

export interface OrderJournalDeps {
  readonly book: AccountBook;
  readonly store: AccountStore;
  /** Called once the update is durable. */
  readonly onTradeUpdate: (update: TradeUpdate) => void;
}

export interface OrderJournal {
  /** Throws when there is none. */
  known(orderId: string): OrderRecord;
  /** Records an event that nobody is told of. */
  record(event: AccountEvent): void;
  /** Records an event about an order and tells it under this name. */
  tell(name: TradeUpdate['event'], orderId: string, event: AccountEvent): void;
  /** Tells something of an order that changes nothing. */
  mention(name: TradeUpdate['event'], orderId: string, atMs: number): void;
  /** Records a fill, tells it, and returns the order after it. */
  fill(event: Extract<AccountEvent, { kind: 'orderFilled' }>): OrderRecord;
}

/** Creates the journal of one account's orders. */
export function createOrderJournal({ book, store, onTradeUpdate }: OrderJournalDeps): OrderJournal {
  function known(orderId: string): OrderRecord {
    const order = book.order(orderId);
    if (!order) throw new Error(`The account has no order ${orderId}`);
    return order;
  }

  function publish(update: TradeUpdate): void {
    store.afterDurable(() => onTradeUpdate(update));
  }

  return {
    known,
    record: store.record,
    tell(event, orderId, recorded) {
      store.record(recorded);
      publish({ event, order: known(orderId), atMs: recorded.marketMs, execution: null });
    },
    mention: (event, orderId, atMs) => publish({ event, order: known(orderId), atMs, execution: null }),
    fill(event) {
      store.record(event);
      const order = known(event.orderId);
      const execution = book.executions().at(-1) ?? null;
      const name = order.status === 'filled' ? 'fill' : 'partial_fill';
      publish({ event: name, order, atMs: event.marketMs, execution });
      return order;
    },
  };
}
