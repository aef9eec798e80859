// Operations on the orders of the account in use: list them, show one with its history, cancel.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { PriceTicks } from './money.ts';
import { AgentId, EpochMs, Mode, Side, Symbol } from './names.ts';
import { AllocationShare, GateJudgement, OrderEvent, OrderState } from './order-events.ts';

/** Most orders that one answer holds. */
const listedOrders = 5_000;

const OrderId = z.string().min(1).max(128);

export const OrderView = z.object({
  clientOrderId: OrderId,
  /** Null until the broker has named it. */
  brokerOrderId: z.string().nullable(),
  symbol: Symbol,
  side: Side,
  /** The desk sends market orders for the day. `unknown`: somebody else placed it. */
  type: z.enum(['market', 'unknown']),
  qtyNanos: z.int().positive(),
  filledNanos: z.int().nonnegative(),
  /** Volume-weighted, rounded for display; null before the first fill. */
  averagePriceTicks: PriceTicks.nullable(),
  state: OrderState,
  /** The broker may still fill it. */
  isWorking: z.boolean(),
  /** Why it is in this state, where there is more to say. */
  detail: z.string(),
  approvedAt: EpochMs,
  updatedAt: EpochMs,
  /** Since when a cancel is under way. */
  cancelAskedAt: EpochMs.nullable(),
  /** From the newest target behind it to the broker's acknowledgement; null where not measured. */
  decisionToOrderMs: z.number().nullable(),
  /** From its approval to its first fill; null where not measured. */
  orderToFillMs: z.number().nullable(),
  /** Unsigned parts of the agents; they sum to the quantity exactly. */
  shares: z.array(AllocationShare),
  judgement: GateJudgement.nullable(),
});
export type OrderView = z.infer<typeof OrderView>;

export const listOrders = defineOperation({
  name: 'orders.list',
  summary: 'List the orders of the account in use: working ones first, then the newest.',
  effect: 'reads',
  input: z.object({
    state: z.enum(['working', 'all']).default('all').describe('working: only those that can still fill'),
    symbol: Symbol.optional().describe('Only this symbol, upper case'),
    agent: AgentId.optional().describe('Only orders with a share of this agent'),
    limit: z
      .int()
      .min(1)
      .max(listedOrders)
      .default(100)
      .describe(`How many at most, 1 to ${listedOrders}; the newest are kept`),
  }),
  output: z.object({
    mode: Mode,
    /** No real money is in them. */
    simulated: z.boolean(),
    orders: z.array(OrderView),
    /** More than the limit match. */
    more: z.boolean(),
  }),
  errors: ['JOURNAL_FAILED', 'JOURNAL_CORRUPT'],
  cli: { command: 'orders-list', examples: ['orders list --state working', 'orders list --symbol AAPL'] },
});

export const showOrder = defineOperation({
  name: 'orders.show',
  summary: 'Show one order with all that the journal holds of it.',
  effect: 'reads',
  input: z.object({ id: OrderId.describe('Client order id, as printed by orders-list') }),
  output: z.object({
    mode: Mode,
    simulated: z.boolean(),
    order: OrderView,
    /** Oldest first. */
    history: z.array(z.object({ seq: z.int(), event: OrderEvent })),
  }),
  errors: ['ORDER_NOT_FOUND', 'JOURNAL_FAILED', 'JOURNAL_CORRUPT'],
  cli: { command: 'orders-show', positional: ['id'], examples: ['orders show nt-1f2e3d-17'] },
});

const Cancelled = z.object({
  clientOrderId: OrderId,
  symbol: Symbol,
  side: Side,
  /** What had not filled when it was asked for. */
  leftNanos: z.int().nonnegative(),
});

export const cancelOrders = defineOperation({
  name: 'orders.cancel',
  summary:
    "Ask the broker to cancel one order or every working one. Entries stay open: agents' targets are traded again unless you block.",
  effect: 'stops',
  input: z
    .object({
      id: OrderId.optional().describe('Client order id, as printed by orders-list'),
      all: z.boolean().default(false).describe('Every working order of the account'),
    })
    .refine(({ id, all }) => (id === undefined) === all, {
      message: 'give the id of one order, or --all for every working one',
    }),
  output: z.object({
    mode: Mode,
    /** The broker took the request; an order can still fill until it says that it is cancelled. */
    asked: z.array(Cancelled),
    refused: z.array(Cancelled.extend({ reason: z.string() })),
    /** Cancelling does not change it. */
    entries: z.enum(['open', 'blocked', 'latched']),
  }),
  errors: ['ORDER_NOT_FOUND', 'ORDER_NOT_WORKING', 'BROKER_UNAVAILABLE', 'BROKER_REFUSED'],
  cli: {
    command: 'orders-cancel',
    positional: ['id'],
    examples: ['orders cancel nt-1f2e3d-17', 'orders cancel --all'],
  },
});
