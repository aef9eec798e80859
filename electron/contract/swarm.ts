// Operations on the swarm: deploy, look, stop, kill.
import { z } from 'zod';
import { agentPhases } from './agent-phase.ts';
import { defineOperation } from './define-operation.ts';
import { KillItem } from './events.ts';
import { Micros, QtyNanos } from './money.ts';
import { AgentId, EpochMs, KillPolicy, KillScope, Mode, StrategyId, Symbol } from './names.ts';
import { checkStrategyChoice, StrategyName, StrategyParams } from './strategy-input.ts';
import { symbolList } from './symbol-list.ts';

/** What one agent can trade. */
export const SymbolList = symbolList(16);

const deployFields = {
  agent: StrategyName.describe('Strategy of the agents'),
  symbols: SymbolList.default(['AAPL', 'MSFT', 'GOOGL']),
  params: StrategyParams.default({}).describe('Parameter of the strategy, name=value; can be repeated'),
  count: z.int().min(1).max(100).default(3).describe('How many agents, 1 to 100'),
  perSandbox: z
    .int()
    .min(1)
    .max(25)
    .optional()
    .describe('Agents per sandbox, 1 to 25; the cheapest that keeps two failure domains when left out'),
  hours: z.number().min(0.1).max(24).default(8).describe('Planned run time in hours, 0.1 to 24'),
  maxPosition: z
    .number()
    .min(100)
    .max(1_000_000)
    .default(5_000)
    .describe('Largest position of one agent in one symbol, USD'),
} as const;

const DeployInput = z.object(deployFields).superRefine(checkStrategyChoice);

/** What keeps more agents from sharing a sandbox; `none` when all of them fit in one. */
const PackingBound = z.enum(['none', 'the setting', 'memory', 'processors', 'failure domains']);
export type PackingBound = z.infer<typeof PackingBound>;

const PlacementOption = z.object({
  perSandbox: z.int(),
  sandboxes: z.int(),
  /** Whole plan: hours x hourly price x sandboxes. */
  planMicros: Micros,
  perHourMicros: Micros,
  /** Fits what is left of today's budget. */
  fits: z.boolean(),
  /** The option taken when `perSandbox` is left out. */
  chosen: z.boolean(),
});

export const previewDeploy = defineOperation({
  name: 'swarm.preview',
  summary: 'Price a deployment before it is made.',
  effect: 'reads',
  input: DeployInput,
  output: z.object({
    options: z.array(PlacementOption),
    /** What bounds the density that is taken when `perSandbox` is left out. */
    boundBy: PackingBound,
    rateCard: z.string(),
    simulatedPrice: z.boolean(),
    spentMicros: Micros,
    availableMicros: Micros,
    budgetMicros: Micros,
    exitReserveMicros: Micros,
    /** Reserved at once for the chosen option's first leases. */
    leaseMicros: Micros,
    leaseMs: z.int(),
    sandboxesAlive: z.int(),
    sandboxLimit: z.int(),
    createsPerSecond: z.number(),
    /** Creations that wait included; from this host's own times, null until 20 were measured. */
    readyInMs: z.number().nullable(),
    limits: z.object({ orderNotionalMicros: Micros, symbolPositionMicros: Micros, maxQuoteAgeMs: z.int() }),
  }),
  errors: ['UNKNOWN_STRATEGY', 'UNKNOWN_SYMBOL'],
});

export const deploySwarm = defineOperation({
  name: 'swarm.deploy',
  summary: 'Deploy agents into fresh sandboxes and start trading.',
  effect: 'spends',
  input: DeployInput,
  output: z.object({
    swarmId: z.string(),
    agentIds: z.array(AgentId),
    sandboxes: z.int(),
    reservedMicros: Micros,
    tookMs: z.number(),
  }),
  errors: [
    'UNKNOWN_STRATEGY',
    'UNKNOWN_SYMBOL',
    'BUDGET_EXCEEDED',
    'QUOTA_EXCEEDED',
    'SANDBOX_UNAVAILABLE',
    'ENTRIES_BLOCKED',
    'KILL_LATCHED',
  ],
  cli: { command: 'deploy' },
});

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
    /** Of the current agents; `alive` excludes stopped and failed. */
    agents: z.array(AgentView),
    alive: z.int(),
    orders: z.int(),
    fills: z.int(),
    denied: z.int(),
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
  cli: { command: 'stop-all', confirm: true },
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
  errors: ['KILL_LATCHED'],
  cli: { command: 'unblock' },
});

export const killSwarm = defineOperation({
  name: 'swarm.kill',
  summary:
    'Stop everything: block entries, cancel orders, apply the position policy, verify, end the sandboxes.',
  effect: 'stops',
  input: z.object({
    scope: KillScope.default('all').describe('What to stop'),
    policy: KillPolicy.default('flatten').describe('flatten closes positions, keep leaves them open'),
    reason: z.string().max(200).default('operator').describe('Why, for the journal'),
  }),
  output: z.object({
    killId: z.string(),
    verified: z.boolean(),
    policy: KillPolicy,
    tookMs: z.number(),
    items: z.array(KillItem),
  }),
  errors: ['BROKER_UNAVAILABLE'],
  cli: { command: 'kill', confirm: true },
});

export const rearmSwarm = defineOperation({
  name: 'swarm.rearm',
  summary: 'Release the kill latch; needs a reason. Nothing restarts by itself.',
  effect: 'writes',
  input: z.object({
    reason: z.string().trim().min(3).max(200).describe('Why it is safe, 3 to 200 characters'),
  }),
  output: z.object({ rearmedAt: EpochMs }),
  errors: ['NOT_LATCHED'],
  cli: { command: 'rearm' },
});
