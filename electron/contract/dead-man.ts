// The dead-man lease: the host renews it while every fact of its health is confirmed; when it runs out, what rests is cancelled.
import { z } from 'zod';
import { FiringOutcome } from './dead-man-events.ts';
import { defineOperation } from './define-operation.ts';
import { EpochMs, Mode } from './names.ts';

/** Seconds without a confirmation. There is no value that switches the lease off. */
export const DeadManLeaseS = z.int().min(5).max(300);

/** Part of the settings. */
export const DeadManSettings = z.object({ leaseS: DeadManLeaseS.default(15) }).prefault({});

/** `waiting`: never confirmed on this account yet. `lapsing`: not renewed, it runs out. Only `held` and `lapsing` may open. */
export const DeadManPhase = z.enum(['waiting', 'held', 'lapsing', 'expired']);
export type DeadManPhase = z.infer<typeof DeadManPhase>;

/** One thing that was looked at. */
export const HealthFact = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** What was found, for people. */
  detail: z.string(),
  /** Of the finding; null before the first. */
  ageMs: z.number().nullable(),
  /** Above this age it counts as not confirmed; null where only the finding counts. */
  boundMs: z.number().nullable(),
});
export type HealthFact = z.infer<typeof HealthFact>;

/** Travels with the gauges. */
export const DeadManGauge = z.object({
  phase: DeadManPhase,
  leaseS: z.number(),
  /** Null while waiting; 0 once expired. */
  remainingMs: z.number().nullable(),
  /** An operator withholds the renewals. */
  drilling: z.boolean(),
  facts: z.array(HealthFact),
});
export type DeadManGauge = z.infer<typeof DeadManGauge>;

export const DeadManFiring = z.object({
  firingId: z.string(),
  at: EpochMs,
  drill: z.boolean(),
  leaseS: z.number(),
  reasons: z.array(z.string()),
  /** Null while the first cancellation is under way. */
  outcome: FiringOutcome.nullable(),
});
export type DeadManFiring = z.infer<typeof DeadManFiring>;

export const showDeadMan = defineOperation({
  name: 'deadman.show',
  summary: 'Show the dead-man lease: what it is renewed by, what is left of it, and when it fired last.',
  effect: 'reads',
  input: z.object({}),
  output: DeadManGauge.extend({
    mode: Mode,
    /** It blocks entries until an operator unblocks. */
    blocking: z.boolean(),
    lastFiring: DeadManFiring.nullable(),
    lastDrill: DeadManFiring.nullable(),
  }),
  errors: [],
  cli: { command: 'deadman' },
});

export const drillDeadMan = defineOperation({
  name: 'deadman.drill',
  summary:
    'Let the dead-man lease run out on purpose: cancels every resting order, blocks entries, and measures how long it took.',
  effect: 'stops',
  input: z.object({
    after: z
      .int()
      .min(1)
      .max(300)
      .default(5)
      .describe('Seconds until the lease runs out; never more than are left of it'),
    confirm: z.string().optional().describe('LIVE only: the account number, repeated'),
  }),
  output: DeadManFiring.extend({ mode: Mode }),
  errors: ['DEAD_MAN_NOT_HELD', 'KILL_LATCHED', 'CONFIRMATION_REQUIRED', 'HOST_STOPPING'],
  cli: {
    command: 'deadman-drill',
    confirm: 'needed',
    lasting: true,
    examples: ['deadman-drill --yes', 'deadman-drill --after 15 --yes'],
  },
});
