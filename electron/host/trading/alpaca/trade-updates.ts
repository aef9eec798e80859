// The account's order stream in the desk's words. Nothing is replayed after a gap: reconciliation fills it.
import type { streaming } from '@alpacahq/alpaca-trade-api';
import { toExecution, toOrder } from './alpaca-values.ts';
import type { BrokerOrder, Execution } from '../broker.ts';
import { type StreamSurroundings, superviseStream } from './stream-supervisor.ts';

export interface TradeUpdateListener {
  onExecution(execution: Execution): void;
  onOrder(order: BrokerOrder): void;
  /** Authenticated, for the first time or again: reconcile now. */
  onReady(): void;
}

export interface TradeUpdates {
  isReady(): boolean;
  /** Makes another connection, because this one tells nothing. */
  restart(reason: string): void;
  close(): void;
}

/** Connects the stream; the listener hears nothing before `onReady`. */
export function openTradeUpdates(
  stream: streaming.TradingStream,
  listener: TradeUpdateListener,
  { clock, log }: StreamSurroundings,
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
  // That no orders change is no fault.
  const supervisor = superviseStream({ name: 'trade updates', stream, clock, log, faultOf: () => null });
  return { isReady: () => ready, restart: supervisor.restart, close: supervisor.close };
}
