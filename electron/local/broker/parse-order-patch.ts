// Reads the body of PATCH /v2/orders/{id}.
import { z } from 'zod';
import { NANOS_PER_SHARE } from '../../contract/money.ts';
import { TimeInForce } from './account-events.ts';
import { malformed, notProcessable } from './broker-refusal.ts';
import { issueText } from './issue-text.ts';
import { parseQuantity } from './parse-amount.ts';
import { Amount, choose } from './parse-order-request.ts';

/** Null leaves a field as it is. */
export interface OrderPatch {
  readonly qtyNanos: number | null;
  readonly timeInForce: TimeInForce | null;
  /** Dollars, as sent: how they are read depends on the order. */
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  /** Distance of a trailing stop, in the order's own unit. */
  readonly trail: string | null;
  readonly clientOrderId: string | null;
}

const Body = z.object({
  qty: Amount.nullish(),
  time_in_force: z.string().nullish(),
  limit_price: Amount.nullish(),
  stop_price: Amount.nullish(),
  trail: Amount.nullish(),
  client_order_id: z.string().max(128).nullish(),
});

/** Parses a replacement; throws a 422 refusal that names the field. */
export function parseOrderPatch(input: unknown): OrderPatch {
  const parsed = Body.safeParse(input ?? {});
  if (!parsed.success) {
    throw malformed(issueText(parsed.error, input));
  }
  const body = parsed.data;
  const qtyNanos = body.qty == null ? null : parseQuantity(body.qty);
  if (qtyNanos !== null && qtyNanos % NANOS_PER_SHARE !== 0) {
    throw notProcessable(`invalid qty ${body.qty}. an order is replaced in whole shares`);
  }
  return {
    qtyNanos,
    timeInForce: body.time_in_force ? choose(TimeInForce, 'time_in_force', body.time_in_force) : null,
    limitPrice: body.limit_price ?? null,
    stopPrice: body.stop_price ?? null,
    trail: body.trail ?? null,
    clientOrderId: body.client_order_id || null,
  };
}
