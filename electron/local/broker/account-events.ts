// What is journalled of a demo account. Replaying these events in order rebuilds it exactly; prices, quantities and
// times are integers, and everything else (cash, positions, averages) follows from them.
import { z } from 'zod';
import { EpochMs, Side } from '../../contract/names.ts';
import { Micros, PriceTicks, QtyNanos } from '../../contract/money.ts';
import { AccountConfiguration } from './account-configuration.ts';
import { Watchlist } from './watchlist.ts';

export const PositionIntent = z.enum(['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close']);
export type PositionIntent = z.infer<typeof PositionIntent>;

export const OrderKind = z.enum(['market', 'limit', 'stop', 'stop_limit', 'trailing_stop']);
export type OrderKind = z.infer<typeof OrderKind>;

export const TimeInForce = z.enum(['day', 'gtc', 'opg', 'cls', 'ioc', 'fok']);
export type TimeInForce = z.infer<typeof TimeInForce>;

export const OrderClass = z.enum(['simple', 'bracket', 'oco', 'oto']);
export type OrderClass = z.infer<typeof OrderClass>;

/** How far a trailing stop stays behind the best price. */
export const Trail = z.discriminatedUnion('unit', [
  z.object({ unit: z.literal('price'), ticks: PriceTicks.positive() }),
  z.object({ unit: z.literal('percent'), millionths: z.int().positive().max(999_999) }),
]);
export type Trail = z.infer<typeof Trail>;

/** The SEC's fee, FINRA's trading activity fee, and the consolidated audit trail's. */
export const FeeKind = z.enum(['REG', 'TAF', 'CAT']);
export type FeeKind = z.infer<typeof FeeKind>;

/** What was ordered; never changes after acceptance. */
export const OrderTerms = z.object({
  id: z.uuid(),
  clientOrderId: z.string().min(1).max(128),
  symbol: z.string(),
  side: Side,
  kind: OrderKind,
  timeInForce: TimeInForce,
  /** Of a notional order: an estimate, until it is sent. */
  qtyNanos: QtyNanos.positive(),
  /** What a notional order is to cost; null where the quantity was given. */
  notionalMicros: Micros.positive().nullable().default(null),
  /** Of limit and stop-limit orders. */
  limitTicks: PriceTicks.nullable(),
  /** Of stop and stop-limit orders, and where a trailing stop begins. */
  stopTicks: PriceTicks.nullable().default(null),
  trail: Trail.nullable().default(null),
  /** The price from which a trailing stop begins to follow. */
  markTicks: PriceTicks.nullable().default(null),
  extendedHours: z.boolean().default(false),
  orderClass: OrderClass.default('simple'),
  /** Orders that belong together carry the same id. */
  group: z
    .object({ id: z.uuid(), role: z.enum(['entry', 'takeProfit', 'stopLoss']) })
    .nullable()
    .default(null),
  /** The order whose place this one took. */
  replacesId: z.uuid().nullable().default(null),
  intent: PositionIntent,
  /** Price at which the open part reserves buying power; 0 for an order that closes. */
  chargeTicks: PriceTicks,
  /** Close of the session a day order lives in, or the last day of one good till canceled; null for one that does not end by the clock. */
  expiresAtMs: EpochMs.nullable(),
});
export type OrderTerms = z.infer<typeof OrderTerms>;

const marketMs = EpochMs;

export const AccountEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('accountOpened'),
    version: z.literal(1),
    marketId: z.string(),
    accountId: z.uuid(),
    cashMicros: Micros.positive(),
    marketMs,
  }),
  /** `queued`: the market was closed, so the order waits here for the open. `held`: it waits for its group. */
  z.object({
    kind: z.literal('orderAccepted'),
    order: OrderTerms,
    queued: z.boolean(),
    held: z.boolean().default(false),
    marketMs,
  }),
  z.object({ kind: z.literal('orderWorking'), orderId: z.uuid(), marketMs }),
  /** The stop was set off: the order works in the market now. */
  z.object({ kind: z.literal('orderElected'), orderId: z.uuid(), marketMs }),
  z.object({
    kind: z.literal('orderTrailed'),
    orderId: z.uuid(),
    markTicks: PriceTicks,
    stopTicks: PriceTicks,
    marketMs,
  }),
  /** A notional order met its price, or another leg of the group has filled in part. */
  z.object({ kind: z.literal('orderResized'), orderId: z.uuid(), qtyNanos: QtyNanos.positive(), marketMs }),
  /** The cancel is on its way to the exchange. */
  z.object({ kind: z.literal('orderCancelRequested'), orderId: z.uuid(), marketMs }),
  /** The replacement is on its way to the exchange. */
  z.object({ kind: z.literal('orderReplaceRequested'), orderId: z.uuid(), byId: z.uuid(), marketMs }),
  /** The replacement came too late. */
  z.object({ kind: z.literal('orderReplaceRejected'), orderId: z.uuid(), marketMs }),
  z.object({ kind: z.literal('orderReplaced'), orderId: z.uuid(), byId: z.uuid(), marketMs }),
  z.object({
    kind: z.literal('orderFilled'),
    orderId: z.uuid(),
    executionId: z.uuid(),
    qtyNanos: QtyNanos.positive(),
    priceTicks: PriceTicks.positive(),
    marketMs,
  }),
  z.object({
    kind: z.literal('orderEnded'),
    orderId: z.uuid(),
    status: z.enum(['canceled', 'expired', 'rejected']),
    reason: z.string().nullable(),
    marketMs,
  }),
  /** The regulators' fees of every execution that had not been charged yet. */
  z.object({
    kind: z.literal('feesCharged'),
    charges: z.array(z.object({ id: z.uuid(), kind: FeeKind, micros: Micros.positive() })),
    marketMs,
  }),
  z.object({
    kind: z.literal('sessionClosed'),
    equityMicros: Micros,
    maintenanceMicros: Micros.min(0).default(0),
    marketMs,
  }),
  z.object({ kind: z.literal('marketReached'), marketMs }),
  z.object({ kind: z.literal('configurationChanged'), configuration: AccountConfiguration, marketMs }),
  z.object({ kind: z.literal('watchlistSaved'), watchlist: Watchlist, marketMs }),
  z.object({ kind: z.literal('watchlistDeleted'), watchlistId: z.uuid(), marketMs }),
]);
export type AccountEvent = z.infer<typeof AccountEvent>;
