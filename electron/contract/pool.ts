// Operations on the warm pool: paused sandboxes that already carry the runner, for the next deployment.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { Micros } from './money.ts';

const PoolStatus = z.object({
  /** How many are wanted, paused and running together. */
  size: z.int(),
  /** Ready to be taken. Paused ones cost nothing at list price. */
  paused: z.int(),
  /** Running ones, kept on request; they cost `runningPerHourMicros` together. */
  running: z.int(),
  preparing: z.int(),
  /** False once the provider has refused to pause, or while the last one could not be prepared; `reason` says why. */
  available: z.boolean(),
  reason: z.string(),
  runningPerHourMicros: Micros,
  rateCard: z.string(),
  /** True when nobody sends a bill. */
  simulatedPrice: z.boolean(),
  /** Median over the last 24 hours of bringing a paused one back; null before the first. */
  resumeP50Ms: z.number().nullable(),
});

export const poolStatus = defineOperation({
  name: 'pool.status',
  summary: 'Show the warm pool: paused sandboxes that the next deployment takes.',
  effect: 'reads',
  input: z.object({}),
  output: PoolStatus,
  errors: [],
  cli: { command: 'pool' },
});

export const resizePool = defineOperation({
  name: 'pool.resize',
  summary: 'Change how many warm sandboxes are kept; running ones cost their hourly price.',
  effect: 'spends',
  input: z.object({
    size: z.int().min(0).max(50).describe('Warm sandboxes to keep, 0 to 50'),
    running: z.int().min(0).max(10).default(0).describe('How many of them to keep running, 0 to 10'),
  }),
  output: PoolStatus,
  errors: ['INVALID_INPUT', 'SETTINGS_INVALID'],
  cli: { command: 'pool-resize', positional: ['size'] },
});
