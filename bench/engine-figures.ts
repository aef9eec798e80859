// The backtester's promises: the core on one core of the machine, and whole runs through the addon from files.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import { runBacktest } from '../electron/contract/backtest.ts';
import { toRequest } from '../electron/host/research/backtest-request.ts';
import { loadNative } from '../electron/native/load.ts';
import { barFile } from './bar-file.ts';
import type { Measurement } from './measurement.ts';
import { runExample } from './run-example.ts';

const runs = 7;
const minute = 60_000;
const day = 86_400_000;
const minutesOfYear = 98_280;
const daysOfDecade = 2_520;
const fewBars = 200_000;
const symbols = ['ONE', 'TWO', 'THREE'];

const CoreReport = z.object({
  n: z.int().positive(),
  momentumBarsPerS: z.number().positive(),
  meanReversionBarsPerS: z.number().positive(),
  pairBarsPerS: z.number().positive(),
});
const MemoryReport = z.object({ bars: z.int(), peakKib: z.number().positive() });

/** Runs the examples and the addon on bars that are made up. Rejects when one fails. */
export async function measureEngine(): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-bench-'));
  try {
    return [...(await coreFigures()), ...(await addonFigures(folder)), await memoryFigure(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function coreFigures(): Promise<Measurement[]> {
  const [line] = await runExample('desk-lab', 'bench_engine');
  const core = CoreReport.parse(line);
  const note = 'full accounting, one core, a million minutes in memory; the fastest';
  const rate = (name: string, value: number, target: number): Measurement => ({
    name,
    value: value / 1e6,
    unit: 'million/s',
    n: core.n,
    target,
    rule: 'atLeast',
    note,
  });
  return [
    rate('backtest of momentum, bars', core.momentumBarsPerS, 50),
    rate('backtest of mean reversion, bars', core.meanReversionBarsPerS, 20),
    rate('backtest of a pair, pair-bars', core.pairBarsPerS, 5),
  ];
}

async function addonFigures(folder: string): Promise<Measurement[]> {
  const year = await Promise.all(symbols.map((_, seed) => barFile(folder, minutesOfYear, minute, seed)));
  const decade = await barFile(folder, daysOfDecade, day, 9);
  const { BacktestJob } = loadNative();
  const requestOf = (strategy: string, files: readonly string[]) =>
    toRequest(
      runBacktest.input.parse({ strategy, cash: 100_000 }),
      files.map((path, index) => ({ symbol: symbols[index] ?? '', path, source: path, origin: 'simulator' })),
    );
  const yearRequest = requestOf('momentum', year);
  const whole = await timed(() => new BacktestJob(yearRequest).run());
  const grid = [
    { param: 'fast', values: Array.from({ length: 25 }, (_, index) => index + 2) },
    { param: 'slow', values: Array.from({ length: 40 }, (_, index) => index + 30) },
  ];
  const decadeRequest = requestOf('sma-cross', [decade]);
  const sweep = await timed(() => new BacktestJob(decadeRequest).sweep(grid, 'sharpe'));
  return [
    {
      name: 'a year of minutes, three symbols, all checks',
      value: whole.fastestMs,
      unit: 'ms',
      n: runs,
      target: 50,
      rule: 'atMost',
      note: `${(minutesOfYear * symbols.length).toLocaleString('en')} bars from files, through the addon; the fastest`,
    },
    {
      name: 'sweep of 1,000 variants over ten years of days',
      value: sweep.fastestMs,
      unit: 'ms',
      n: runs,
      target: 1_000,
      rule: 'atMost',
      note: 'all cores, from a file, through the addon; the fastest',
    },
    {
      name: 'event-loop delay during both, the longest',
      value: Math.max(whole.delayMs, sweep.delayMs),
      unit: 'ms',
      n: 2 * runs,
      target: 5,
      rule: 'atMost',
      note: 'of the process that asked',
    },
  ];
}

/** The fastest of several runs, and how long the event loop was held up beyond its 1 ms of sampling in any. */
async function timed(work: () => Promise<unknown>): Promise<{ fastestMs: number; delayMs: number }> {
  const resolution = 1;
  let fastestMs = Number.POSITIVE_INFINITY;
  const delay = monitorEventLoopDelay({ resolution });
  await work();
  delay.enable();
  for (let run = 0; run < runs; run += 1) {
    const startedMs = performance.now();
    await work();
    fastestMs = Math.min(fastestMs, performance.now() - startedMs);
  }
  delay.disable();
  return { fastestMs, delayMs: delay.max / 1e6 - resolution };
}

async function memoryFigure(folder: string): Promise<Measurement> {
  const measure = async (bars: number): Promise<number> => {
    const [line] = await runExample('desk-lab', 'bench_memory', await barFile(folder, bars, minute, 5));
    return MemoryReport.parse(line).peakKib;
  };
  const [few, many] = [await measure(fewBars), await measure(10 * fewBars)];
  return {
    name: 'memory of a streamed backtest, ten times the bars',
    value: many / few,
    unit: 'x',
    n: 2,
    target: 1.1,
    rule: 'atMost',
    note: `peak ${(few / 1024).toFixed(1)} MiB on ${fewBars.toLocaleString('en')} bars, ${(many / 1024).toFixed(1)} MiB on ten times as many`,
  };
}
