// Operations that look at latency, spend and the host itself.
import { z } from 'zod';
import { defineOperation } from './define-operation.ts';
import { Micros } from './money.ts';
import { EpochMs, Mode, SlaOperation } from './names.ts';

/** 1 min, 15 min, 1 h, 24 h. */
const WindowSeconds = z.union([z.literal(60), z.literal(900), z.literal(3_600), z.literal(86_400)]);

const Percentiles = z.object({
  n: z.int(),
  failed: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  maxMs: z.number().nullable(),
});

export const slaBoard = defineOperation({
  name: 'sla.board',
  summary: 'Show P50, P95 and P99 of each operation against its target.',
  effect: 'reads',
  input: z.object({
    windowS: WindowSeconds.default(3_600).describe('Window in seconds: 60, 900, 3600 or 86400'),
  }),
  output: z.object({
    windowS: z.int(),
    rows: z.array(
      Percentiles.extend({
        operation: SlaOperation,
        targetMs: z.number(),
        windowS: z.int(),
        withinTarget: z.number().nullable(),
      }),
    ),
  }),
  errors: [],
  cli: { command: 'sla' },
});

export const slaSeries = defineOperation({
  name: 'sla.series',
  summary: 'Give the percentiles of one operation over time, in even buckets.',
  effect: 'reads',
  input: z.object({
    operation: SlaOperation,
    windowS: WindowSeconds.default(3_600),
    buckets: z.int().min(10).max(300).default(60),
  }),
  output: z.object({
    targetMs: z.number(),
    bucketMs: z.number(),
    n: z.int(),
    /** One entry a bucket, oldest first; percentiles are null where the bucket is empty. */
    points: z.array(
      z.object({
        at: EpochMs,
        n: z.int(),
        p50Ms: z.number().nullable(),
        p95Ms: z.number().nullable(),
        p99Ms: z.number().nullable(),
      }),
    ),
  }),
  errors: [],
});

export const spendToday = defineOperation({
  name: 'spend.today',
  summary: 'Show what today has cost, against the daily budget.',
  effect: 'reads',
  input: z.object({
    points: z.int().min(10).max(300).default(96).describe('Points of the cumulative curve, 10 to 300'),
  }),
  output: z.object({
    day: z.iso.date(),
    timeZone: z.string(),
    dayStartAt: EpochMs,
    dayEndAt: EpochMs,
    budgetMicros: Micros,
    exitReserveMicros: Micros,
    accruedMicros: Micros,
    reservedMicros: Micros,
    ratePerHourMicros: Micros,
    /** Accrued plus what the planned hours of running agents will cost until the day ends. */
    forecastMicros: Micros,
    rateCard: z.string(),
    simulated: z.boolean(),
    points: z.array(z.object({ at: EpochMs, accruedMicros: Micros })),
  }),
  errors: [],
  cli: { command: 'spend' },
});

export const hostHealth = defineOperation({
  name: 'host.health',
  summary: 'Check every part of the desk and say what is wrong.',
  effect: 'reads',
  input: z.object({}),
  output: z.object({
    healthy: z.boolean(),
    mode: Mode,
    version: z.string(),
    pid: z.int(),
    uptimeMs: z.int(),
    runtime: z.string(),
    dataDir: z.string(),
    loopDelayP99Ms: z.number().nullable(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  }),
  errors: [],
  cli: { command: 'health' },
});

export const hostShutdown = defineOperation({
  name: 'host.shutdown',
  summary: 'Stop the agents in order, end the sandboxes and shut the host down.',
  effect: 'stops',
  input: z.object({}),
  output: z.object({ pid: z.int() }),
  errors: [],
  cli: { command: 'down' },
});

export const dismissNotice = defineOperation({
  name: 'notices.dismiss',
  summary: 'Remove a notice from the list.',
  effect: 'writes',
  input: z.object({ noticeId: z.string() }),
  output: z.object({}),
  errors: [],
});
