// One coordinated round on request. It decides nothing: agents decide at the close of a bar, and only then.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { QtyNanos } from './money.ts';
import { AgentId, EpochMs, Side, Symbol } from './names.ts';
import { StrategyName } from './strategy-input.ts';
import { SymbolList } from './deploy.ts';

/** What an agent last decided at the close of a bar. */
export const DecisionAction = z.enum(['hold', 'enter', 'exit', 'reverse', 'resize', 'warming']);

const order = { side: Side, qtyNanos: QtyNanos };

/** What a round did in one symbol. */
export const RoundOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approved'), ...order, clientOrderId: z.string() }),
  z.object({ kind: z.literal('denied'), ...order, code: z.string(), detail: z.string() }),
  z.object({
    kind: z.literal('none'),
    code: z.enum([
      'AT_TARGET',
      'CROSSED',
      'ORDER_WORKING',
      'ENTRIES_BLOCKED',
      'KILLING',
      'NOT_READY',
      'FAILED',
    ]),
    detail: z.string(),
  }),
]);
export type RoundOutcome = z.infer<typeof RoundOutcome>;

export const executeStrategy = defineOperation({
  name: 'swarm.execute',
  summary:
    "Run one round now: the last targets of a strategy's running agents, and of all others on the same symbols, are netted, gated and sent once. No agent decides anew.",
  effect: 'spends',
  input: z.object({
    strategy: StrategyName.describe('Strategy whose running agents take part'),
    symbols: SymbolList.optional().describe(
      'Comma-separated symbols; all that these agents follow when left out',
    ),
  }),
  output: z.object({
    decisions: z.array(
      z.object({
        agentId: AgentId,
        symbol: Symbol,
        /** Null until this host has heard it decide on the symbol. */
        action: DecisionAction.nullable(),
        reason: z.string(),
        decidedAt: EpochMs.nullable(),
        /** What it wants to hold, null when it has not said so, and what it held before the round. */
        targetNanos: QtyNanos.nullable(),
        positionNanos: QtyNanos,
      }),
    ),
    orders: z.array(z.object({ symbol: Symbol, outcome: RoundOutcome })),
  }),
  errors: ['UNKNOWN_STRATEGY', 'AGENT_NOT_FOUND', 'KILL_LATCHED'],
  cli: { command: 'execute' },
});
