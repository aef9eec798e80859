// Reads the body of POST /v2/orders. What this broker does not do is refused by name, never ignored.
import { z } from 'zod';
import { OrderClass, OrderKind, PositionIntent, TimeInForce, type Trail } from './account-events.ts';
import { malformed, notProcessable } from './broker-refusal.ts';
import type { Side } from './exchange.ts';
import { issueText } from './issue-text.ts';
import { parseNotional, parsePercent, parsePrice, parseQuantity } from './parse-amount.ts';

export interface OrderRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly kind: OrderKind;
  readonly timeInForce: TimeInForce;
  /** Null where `notionalMicros` is given instead. */
  readonly qtyNanos: number | null;
  readonly notionalMicros: number | null;
  /** Of limit and stop-limit orders. */
  readonly limitTicks: number | null;
  /** Of stop and stop-limit orders. */
  readonly stopTicks: number | null;
  readonly trail: Trail | null;
  readonly extendedHours: boolean;
  readonly orderClass: OrderClass;
  readonly takeProfit: { readonly limitTicks: number } | null;
  readonly stopLoss: { readonly stopTicks: number; readonly limitTicks: number | null } | null;
  /** Null where the client leaves it to the position. */
  readonly intent: PositionIntent | null;
  /** Null where the client leaves the choice to the broker. */
  readonly clientOrderId: string | null;
}

export const Amount = z.union([z.string(), z.number()]).transform(String);

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
  take_profit: z.object({ limit_price: Amount.nullish() }).nullish(),
  stop_loss: z.object({ stop_price: Amount.nullish(), limit_price: Amount.nullish() }).nullish(),
  position_intent: PositionIntent.nullish(),
  legs: z.unknown().optional(),
  advanced_instructions: z.unknown().optional(),
  client_order_id: z.string().max(128).nullish(),
});
type Body = z.infer<typeof Body>;

/** Parses an order request; throws a 422 refusal that names the field. */
export function parseOrderRequest(input: unknown): OrderRequest {
  const parsed = Body.safeParse(input);
  if (!parsed.success) {
    throw malformed(issueText(parsed.error, input));
  }
  const body = parsed.data;
  for (const field of ['legs', 'advanced_instructions'] as const) {
    if (body[field] != null) throw notProcessable(`${field} is not offered by the demo broker`);
  }
  const kind = choose(OrderKind, 'order type', body.type);
  const orderClass = choose(OrderClass, 'order_class', body.order_class || 'simple');
  const takeProfit = parseTakeProfit(body);
  return {
    symbol: body.symbol,
    side: body.side,
    kind,
    timeInForce: choose(TimeInForce, 'time_in_force', body.time_in_force),
    ...parseSize(body),
    limitTicks: parseLimit(body, kind, orderClass, takeProfit),
    stopTicks: parseStop(body, kind),
    trail: parseTrail(body, kind),
    extendedHours: body.extended_hours ?? false,
    orderClass,
    takeProfit,
    stopLoss: parseStopLoss(body),
    intent: body.position_intent ?? null,
    clientOrderId: body.client_order_id || null,
  };
}

/** A plain market order for today. */
export function marketOrder(symbol: string, side: Side, qtyNanos: number): OrderRequest {
  return {
    symbol,
    side,
    kind: 'market',
    timeInForce: 'day',
    qtyNanos,
    notionalMicros: null,
    limitTicks: null,
    stopTicks: null,
    trail: null,
    extendedHours: false,
    orderClass: 'simple',
    takeProfit: null,
    stopLoss: null,
    intent: null,
    clientOrderId: null,
  };
}

export function choose<Choice extends string>(
  choices: z.ZodType<Choice> & { readonly options: readonly Choice[] },
  field: string,
  value: string,
): Choice {
  const chosen = choices.safeParse(value);
  if (chosen.success) return chosen.data;
  throw notProcessable(
    `${field} ${value} is not offered by the demo broker; send ${choices.options.join(', ')}`,
  );
}

function parseSize({ qty, notional }: Body): Pick<OrderRequest, 'qtyNanos' | 'notionalMicros'> {
  if (qty != null && notional != null) throw malformed('only one of qty or notional is accepted');
  if (notional != null) return { qtyNanos: null, notionalMicros: parseNotional(notional) };
  return { qtyNanos: parseQuantity(qty), notionalMicros: null };
}

/** The limit of an OCO order is that of its take-profit leg. */
function parseLimit(
  { limit_price: price }: Body,
  kind: OrderKind,
  orderClass: OrderClass,
  takeProfit: OrderRequest['takeProfit'],
): number | null {
  if (orderClass === 'oco' && kind === 'limit' && price == null) return takeProfit?.limitTicks ?? null;
  if (kind === 'limit' || kind === 'stop_limit') {
    if (price == null) throw malformed(`${kind.replace('_', ' ')} orders require limit_price`);
    return parsePrice('limit_price', price);
  }
  if (price != null) throw notProcessable(`${kind.replace('_', ' ')} orders require no limit_price`);
  return null;
}

function parseStop({ stop_price: price }: Body, kind: OrderKind): number | null {
  if (kind === 'stop' || kind === 'stop_limit') {
    if (price == null) throw malformed(`${kind.replace('_', ' ')} orders require stop_price`);
    return parsePrice('stop_price', price);
  }
  if (price != null) throw notProcessable(`${kind.replace('_', ' ')} orders require no stop_price`);
  return null;
}

function parseTrail({ trail_price: price, trail_percent: percent }: Body, kind: OrderKind): Trail | null {
  if (kind !== 'trailing_stop') {
    if (price == null && percent == null) return null;
    throw notProcessable(`${kind.replace('_', ' ')} orders require no trail_price and no trail_percent`);
  }
  if ((price == null) === (percent == null)) {
    throw malformed('trailing stop orders must specify one of trail_percent or trail_price');
  }
  if (price != null) return { unit: 'price', ticks: parsePrice('trail_price', price) };
  return { unit: 'percent', millionths: parsePercent('trail_percent', percent ?? '') };
}

function parseTakeProfit({ take_profit: leg }: Body): OrderRequest['takeProfit'] {
  if (leg == null) return null;
  if (leg.limit_price == null) throw malformed('take_profit.limit_price is required');
  return { limitTicks: parsePrice('take_profit.limit_price', leg.limit_price) };
}

function parseStopLoss({ stop_loss: leg }: Body): OrderRequest['stopLoss'] {
  if (leg == null) return null;
  if (leg.stop_price == null) throw malformed('stop_loss.stop_price is required');
  const limitTicks = leg.limit_price == null ? null : parsePrice('stop_loss.limit_price', leg.limit_price);
  return { stopTicks: parsePrice('stop_loss.stop_price', leg.stop_price), limitTicks };
}
