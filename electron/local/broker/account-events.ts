// What is journalled of a demo account. Replaying these events in order rebuilds it exactly; prices, quantities and
// times are integers, and everything else (cash, positions, averages) follows from them.
import { z } from 'zod';
import { EpochMs, Side } from '../../contract/names.ts';
import { Micros, PriceTicks, QtyNanos } from '../../contract/money.ts';

export const PositionIntent = z.enum(['buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close']);
export type PositionIntent = z.infer<typeof PositionIntent>;

/** What was ordered; never changes after acceptance. */
export const OrderTerms = z.object({
  id: z.uuid(),
  clientOrderId: z.string().min(1).max(128),
  symbol: z.string(),
  side: Side,
  kind: z.enum(['market', 'limit']),
  timeInForce: z.enum(['day', 'gtc']),
  qtyNanos: QtyNanos.positive(),
  /** Null for a market order. */
  limitTicks: PriceTicks.nullable(),
  intent: PositionIntent,
  /** Price at which the open part reserves buying power; 0 for an order that closes. */
  chargeTicks: PriceTicks,
  /** Close of the session a day order lives in; null for gtc. */
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
  /** `queued`: the market was closed, so the order waits here for the open. */
  z.object({ kind: z.literal('orderAccepted'), order: OrderTerms, queued: z.boolean(), marketMs }),
  z.object({ kind: z.literal('orderWorking'), orderId: z.uuid(), marketMs }),
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
  z.object({ kind: z.literal('sessionClosed'), equityMicros: Micros, marketMs }),
  z.object({ kind: z.literal('marketReached'), marketMs }),
]);
export type AccountEvent = z.infer<typeof AccountEvent>;
