// What one bar costs a strategy by itself, without the backtester around it.
import { z } from 'zod';
import type { Measurement } from './measurement.ts';
import { runExample } from './run-example.ts';

const Report = z.object({ name: z.string(), n: z.int().positive(), nsPerBar: z.number().positive() });

const promises: Readonly<Record<string, { readonly target: number; readonly note: string }>> = {
  'mean reversion': { target: 50, note: 'with its gate, default parameters' },
  'neural perceptron': { target: 500, note: 'features, one forecast and one step of learning' },
  'pairs by cointegration': { target: 200, note: 'both bars of a pair, tests of the pair included' },
};

/** Measures the strategies that have a promise. Rejects when one of them was not measured. */
export async function measureStrategies(): Promise<Measurement[]> {
  const reports = z.array(Report).parse(await runExample('desk-core', 'bench_strategies'));
  return Object.entries(promises).map(([name, { target, note }]) => {
    const report = reports.find((each) => each.name === name);
    if (!report) throw new Error(`bench_strategies says nothing of ${name}`);
    return {
      name: `${name}, one bar`,
      value: report.nsPerBar,
      unit: 'ns',
      n: report.n,
      target,
      rule: 'atMost',
      note,
    };
  });
}
