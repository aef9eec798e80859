// The account's order stream in the desk's words. Nothing is replayed after a gap: reconciliation fills it.
import type { streaming } from '@alpacahq/alpaca-trade-api';
import { toExecution, toOrder } from './alpaca-values.ts';
import type { BrokerOrder, Execution } from './broker.ts';

export interface TradeUpdateListener {
  onExecution(execution: Execution): void;
  onOrder(order: BrokerOrder): void;
  /** Authenticated, for the first time or again: reconcile now. */
  onReady(): void;
}

export interface TradeUpdates {
  isReady(): boolean;
  close(): void;
}

/** Connects the stream; the listener hears nothing before `onReady`. */
export function openTradeUpdates(
  stream: streaming.TradingStream,
  listener: TradeUpdateListener,
): TradeUpdates {
  let ready = false;
  stream.onTradeUpdate((update) => {
    const order = toOrder(update.order);
    const isExecution = update.event === 'fill' || update.event === 'partial_fill';
    if (isExecution && update.qty !== undefined && update.price !== undefined) {
      const cumulative = update.order.filledQty ?? update.qty;
      listener.onExecution(
        toExecution(order, update.qty, update.price, cumulative, update.timestamp?.getTime() ?? 0),
      );
    }
    listener.onOrder(order);
  });
  stream.onStateChange((state) => {
    const was = ready;
    ready = state === 'authenticated';
    if (ready && !was) listener.onReady();
  });
  stream.subscribeTradeUpdates();
  stream.connect();
  return { isReady: () => ready, close: () => stream.disconnect() };
}
