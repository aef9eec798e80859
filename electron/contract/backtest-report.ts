// What came of a backtest, as it is answered, kept and exported. Every figure is simulated: made on past data.
import { z } from 'zod';
import { GridChoice, WalkForward } from './backtest-choice.ts';
import { DataOrigin, DataProblem } from './datasets.ts';
import { Micros } from './money.ts';
import { BarStart, EpochMs } from './names.ts';

/** Trades of one report; the metrics count all. */
export const keptTrades = 1_000;
/** Points of the equity curve, down-sampled with its extremes. */
export const curvePoints = 800;

const Check = z.object({
  /** lookAhead, determinism or accounting. */
  name: z.string(),
  passed: z.boolean(),
  detail: z.string(),
  /** Start of the bar that betrays a failure. */
  betrayedAt: BarStart.nullable(),
});

/** What an agent earned in one symbol. */
const AgentBook = z.object({
  symbol: z.string(),
  /** Its part of the cash at the start. */
  initialMicros: Micros,
  /** Realised, after commission and borrowing. */
  pnlMicros: Micros,
  feesMicros: Micros,
  /** Still held. */
  qtyNanos: z.int(),
});

const AgentReport = z.object({
  id: z.string(),
  strategy: z.string(),
  symbols: z.array(z.string()),
  params: z.record(z.string(), z.number()),
  books: z.array(AgentBook),
});

export const BacktestTrade = z.object({
  agentId: z.string(),
  symbol: z.string(),
  side: z.enum(['long', 'short']),
  qtyNanos: z.int(),
  entryAt: BarStart,
  entryTicks: z.int(),
  exitAt: BarStart,
  exitTicks: z.int(),
  pnlMicros: Micros,
  returnPct: z.number(),
  feesMicros: Micros,
  slippageMicros: Micros,
  entryReason: z.string(),
  exitReason: z.string(),
});
export type BacktestTrade = z.infer<typeof BacktestTrade>;

/** Where the bars of one symbol came from. */
const DataSource = z.object({
  symbol: z.string(),
  /** Path of the file, or the name of the dataset. */
  source: z.string(),
  /** Bars of the demo market are made up; nobody can say it of a file. */
  origin: DataOrigin,
  /** Of all bars of the source, hex. */
  barsSha256: z.string(),
  bars: z.int(),
  firstAt: BarStart,
  lastAt: BarStart,
  /** What the import of the whole source found, for example prices that were rounded. Reports of older versions have none. */
  problems: z.array(DataProblem).default([]),
});

const EquityPoint = z.object({ at: BarStart, micros: Micros });

const Setting = z.union([z.string(), z.number(), z.null()]);

export const BacktestSummary = z.object({
  id: z.string(),
  /** A sweep is the best of its grid, a walk-forward all its tests. Reports of older versions are runs. */
  method: z.enum(['run', 'sweep', 'walk-forward']).default('run'),
  at: EpochMs,
  /** Of a swarm, those of its agents joined by "+". */
  strategy: z.string(),
  symbols: z.array(z.string()),
  /** Of a swarm and of a walk-forward, none: its agents or folds have their own. */
  params: z.record(z.string(), z.number()),
  status: z.enum(['passed', 'failed']),
  firstAt: BarStart,
  lastAt: BarStart,
  bars: z.int(),
  tradeCount: z.int(),
  returnPct: z.number().nullable(),
  sharpe: z.number().nullable(),
  maxDrawdownPct: z.number().nullable(),
  hash: z.string(),
});
export type BacktestSummary = z.infer<typeof BacktestSummary>;

export const BacktestReport = BacktestSummary.omit({
  returnPct: true,
  sharpe: true,
  maxDrawdownPct: true,
}).extend({
  kind: z.literal('backtest'),
  simulated: z.literal(true),
  agents: z.array(AgentReport),
  /** Everything that was assumed, by the name of the setting. */
  setup: z.record(z.string(), Setting),
  /** By name; null where the run does not define it, and `undefinedBecause` says why. */
  metrics: z.record(z.string(), z.number().nullable()),
  /** One sentence a metric, with its source. */
  definitions: z.record(z.string(), z.string()),
  units: z.record(z.string(), z.string()),
  undefinedBecause: z.record(z.string(), z.string()),
  checks: z.array(Check),
  /** Orders that the gate refused, by code. */
  denials: z.record(z.string(), z.int()),
  /** Limit orders that were not reached. */
  missedLimits: z.int(),
  /** The bar at which all was lost; nothing was traded after it. */
  ruinedAt: BarStart.nullable(),
  /** The first 1,000; `tradeCount` counts all. */
  trades: z.array(BacktestTrade),
  equity: z.array(EquityPoint),
  data: z.array(DataSource),
  /** Variants that were really run to choose this one. */
  trials: z.int(),
  /** Of a sweep. */
  grid: GridChoice.nullable().default(null),
  /** Of a walk-forward; its agents have no books. */
  walk: WalkForward.nullable().default(null),
  /** With reading the data and all checks. */
  tookMs: z.number(),
  barsPerSecond: z.number(),
});
export type BacktestReport = z.infer<typeof BacktestReport>;

/** A backtest as lists and comparisons show it. */
export function summariseBacktest(report: BacktestReport): BacktestSummary {
  const { metrics } = report;
  return BacktestSummary.parse({
    ...report,
    returnPct: metrics['returnPct'] ?? null,
    sharpe: metrics['sharpe'] ?? null,
    maxDrawdownPct: metrics['maxDrawdownPct'] ?? null,
  });
}
