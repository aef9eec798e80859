// Turns what the broker reports into events: each execution once, in order, whichever way it arrived.
import type { Native } from '../../../native/load.ts';
import type { EventOf } from '../../../contract/events.ts';
import { isFinal } from '../../../contract/reduce-orders.ts';
import type { Order } from '../../../contract/state.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { allocateExecution, closingShares } from './allocate-execution.ts';
import type { BrokerOrder, Execution } from '../broker.ts';

export type ExecutionOutcome = 'applied' | 'duplicate' | 'gap';

const finalStates: Readonly<Record<string, EventOf<'OrderUpdated'>['state']>> = {
  canceled: 'cancelled',
  // Replaced by hand: what goes on is another order with another id.
  replaced: 'cancelled',
  expired: 'expired',
  done_for_day: 'expired',
  rejected: 'rejected',
};

export interface ExecutionBook {
  /** `gap`: an earlier execution of the order is missing; read its history and apply that. */
  apply(execution: Execution): ExecutionOutcome;
  /** Records a final state that is not a fill. Returns false when fills that the broker counts are missing here. */
  settle(order: BrokerOrder): boolean;
}

/** Creates the book over the store. `onDone` is called with the symbol when an order has become final. */
export function createExecutionBook(
  native: Native,
  store: Store,
  clock: Clock,
  onDone: (symbol: string) => void,
): ExecutionBook {
  function apply(execution: Execution): ExecutionOutcome {
    const known = store.state().orders[execution.order.clientOrderId] ?? adopt(execution);
    if (execution.cumulativeNanos <= known.filledNanos) return 'duplicate';
    if (execution.cumulativeNanos - execution.qtyNanos !== known.filledNanos) return 'gap';
    const { qtyNanos, priceTicks, marketAt } = execution;
    const allocations = allocateExecution(
      native,
      store.state(),
      known,
      known.filledNanos,
      qtyNanos,
      priceTicks,
    );
    store.commit({
      kind: 'OrderFilled',
      at: clock.now(),
      clientOrderId: known.clientOrderId,
      executionId: `${execution.order.brokerOrderId}:${execution.cumulativeNanos}`,
      symbol: known.symbol,
      side: known.side,
      qtyNanos,
      priceTicks,
      marketAt,
      allocations,
    });
    if (execution.cumulativeNanos >= known.qtyNanos) onDone(known.symbol);
    return 'applied';
  }

  /** Takes in an order that the desk did not send, for example one placed by hand on the same account. */
  function adopt({
    order,
    cumulativeNanos,
  }: Execution): Pick<Order, 'clientOrderId' | 'symbol' | 'side' | 'qtyNanos' | 'filledNanos' | 'shares'> {
    const { clientOrderId, symbol, side } = order;
    // An order for an amount of dollars names no quantity.
    const qtyNanos = Math.max(order.qtyNanos, cumulativeNanos);
    const signed = side === 'buy' ? -qtyNanos : qtyNanos;
    const shares = closingShares(store.state(), symbol, signed);
    store.commit({
      kind: 'OrderApproved',
      at: clock.now(),
      clientOrderId,
      symbol,
      side,
      qtyNanos,
      shares,
      isForeign: true,
    });
    return { clientOrderId, symbol, side, qtyNanos, filledNanos: 0, shares };
  }

  function settle(order: BrokerOrder): boolean {
    const known = store.state().orders[order.clientOrderId];
    if (!known) return true;
    if (order.filledNanos > known.filledNanos) return false;
    const state = finalStates[order.status];
    if (state && !isFinal(known)) {
      store.commit({
        kind: 'OrderUpdated',
        at: clock.now(),
        clientOrderId: order.clientOrderId,
        brokerOrderId: order.brokerOrderId,
        state,
        detail: `the broker says ${order.status}`,
      });
      // A rejection changes no position, and the same order again would be rejected again.
      if (state !== 'rejected') onDone(known.symbol);
    }
    return true;
  }

  return { apply, settle };
}
