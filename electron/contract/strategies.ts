// Operations on the strategies: what can be deployed or tested, and by which parameters.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { strategyName } from './strategy-input.ts';

const StrategyParam = z.object({
  name: z.string(),
  default: z.number(),
  min: z.number(),
  max: z.number(),
  /** Only whole numbers are allowed. */
  whole: z.boolean(),
  unit: z.string(),
  summary: z.string(),
});

const StrategyInfo = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  /** Where its rules were published. */
  source: z.string(),
  fewestSymbols: z.int(),
  mostSymbols: z.int(),
  /** False for the one that only checks the backtester. */
  deployable: z.boolean(),
  params: z.array(StrategyParam),
});

export const listStrategies = defineOperation({
  name: 'strategies.list',
  summary: 'List the strategies.',
  effect: 'reads',
  input: z.object({}),
  output: z.object({ strategies: z.array(StrategyInfo.omit({ params: true })) }),
  errors: [],
  cli: { command: 'strategies' },
});

export const describeStrategy = defineOperation({
  name: 'strategies.describe',
  summary: 'Show one strategy: its rules, their source, and its parameters with ranges and defaults.',
  effect: 'reads',
  input: z.object({
    id: z.string().min(1).overwrite(strategyName).describe('Strategy id, as printed by strategies'),
  }),
  output: StrategyInfo,
  errors: ['UNKNOWN_STRATEGY'],
  cli: { command: 'strategy', positional: ['id'] },
});
