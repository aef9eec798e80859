// Lets cancels take their time to arrive, as orders do in realistic fills: until then an order can still trade.
import type { Exchange, ExchangeOrderEvent, ExchangeStep } from './exchange.ts';

/** Between asking for a cancel and its arrival, market ms: as long as an order takes. */
const LATENCY_MS = 50;

interface Request {
  readonly orderId: string;
  readonly atMs: number;
}

/** Wraps an exchange; time must pass through the wrapper. */
export function delayCancels(exchange: Exchange): Exchange {
  let requests: Request[] = [];

  function advance(marketMs: number): ExchangeStep {
    const due = requests.filter(({ atMs }) => atMs <= marketMs);
    requests = requests.filter(({ atMs }) => atMs > marketMs);
    const steps: ExchangeStep[] = [];
    for (const { orderId, atMs } of due) {
      const step = exchange.advance(atMs);
      const ended: ExchangeOrderEvent = { kind: 'ended', orderId, atMs };
      steps.push(exchange.cancel(orderId) ? { ...step, orders: [...step.orders, ended] } : step);
    }
    const last = exchange.advance(marketMs);
    return due.length === 0 ? last : joinSteps(steps, last);
  }

  return {
    symbols: () => exchange.symbols(),
    barS: () => exchange.barS(),
    advance,
    advanceBar: () => exchange.advanceBar(),
    submit: (order) => exchange.submit(order),
    cancel: (orderId) => exchange.cancel(orderId),
    cancelLater: (orderId) => void requests.push({ orderId, atMs: exchange.clock().nowMs + LATENCY_MS }),
    bars: (symbol, barS, startMs, endMs, limit) => exchange.bars(symbol, barS, startMs, endMs, limit),
    quote: (symbol) => exchange.quote(symbol),
    clock: () => exchange.clock(),
  };
}

function joinSteps(before: readonly ExchangeStep[], last: ExchangeStep): ExchangeStep {
  const steps = [...before, last];
  return {
    ...last,
    quotes: steps.flatMap(({ quotes }) => quotes),
    trades: steps.flatMap(({ trades }) => trades),
    statuses: steps.flatMap(({ statuses }) => statuses),
    bars: steps.flatMap(({ bars }) => bars),
    orders: steps.flatMap(({ orders }) => orders),
  };
}
