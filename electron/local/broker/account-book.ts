// The state of one demo account, rebuilt from its journalled events. Holds no prices but those of its own fills.
import type { AccountEvent } from './account-events.ts';
import { isOpenOrder, leavesNanos, type OrderRecord } from './order-record.ts';

export interface Position {
  /** Signed: positive is long. */
  readonly qtyNanos: number;
  /** Signed cash paid for what is held, at average cost. */
  readonly costMicros: number;
}

/** Average-cost arithmetic; cash moves by `realised - (cost after - cost before)`, exactly. */
export type ApplyFill = (
  position: Position,
  deltaNanos: number,
  priceTicks: number,
) => Position & { readonly realisedMicros: number };

export interface Execution {
  readonly id: string;
  readonly order: OrderRecord;
  readonly qtyNanos: number;
  readonly priceTicks: number;
  /** Of the account, after this execution. */
  readonly positionNanos: number;
  readonly atMs: number;
}

export interface AccountBook {
  apply(event: AccountEvent): void;
  /** Null until the account is opened. */
  account(): { readonly id: string; readonly openedAtMs: number } | null;
  cashMicros(): number;
  /** Equity at the last close of a session; the opening cash before the first. */
  lastEquityMicros(): number;
  /** Latest market time that any event carries. */
  marketMs(): number;
  order(id: string): OrderRecord | undefined;
  orderByClientId(clientOrderId: string): OrderRecord | undefined;
  /** Every order, oldest first. */
  orders(): readonly OrderRecord[];
  openOrders(): readonly OrderRecord[];
  position(symbol: string): Position;
  /** Symbols held, sorted. */
  heldSymbols(): readonly string[];
  /** Oldest first. */
  executions(): readonly Execution[];
}

const flat: Position = { qtyNanos: 0, costMicros: 0 };

/** Creates an empty book; `applyFill` is the position arithmetic. Throws on an event that names an unknown order. */
export function createAccountBook(applyFill: ApplyFill): AccountBook {
  const orders = new Map<string, OrderRecord>();
  const open = new Map<string, OrderRecord>();
  const idByClientId = new Map<string, string>();
  const positions = new Map<string, Position>();
  const executions: Execution[] = [];
  let account: { id: string; openedAtMs: number } | null = null;
  let cashMicros = 0;
  let lastEquityMicros = 0;
  let marketMs = 0;

  function put(order: OrderRecord): void {
    orders.set(order.terms.id, order);
    if (isOpenOrder(order)) open.set(order.terms.id, order);
    else open.delete(order.terms.id);
  }

  function known(orderId: string): OrderRecord {
    const order = orders.get(orderId);
    if (!order) throw new Error(`The account has no order ${orderId}`);
    return order;
  }

  function fill(event: Extract<AccountEvent, { kind: 'orderFilled' }>): void {
    const before = known(event.orderId);
    const filledNanos = before.filledNanos + event.qtyNanos;
    const leaves = leavesNanos(before) - event.qtyNanos;
    if (leaves < 0) throw new Error(`Order ${event.orderId} cannot fill more than it ordered`);
    const order: OrderRecord = {
      ...before,
      status: leaves === 0 ? 'filled' : 'partially_filled',
      filledNanos,
      filledTickNanos: before.filledTickNanos + BigInt(event.qtyNanos) * BigInt(event.priceTicks),
      updatedAtMs: event.marketMs,
      endedAtMs: leaves === 0 ? event.marketMs : null,
    };
    put(order);
    const held = positions.get(order.terms.symbol) ?? flat;
    const delta = order.terms.side === 'buy' ? event.qtyNanos : -event.qtyNanos;
    const { qtyNanos, costMicros, realisedMicros } = applyFill(held, delta, event.priceTicks);
    cashMicros += realisedMicros - (costMicros - held.costMicros);
    if (qtyNanos === 0) positions.delete(order.terms.symbol);
    else positions.set(order.terms.symbol, { qtyNanos, costMicros });
    executions.push({
      id: event.executionId,
      order,
      qtyNanos: event.qtyNanos,
      priceTicks: event.priceTicks,
      positionNanos: qtyNanos,
      atMs: event.marketMs,
    });
  }

  function apply(event: AccountEvent): void {
    switch (event.kind) {
      case 'accountOpened':
        account = { id: event.accountId, openedAtMs: event.marketMs };
        cashMicros = event.cashMicros;
        lastEquityMicros = event.cashMicros;
        break;
      case 'orderAccepted':
        idByClientId.set(event.order.clientOrderId, event.order.id);
        put({
          terms: event.order,
          status: event.queued ? 'accepted' : 'pending_new',
          createdAtMs: event.marketMs,
          updatedAtMs: event.marketMs,
          endedAtMs: null,
          filledNanos: 0,
          filledTickNanos: 0n,
        });
        break;
      case 'orderWorking':
        put({ ...known(event.orderId), status: 'new', updatedAtMs: event.marketMs });
        break;
      case 'orderFilled':
        fill(event);
        break;
      case 'orderEnded':
        put({
          ...known(event.orderId),
          status: event.status,
          updatedAtMs: event.marketMs,
          endedAtMs: event.marketMs,
        });
        break;
      case 'sessionClosed':
        lastEquityMicros = event.equityMicros;
        break;
      case 'marketReached':
        break;
    }
    marketMs = Math.max(marketMs, event.marketMs);
  }

  return {
    apply,
    account: () => account,
    cashMicros: () => cashMicros,
    lastEquityMicros: () => lastEquityMicros,
    marketMs: () => marketMs,
    order: (id) => orders.get(id),
    orderByClientId(clientOrderId) {
      const id = idByClientId.get(clientOrderId);
      return id === undefined ? undefined : orders.get(id);
    },
    orders: () => [...orders.values()],
    openOrders: () => [...open.values()],
    position: (symbol) => positions.get(symbol) ?? flat,
    heldSymbols: () => [...positions.keys()].sort(),
    executions: () => executions,
  };
}
