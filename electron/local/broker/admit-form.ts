// The combinations of type, life, hours and size that no order may have, whatever the account holds.
import { MICROS_PER_USD, NANOS_PER_SHARE } from '../../contract/money.ts';
import type { OrderKind, TimeInForce } from './account-events.ts';
import { notPermitted, notProcessable } from './broker-refusal.ts';
import type { OrderRequest } from './parse-order-request.ts';

const every: readonly TimeInForce[] = ['day', 'gtc', 'opg', 'cls', 'ioc', 'fok'];
const lasting: readonly TimeInForce[] = ['day', 'gtc'];

const livesOf: Record<OrderKind, readonly TimeInForce[]> = {
  market: every,
  limit: every,
  stop: lasting,
  stop_limit: lasting,
  trailing_stop: lasting,
};

/** Refuses a combination that does not exist; throws a BrokerRefusal. */
export function refuseForm(request: OrderRequest): void {
  const { kind, timeInForce } = request;
  const words = kind.replace('_', ' ');
  if (!livesOf[kind].includes(timeInForce)) {
    throw notProcessable(`time_in_force ${timeInForce} is not valid for ${words} orders`);
  }
  if (request.extendedHours && (kind !== 'limit' || !lasting.includes(timeInForce))) {
    throw notProcessable('extended hours orders must be DAY or GTC limit orders');
  }
  refuseFraction(request);
}

function refuseFraction({ qtyNanos, notionalMicros, kind, timeInForce, orderClass }: OrderRequest): void {
  if (notionalMicros !== null && notionalMicros < MICROS_PER_USD) {
    throw notPermitted('cost basis must be >= minimal amount of order 1');
  }
  if (qtyNanos !== null && qtyNanos % NANOS_PER_SHARE === 0) return;
  if (timeInForce !== 'day') throw notProcessable('fractional orders must be DAY orders');
  if (orderClass !== 'simple') throw notProcessable('fractional orders must be simple orders');
  if (kind === 'trailing_stop') throw notProcessable('fractional orders cannot be trailing stop orders');
}
