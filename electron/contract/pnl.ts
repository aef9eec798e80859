// The operation that sets what agents earn against what their sandboxes cost.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { Micros } from './money.ts';

const Row = z.object({
  /** The agent, strategy or swarm. */
  name: z.string(),
  agents: z.int(),
  fills: z.int(),
  realisedMicros: Micros,
  /** At the last prices. */
  unrealisedMicros: Micros,
  /** Their part of the broker's fees; what no sale explains is in the total alone. */
  feesMicros: Micros,
  /** What the sandboxes have cost, shared by the agents in each. */
  infraMicros: Micros,
  /** Realised and unrealised, less fees and sandboxes. */
  netMicros: Micros,
});
export type PnlRow = z.infer<typeof Row>;

/** Null where too little was measured: a P95 needs 20 samples. */
const Latency = z.object({ n: z.int(), p50Ms: z.number().nullable(), p95Ms: z.number().nullable() });

export const reportPnl = defineOperation({
  name: 'pnl.report',
  summary:
    "Show each agent's, strategy's and swarm's profit and loss, the broker's fees, what their sandboxes cost, and what is left; fees are shared by what was sold.",
  effect: 'reads',
  input: z.object({}),
  output: z.object({
    agents: z.array(Row),
    strategies: z.array(Row),
    swarms: z.array(Row),
    total: Row,
    /** From an intent of the agents to the broker's answer, over the last hour. */
    intentToOrder: Latency,
    /** From an order's approval to each of its fills on record, over the last hour. */
    orderToFill: Latency,
    /** The profit is not of real money. */
    pnlSimulated: z.boolean(),
    /** Nobody sends a bill for the sandboxes. */
    spendSimulated: z.boolean(),
  }),
  errors: [],
  cli: { command: 'pnl' },
});
