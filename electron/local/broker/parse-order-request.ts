// Reads the body of POST /v2/orders. What this broker does not do is refused by name, never ignored.
import { z } from 'zod';
import { parseDecimal, TICKS_PER_USD } from '../../contract/money.ts';
import { malformed, notProcessable } from './broker-refusal.ts';
import type { Side } from './exchange.ts';

export interface OrderRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly kind: 'market' | 'limit';
  readonly timeInForce: 'day' | 'gtc';
  readonly qtyNanos: number;
  /** Null for a market order. */
  readonly limitTicks: number | null;
  /** Null where the client leaves the choice to the broker. */
  readonly clientOrderId: string | null;
}

const Amount = z.union([z.string(), z.number()]).transform(String);

const Body = z.object({
  symbol: z.string().min(1),
  side: z.enum(['buy', 'sell']),
  type: z.string(),
  time_in_force: z.string(),
  qty: Amount.nullish(),
  notional: Amount.nullish(),
  limit_price: Amount.nullish(),
  stop_price: Amount.nullish(),
  trail_price: Amount.nullish(),
  trail_percent: Amount.nullish(),
  extended_hours: z.boolean().nullish(),
  order_class: z.string().nullish(),
  client_order_id: z.string().min(1).max(128).nullish(),
});
type Body = z.infer<typeof Body>;

/** Decimals of a quantity and of the finest price. */
const QTY_DIGITS = 9;
const PRICE_DIGITS = 4;
const TICKS_PER_CENT = TICKS_PER_USD / 100;

/** Parses an order request; throws a 422 refusal that names the field. */
export function parseOrderRequest(input: unknown): OrderRequest {
  const parsed = Body.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw malformed(`${issue?.path.join('.') || 'request body'}: ${issue?.message ?? 'invalid'}`);
  }
  const body = parsed.data;
  refuseUnsupported(body);
  const kind = parseKind(body.type);
  return {
    symbol: body.symbol,
    side: body.side,
    kind,
    timeInForce: parseTimeInForce(body.time_in_force),
    qtyNanos: parseQuantity(body.qty),
    limitTicks: kind === 'limit' ? parseLimitPrice(body.limit_price) : refuseLimitPrice(body.limit_price),
    clientOrderId: body.client_order_id ?? null,
  };
}

/** Parses a positive quantity into nanos; throws a 422 refusal. */
export function parseQuantity(qty: string | null | undefined): number {
  if (qty === null || qty === undefined) throw malformed('qty or notional is required');
  const qtyNanos = parseAmount('qty', qty, QTY_DIGITS);
  if (qtyNanos <= 0) throw notProcessable(`invalid qty ${qty}. qty must be greater than 0`);
  return qtyNanos;
}

function parseAmount(field: string, text: string, digits: number): number {
  try {
    return parseDecimal(text, digits);
  } catch (cause) {
    throw notProcessable(
      `invalid ${field} ${text}. ${cause instanceof Error ? cause.message : 'not a decimal number'}`,
    );
  }
}

function refuseUnsupported(body: Body): void {
  if (body.notional != null)
    throw notProcessable('notional orders are not offered by the demo broker; send qty');
  if (body.stop_price != null || body.trail_price != null || body.trail_percent != null) {
    throw notProcessable(
      'stop and trailing orders are not offered by the demo broker; send a market or limit order',
    );
  }
  if (body.extended_hours === true) throw notProcessable('extended_hours is not offered by the demo broker');
  if (body.order_class != null && body.order_class !== '' && body.order_class !== 'simple') {
    throw notProcessable(
      `order_class ${body.order_class} is not offered by the demo broker; send a simple order`,
    );
  }
}

function parseKind(type: string): 'market' | 'limit' {
  if (type === 'market' || type === 'limit') return type;
  throw notProcessable(`order type ${type} is not offered by the demo broker; send market or limit`);
}

function parseTimeInForce(timeInForce: string): 'day' | 'gtc' {
  if (timeInForce === 'day' || timeInForce === 'gtc') return timeInForce;
  throw notProcessable(`time_in_force ${timeInForce} is not offered by the demo broker; send day or gtc`);
}

function parseLimitPrice(price: string | null | undefined): number {
  if (price === null || price === undefined) throw malformed('limit orders require limit_price');
  const subPenny = `invalid limit_price ${price}. sub-penny increment does not fulfill minimum pricing criteria`;
  let ticks: number;
  try {
    ticks = parseDecimal(price, PRICE_DIGITS);
  } catch {
    throw notProcessable(
      /^\d+\.\d+$/.test(price) ? subPenny : `invalid limit_price ${price}. not a decimal number`,
    );
  }
  if (ticks <= 0) throw notProcessable(`invalid limit_price ${price}. limit_price must be greater than 0`);
  if (ticks >= TICKS_PER_USD && ticks % TICKS_PER_CENT !== 0) throw notProcessable(subPenny);
  return ticks;
}

function refuseLimitPrice(price: string | null | undefined): null {
  if (price != null) throw notProcessable('market orders require no limit_price');
  return null;
}
