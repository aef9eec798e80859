// What the journal holds of one order, read again whenever the order has changed.
import { useEffect, useState } from 'react';
import type { DeskError } from '../../electron/contract/errors.ts';
import type { OperationOutput } from '../bridge.ts';
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { asDeskError } from '../use-request.ts';

type Shown = OperationOutput<'orders.show'>;

export interface OrderHistory {
  /** Null until the host has answered; kept while it is asked again. */
  readonly shown: Shown | null;
  readonly error: DeskError | null;
}

/** Asks at once and after each change of the order; the component must be keyed by the order. */
export function useOrderHistory(clientOrderId: string): OrderHistory {
  const { call } = useDeskClient();
  const order = useDesk((desk) => desk.state.orders[clientOrderId]);
  const [history, setHistory] = useState<OrderHistory>({ shown: null, error: null });
  useEffect(() => {
    let closed = false;
    call('orders.show', { id: clientOrderId }).then(
      (shown) => closed || setHistory({ shown, error: null }),
      (cause: unknown) =>
        closed || setHistory((before) => ({ shown: before.shown, error: asDeskError(cause) })),
    );
    return () => {
      closed = true;
    };
    // The order is another object whenever one of its events has been folded.
  }, [call, clientOrderId, order]);
  return history;
}
