// What happened when the dead-man lease ran out, and when an agent fell silent.
import { z } from 'zod';
import { AgentId, EpochMs } from './names.ts';

const at = EpochMs;

/** An order that rested when the lease ran out. */
export const RestingOrder = z.object({
  brokerOrderId: z.string().min(1),
  /** For example "buy 10 AAPL". */
  label: z.string(),
  /** The broker's own word after the cancellation, for example "canceled" or "filled". */
  status: z.string(),
});
export type RestingOrder = z.infer<typeof RestingOrder>;

export const FiringOutcome = z.object({
  orders: z.array(RestingOrder),
  /** The broker listed no open order any more. */
  confirmed: z.boolean(),
  /** Who had the broker's confirmation first; null while nobody has it. */
  by: z.enum(['watchdog', 'host']).nullable(),
  /** From the end of the lease to that confirmation; null while nobody has it. */
  tookMs: z.number().nonnegative().nullable(),
  /** What the broker said last where it did not confirm. */
  failure: z.string().nullable(),
});
export type FiringOutcome = z.infer<typeof FiringOutcome>;

export const DeadManEvent = z.discriminatedUnion('kind', [
  /** The lease ran out: entries are blocked until an operator allows them again. */
  z.object({
    kind: z.literal('DeadManFired'),
    at,
    firingId: z.string().min(1),
    /** An operator withheld the renewals to see it work. */
    drill: z.boolean(),
    leaseS: z.number().positive(),
    /** What was not confirmed. */
    reasons: z.array(z.string()),
  }),
  /** What became of the resting orders; a later one of the same firing replaces it. */
  FiringOutcome.extend({ kind: z.literal('DeadManCancelled'), at, firingId: z.string().min(1) }),
  /** Its runner is lost: its targets are dropped, so that it keeps what it holds until its runner sets others. */
  z.object({
    kind: z.literal('AgentSilenced'),
    at,
    agentId: AgentId,
    reason: z.string(),
    /** Orders in work with a part of this agent; they are cancelled whole. */
    clientOrderIds: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('AgentOrdersCancelled'),
    at,
    agentId: AgentId,
    /** No longer open at the broker. */
    cancelled: z.array(z.string()),
    /** The broker did not confirm these. */
    left: z.array(z.string()),
    failure: z.string().nullable(),
  }),
]);
