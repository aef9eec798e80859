// Operations on the swarm that runs: look, stop, kill.
import { z } from 'zod';
import { agentPhases } from './agent-phase.ts';
import { defineOperation } from './define-operation.ts';
import { KillItem } from './events.ts';
import { KillScope } from './kill-scope.ts';
import { Micros, QtyNanos } from './money.ts';
import { Differences } from './order-events.ts';
import { AgentId, EpochMs, KillPolicy, Mode, Side, StrategyId, Symbol } from './names.ts';

export const AgentView = z.object({
  agentId: AgentId,
  strategy: StrategyId,
  symbols: z.array(Symbol),
  state: z.enum(agentPhases),
  reason: z.string(),
  mode: Mode,
  sandboxId: z.string().nullable(),
  fills: z.int(),
  realisedMicros: Micros,
  unrealisedMicros: Micros,
  infraMicros: Micros,
  positions: z.array(z.object({ symbol: Symbol, qtyNanos: QtyNanos })),
  /** Null until 20 decisions were measured. */
  decisionP95Ms: z.number().nullable(),
  heartbeatAgeMs: z.number().nullable(),
});

export const swarmStatus = defineOperation({
  name: 'swarm.status',
  summary: 'Show the swarm, or one agent or sandbox, from memory.',
  effect: 'reads',
  input: z.object({
    id: z.string().min(1).optional().describe('Agent or sandbox id; the whole swarm when left out'),
  }),
  output: z.object({
    mode: Mode,
    entries: z.enum(['open', 'blocked', 'latched']),
    /** When LIVE stops opening unless somebody acts; null where it may not open now, and on DEMO and PAPER. */
    armedUntil: EpochMs.nullable(),
    /** Positions that the desk cannot explain; while there are any the account only reduces. */
    differing: Differences.nullable(),
    /** Why entries are blocked; null while they are not. */
    entriesReason: z.string().nullable(),
    /** Whether the dead-man lease is held; without it nothing is opened, whatever entries say. */
    leaseHeld: z.boolean(),
    /** Strategies and agents that a kill keeps stopped; `verified` is null while it is at work. */
    latches: z.array(
      z.object({ scope: KillScope, since: EpochMs, reason: z.string(), verified: z.boolean().nullable() }),
    ),
    /** Of the current agents; `alive` excludes stopped and failed. */
    agents: z.array(AgentView),
    alive: z.int(),
    orders: z.int(),
    fills: z.int(),
    denied: z.int(),
    /** The newest order that the gate refused; null when there is none. */
    lastDenied: z
      .object({
        at: EpochMs,
        symbol: Symbol,
        side: Side,
        qtyNanos: QtyNanos,
        code: z.string(),
        detail: z.string(),
      })
      .nullable(),
    spendMicros: Micros,
    spendSimulated: z.boolean(),
    budgetMicros: Micros,
    realisedMicros: Micros,
    unrealisedMicros: Micros,
    market: z
      .object({ label: z.string(), isOpen: z.boolean().nullable(), dataAgeMs: z.number().nullable() })
      .nullable(),
    at: EpochMs,
  }),
  errors: ['AGENT_NOT_FOUND'],
  cli: { command: 'status', positional: ['id'] },
});

export const listAgents = defineOperation({
  name: 'swarm.agents',
  summary: 'List the agents.',
  effect: 'reads',
  input: z.object({ all: z.boolean().default(false).describe('Include stopped and failed ones') }),
  output: z.object({ agents: z.array(AgentView) }),
  errors: [],
  cli: { command: 'agents' },
});

export const stopAgent = defineOperation({
  name: 'swarm.stop',
  summary: 'Stop one agent: its positions are closed, then it leaves its sandbox.',
  effect: 'stops',
  input: z.object({ agentId: AgentId.describe('Agent id, as printed by agents') }),
  output: z.object({ agentId: AgentId, leftOpen: z.array(z.object({ symbol: Symbol, qtyNanos: QtyNanos })) }),
  errors: ['AGENT_NOT_FOUND'],
  cli: { command: 'stop', positional: ['agentId'] },
});

export const stopAllAgents = defineOperation({
  name: 'swarm.stopAll',
  summary: 'Stop every agent in order and end their sandboxes.',
  effect: 'stops',
  input: z.object({}),
  output: z.object({ stopped: z.array(AgentId) }),
  errors: [],
  cli: { command: 'stop-all', confirm: 'needed' },
});

export const blockEntries = defineOperation({
  name: 'swarm.block',
  summary: 'Block new risk at once; closing and cancelling still pass.',
  effect: 'writes',
  input: z.object({
    reason: z.string().max(200).default('blocked by the operator').describe('Why, for the journal'),
  }),
  output: z.object({ blockedAt: EpochMs }),
  errors: [],
  cli: { command: 'block' },
});

export const unblockEntries = defineOperation({
  name: 'swarm.unblock',
  summary: 'Allow new risk again after a block.',
  effect: 'writes',
  input: z.object({}),
  output: z.object({ entries: z.enum(['open', 'blocked', 'latched']) }),
  errors: ['KILL_LATCHED', 'LIMIT_BREACHED', 'DEAD_MAN_NOT_HELD'],
  cli: { command: 'unblock' },
});

export const killSwarm = defineOperation({
  name: 'swarm.kill',
  summary:
    'Stop everything, or what the scope names: latch, cancel orders, apply the position policy, verify, end the sandboxes.',
  effect: 'stops',
  input: z.object({
    scope: KillScope.default('all').describe(
      'What to stop: all, account (the warm pool stays), strategy:NAME or agent:ID',
    ),
    policy: KillPolicy.default('flatten').describe(
      'flatten closes positions, keep leaves them open, keep-hedged closes what is not hedged',
    ),
    reason: z.string().max(200).default('operator').describe('Why, for the journal'),
  }),
  output: z.object({
    killId: z.string(),
    verified: z.boolean(),
    scope: KillScope,
    policy: KillPolicy,
    tookMs: z.number(),
    items: z.array(KillItem),
  }),
  errors: ['AGENT_NOT_FOUND', 'UNKNOWN_STRATEGY'],
  cli: {
    command: 'kill',
    // A script that stops everything must not fail for want of a word.
    confirm: 'stops at once',
    examples: [
      'kill --scope all --policy flatten --json',
      'kill --scope agent:momentum-01 --policy keep-hedged',
    ],
  },
});

export const rearmSwarm = defineOperation({
  name: 'swarm.rearm',
  summary: 'Release the latch of a kill; needs a reason. Nothing restarts by itself.',
  effect: 'writes',
  input: z.object({
    scope: KillScope.default('all').describe('What was killed: all, account, strategy:NAME or agent:ID'),
    reason: z.string().trim().min(3).max(200).describe('Why it is safe, 3 to 200 characters'),
  }),
  output: z.object({ scope: KillScope, rearmedAt: EpochMs }),
  errors: ['NOT_LATCHED', 'KILL_LATCHED', 'DEAD_MAN_NOT_HELD'],
  cli: { command: 'rearm' },
});
