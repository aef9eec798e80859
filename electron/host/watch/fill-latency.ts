// Times each fill from the approval of its order.
import type { Store } from '../store.ts';
import type { Latency } from './latency.ts';

/** Records every fill of the desk's own orders, whose ids begin with `prefix`. Returns what ends it. */
export function recordFillLatency(store: Store, latency: Latency, prefix: string): () => void {
  return store.follow(({ event }, state) => {
    if (event.kind !== 'OrderFilled' || !event.clientOrderId.startsWith(prefix)) return;
    const order = state.orders[event.clientOrderId];
    if (order) latency.record('fill', event.at - order.approvedAt, false);
  });
}
