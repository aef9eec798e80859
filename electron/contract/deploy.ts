// Deploying agents: what it would cost, and doing it.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { ShownLimits } from './limits.ts';
import { Micros } from './money.ts';
import { AgentId } from './names.ts';
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
    limits: ShownLimits,
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
    'LIVE_NOT_ARMED',
    'KILL_LATCHED',
  ],
  cli: { command: 'deploy' },
});
