// The native hot paths, measured by the crates' own examples in release builds.
import { z } from 'zod';
import type { Measurement } from './measurement.ts';
import { runExample } from './run-example.ts';

const HistogramReport = z.object({ n: z.int().positive(), nsPerRecord: z.number().positive() });
const MatchingReport = z.object({
  n: z.int().positive(),
  profile: z.string(),
  ordersPerS: z.number().positive(),
});
const JournalReport = z.object({
  n: z.int().positive(),
  durableAppendsPerS: z.number().positive(),
  ackP99Ms: z.number().positive(),
});

/** Runs the examples. Rejects when cargo or an example fails. */
export async function measureNative(): Promise<Measurement[]> {
  const histogram = HistogramReport.parse((await runExample('desk-core', 'bench_histogram')).at(-1));
  const journal = JournalReport.parse((await runExample('desk-journal', 'bench_append')).at(-1));
  const matching = MatchingReport.parse((await runExample('desk-core', 'bench_matching')).at(-1));
  return [
    {
      name: 'demo exchange, orders matched',
      value: matching.ordersPerS,
      unit: '1/s',
      n: matching.n,
      target: 20_000,
      rule: 'atLeast',
      note: `in the core, one thread, the slower profile (${matching.profile})`,
    },
    {
      name: 'histogram record',
      value: histogram.nsPerRecord,
      unit: 'ns',
      n: histogram.n,
      target: 10,
      rule: 'atMost',
      note: 'one thread, without the clock',
    },
    {
      name: 'journal, durable appends',
      value: journal.durableAppendsPerS,
      unit: '1/s',
      n: journal.n,
      target: 50_000,
      rule: 'atLeast',
      note: 'group commit, synchronous=FULL',
    },
    {
      name: 'journal, acknowledgement P99',
      value: journal.ackP99Ms,
      unit: 'ms',
      n: journal.n,
      target: 10,
      rule: 'atMost',
      note: 'under the same load',
    },
  ];
}
