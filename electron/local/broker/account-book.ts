// The state of one demo account, rebuilt from its journalled events. Holds no prices but those of its own fills.
import type { AccountEvent, FeeKind } from './account-events.ts';
import { type AccountPreferences, createAccountPreferences } from './account-preferences.ts';
import { createOrderIndex } from './order-index.ts';
import { leavesNanos, type OrderRecord } from './order-record.ts';
import { afterPartialFill } from './order-states.ts';

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
  readonly cashMicros: number;
  readonly atMs: number;
}

/** A day's fee of one kind. */
export interface FeeCharge {
  readonly id: string;
  readonly kind: FeeKind;
  readonly micros: number;
  readonly atMs: number;
}

type Of<Kind extends AccountEvent['kind']> = Extract<AccountEvent, { kind: Kind }>;

/** What happens to an order that is known already, except its fills. */
type OrderEvent = Of<
  | 'orderWorking'
  | 'orderElected'
  | 'orderTrailed'
  | 'orderResized'
  | 'orderCancelRequested'
  | 'orderReplaceRequested'
  | 'orderReplaceRejected'
  | 'orderReplaced'
  | 'orderEnded'
>;

export interface AccountBook extends Omit<AccountPreferences, 'apply'> {
  apply(event: AccountEvent): void;
  /** Null until the account is opened. */
  account(): { readonly id: string; readonly openedAtMs: number; readonly openingCashMicros: number } | null;
  cashMicros(): number;
  /** Equity at the last close of a session; the opening cash before the first. */
  lastEquityMicros(): number;
  /** Maintenance margin at the last close of a session. */
  lastMaintenanceMicros(): number;
  /** Latest market time that any event carries. */
  marketMs(): number;
  order(id: string): OrderRecord | undefined;
  orderByClientId(clientOrderId: string): OrderRecord | undefined;
  /** Every order, oldest first. */
  orders(): readonly OrderRecord[];
  openOrders(): readonly OrderRecord[];
  openOrdersOf(symbol: string): readonly OrderRecord[];
  /** Orders that belong together, oldest first. */
  group(groupId: string): readonly OrderRecord[];
  /** Held back for what is left of open orders that would add to a position. */
  reservedMicros(): number;
  position(symbol: string): Position;
  /** Symbols held, sorted. */
  heldSymbols(): readonly string[];
  /** Oldest first. */
  executions(): readonly Execution[];
  /** Those whose fees have not been charged yet. */
  unchargedExecutions(): readonly Execution[];
  /** Oldest first. */
  feeCharges(): readonly FeeCharge[];
}

const flat: Position = { qtyNanos: 0, costMicros: 0 };

/** Creates an empty book; `applyFill` is the position arithmetic. Throws on an event that names an unknown order. */
export function createAccountBook(applyFill: ApplyFill): AccountBook {
  const orders = createOrderIndex();
  const positions = new Map<string, Position>();
  const executions: Execution[] = [];
  const feeCharges: FeeCharge[] = [];
  let charged = 0;
  const preferences = createAccountPreferences();
  let account: ReturnType<AccountBook['account']> = null;
  let cashMicros = 0;
  let lastEquityMicros = 0;
  let lastMaintenanceMicros = 0;
  let marketMs = 0;

  function fill(event: Of<'orderFilled'>): void {
    const { orderId, executionId: id, qtyNanos, priceTicks, marketMs: atMs } = event;
    const before = orders.known(orderId);
    const leaves = leavesNanos(before) - qtyNanos;
    if (leaves < 0) throw new Error(`Order ${orderId} cannot fill more than it ordered`);
    const order = orders.change(orderId, {
      status: leaves === 0 ? 'filled' : afterPartialFill(before.status),
      filledNanos: before.filledNanos + qtyNanos,
      filledTickNanos: before.filledTickNanos + BigInt(qtyNanos) * BigInt(priceTicks),
      updatedAtMs: atMs,
      endedAtMs: leaves === 0 ? atMs : null,
    });
    const { symbol, side } = order.terms;
    const held = positions.get(symbol) ?? flat;
    const after = applyFill(held, side === 'buy' ? qtyNanos : -qtyNanos, priceTicks);
    cashMicros += after.realisedMicros - (after.costMicros - held.costMicros);
    if (after.qtyNanos === 0) positions.delete(symbol);
    else positions.set(symbol, { qtyNanos: after.qtyNanos, costMicros: after.costMicros });
    executions.push({
      id,
      order,
      qtyNanos,
      priceTicks,
      positionNanos: after.qtyNanos,
      cashMicros,
      atMs,
    });
  }

  function changeOrder(event: OrderEvent): void {
    const { orderId, marketMs: updatedAtMs } = event;
    const change = (changes: Parameters<typeof orders.change>[1]) =>
      orders.change(orderId, { ...changes, updatedAtMs });
    switch (event.kind) {
      case 'orderWorking':
        return void change({ status: 'new' });
      case 'orderElected': {
        const { status } = orders.known(orderId);
        return void change({ status: status === 'held' ? 'new' : status, isElected: true });
      }
      case 'orderTrailed':
        return void change({ markTicks: event.markTicks, stopTicks: event.stopTicks });
      case 'orderResized':
        return void change({ qtyNanos: event.qtyNanos });
      case 'orderCancelRequested':
        return void change({ status: 'pending_cancel' });
      case 'orderReplaceRequested':
        return void change({ status: 'pending_replace', replacedById: event.byId });
      case 'orderReplaceRejected':
        return void change({ replacedById: null });
      case 'orderReplaced':
        return void change({ status: 'replaced', replacedById: event.byId, endedAtMs: updatedAtMs });
      case 'orderEnded':
        return void change({ status: event.status, endedAtMs: updatedAtMs });
    }
  }

  function apply(event: AccountEvent): void {
    switch (event.kind) {
      case 'accountOpened':
        account = {
          id: event.accountId,
          openedAtMs: event.marketMs,
          openingCashMicros: event.cashMicros,
        };
        cashMicros = event.cashMicros;
        lastEquityMicros = event.cashMicros;
        break;
      case 'orderAccepted': {
        const status = event.held ? 'held' : event.queued ? 'accepted' : 'pending_new';
        orders.accept(event.order, status, event.marketMs);
        break;
      }
      case 'orderFilled':
        fill(event);
        break;
      case 'sessionClosed':
        lastEquityMicros = event.equityMicros;
        lastMaintenanceMicros = event.maintenanceMicros;
        break;
      case 'feesCharged':
        for (const charge of event.charges) {
          cashMicros -= charge.micros;
          feeCharges.push({ ...charge, atMs: event.marketMs });
        }
        charged = executions.length;
        break;
      case 'marketReached':
        break;
      case 'configurationChanged':
      case 'watchlistSaved':
      case 'watchlistDeleted':
        preferences.apply(event);
        break;
      default:
        changeOrder(event);
    }
    marketMs = Math.max(marketMs, event.marketMs);
  }

  return {
    apply,
    account: () => account,
    cashMicros: () => cashMicros,
    lastEquityMicros: () => lastEquityMicros,
    lastMaintenanceMicros: () => lastMaintenanceMicros,
    marketMs: () => marketMs,
    order: orders.find,
    orderByClientId: orders.findByClientId,
    orders: orders.all,
    openOrders: orders.open,
    openOrdersOf: orders.openOf,
    group: orders.group,
    reservedMicros: orders.reservedMicros,
    position: (symbol) => positions.get(symbol) ?? flat,
    heldSymbols: () => [...positions.keys()].sort(),
    executions: () => executions,
    unchargedExecutions: () => executions.slice(charged),
    feeCharges: () => feeCharges,
    configuration: preferences.configuration,
    watchlists: preferences.watchlists,
  };
}
