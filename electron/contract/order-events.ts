// What happened to orders, fills and the account, and the parts of them that agents received.
import { z } from 'zod';
import { Micros, PriceTicks, QtyNanos } from './money.ts';
import { Actor, AgentId, EpochMs, Side, Symbol } from './names.ts';

const at = EpochMs;

/** One agent's part of an order; parts sum to the order's quantity exactly. Unsigned: the order has the side. */
export const AllocationShare = z.object({ agentId: AgentId, qtyNanos: z.int().positive() });
export type AllocationShare = z.infer<typeof AllocationShare>;

/** The two versions of one position of the account, signed. */
export const DifferingPosition = z.object({ symbol: Symbol, oursNanos: QtyNanos, theirsNanos: QtyNanos });
export type DifferingPosition = z.infer<typeof DifferingPosition>;

/** The two versions of the account's cash. */
export const DifferingCash = z.object({ oursMicros: Micros, theirsMicros: Micros });
export type DifferingCash = z.infer<typeof DifferingCash>;

/** What the broker's account shows and the desk's record does not explain. */
export const Differences = z.object({
  positions: z.array(DifferingPosition),
  cash: DifferingCash.nullable(),
});
export type Differences = z.infer<typeof Differences>;

/** Cash that moved without a fill: a fee, a dividend, interest, a transfer. */
export const CashFlow = z.object({
  activityId: z.string(),
  /** The broker's own word, for example "FEE". */
  activityType: z.string(),
  /** Of the market, YYYY-MM-DD. */
  day: z.string(),
  /** Signed; what was paid is negative. */
  netMicros: Micros,
});
export type CashFlow = z.infer<typeof CashFlow>;

/** An agent's virtual position after a fill or a cross, as computed by the native book. */
export const AgentPosition = z.object({
  agentId: AgentId,
  symbol: Symbol,
  /** Signed. */
  qtyNanos: QtyNanos,
  /** Signed cash paid for what is still held. Zero when flat. */
  costMicros: Micros,
});
export type AgentPosition = z.infer<typeof AgentPosition>;

/** The part of a fill or cross that one agent receives. */
export const Allocation = AgentPosition.extend({
  /** Signed change of the agent's position. */
  deltaNanos: QtyNanos,
  /** PnL realised by this part alone. */
  realisedMicros: Micros,
});
export type Allocation = z.infer<typeof Allocation>;

/** What the gate knew when it let an order pass; null is "not known". */
export const GateJudgement = z.object({
  /** `reducing` and `halted` let only orders pass that bring a position closer to zero. */
  state: z.enum(['active', 'reducing', 'halted']),
  bidTicks: PriceTicks.nullable(),
  askTicks: PriceTicks.nullable(),
  quoteAgeMs: z.number().nullable(),
  /** Of the account, before the order. */
  positionNanos: QtyNanos.nullable(),
});
export type GateJudgement = z.infer<typeof GateJudgement>;

export const OrderState = z.enum([
  'approved',
  'sent',
  'partially_filled',
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'unknown',
]);
export type OrderState = z.infer<typeof OrderState>;

export const OrderEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('AgentsCrossed'),
    at,
    symbol: Symbol,
    priceTicks: PriceTicks,
    allocations: z.array(Allocation),
  }),
  z.object({
    kind: z.literal('OrderDenied'),
    at,
    symbol: Symbol,
    side: Side,
    qtyNanos: z.int().positive(),
    code: z.string(),
    /** Value, rule and remedy, for people. */
    detail: z.string(),
    /** What was found and what is allowed, in the unit of the code; null where not known or not set. */
    value: z.number().nullable().optional(),
    limit: z.number().nullable().optional(),
    /** Where it was one agent's wish that was refused, before wishes were netted. */
    agentId: AgentId.optional(),
  }),
  z.object({
    kind: z.literal('OrderApproved'),
    at,
    clientOrderId: z.string(),
    symbol: Symbol,
    side: Side,
    qtyNanos: z.int().positive(),
    shares: z.array(AllocationShare),
    /** When the newest of the targets behind it arrived; absent where none is, as in a kill, and in earlier journals. */
    decidedAt: EpochMs.optional(),
    /** Absent for an order that was placed beside the desk, and in earlier journals. */
    judgement: GateJudgement.optional(),
    /** Placed on the account by somebody else, and on record since its first fill. */
    isForeign: z.literal(true).optional(),
  }),
  z.object({ kind: z.literal('OrderCancelAsked'), at, actor: Actor, clientOrderId: z.string() }),
  /** The broker did not take the request. */
  z.object({ kind: z.literal('OrderCancelRefused'), at, clientOrderId: z.string(), detail: z.string() }),
  z.object({
    kind: z.literal('OrderUpdated'),
    at,
    clientOrderId: z.string(),
    brokerOrderId: z.string().optional(),
    state: OrderState,
    detail: z.string(),
  }),
  z.object({
    kind: z.literal('OrderFilled'),
    at,
    clientOrderId: z.string(),
    /** The broker's execution id; a second event with the same id is dropped. */
    executionId: z.string(),
    symbol: Symbol,
    side: Side,
    qtyNanos: z.int().positive(),
    priceTicks: PriceTicks,
    /** On the market's clock. */
    marketAt: EpochMs,
    allocations: z.array(Allocation),
  }),
  z.object({
    kind: z.literal('AccountRead'),
    at,
    equityMicros: Micros,
    cashMicros: Micros,
    /** Highest equity seen since the reading before, where it was read in between. */
    peakEquityMicros: Micros.optional(),
    /** Up to this time of the market's clock every execution is on record; earlier journals do not tell. */
    fillsReadTo: EpochMs.optional(),
    /** From here on the desk counts the cash itself, beginning with this figure. */
    cashSettled: z.literal(true).optional(),
    positions: z.array(z.object({ symbol: Symbol, qtyNanos: QtyNanos })),
  }),
  z.object({ kind: z.literal('CashFlowed'), at, flows: z.array(CashFlow).min(1) }),
  /** No order, fill or flow explains it: from here on the account only reduces, judged by the broker's version. */
  z.object({
    kind: z.literal('AccountDiffered'),
    at,
    positions: z.array(DifferingPosition),
    cash: DifferingCash.optional(),
  }),
  /** The broker's version is the record from here on. */
  z.object({ kind: z.literal('AccountAcknowledged'), at, actor: Actor, reason: z.string() }),
]);
export type OrderEvent = z.infer<typeof OrderEvent>;
