// A report of a backtest, for doors and pages that show one.
import type { BacktestReport } from '../../electron/contract/backtest-report.ts';

const dayMs = 86_400_000;
const start = Date.parse('2020-01-02');

export const backtest: BacktestReport = {
  kind: 'backtest',
  simulated: true,
  id: 'bt-0000000a',
  at: Date.parse('2026-01-05'),
  method: 'run',
  strategy: 'sma-cross',
  symbols: ['AAA'],
  params: { fast: 10, slow: 30 },
  status: 'passed',
  firstAt: start,
  lastAt: start + 3 * dayMs,
  bars: 4,
  tradeCount: 1,
  hash: '00000000000000ff',
  agents: [
    {
      id: 'sma-cross-1',
      strategy: 'sma-cross',
      symbols: ['AAA'],
      params: { fast: 10, slow: 30 },
      books: [
        {
          symbol: 'AAA',
          initialMicros: 10_000_000_000,
          pnlMicros: 1_250_000_000,
          feesMicros: 10_000_000,
          qtyNanos: 0,
        },
      ],
    },
  ],
  setup: { data: '/data/AAA.csv', cash: 10_000, commissionBps: 5, start: null },
  metrics: { finalEquity: 11_250, returnPct: 12.5, sharpe: null },
  definitions: {
    finalEquity: 'Cash and positions.',
    returnPct: 'finalEquity / initialCash - 1.',
    sharpe: 'Mean over deviation (Sharpe 1994).',
  },
  units: { finalEquity: 'usd', returnPct: '%', sharpe: 'ratio' },
  undefinedBecause: { sharpe: 'the returns do not vary' },
  checks: [{ name: 'lookAhead', passed: true, detail: '32 instants', betrayedAt: null }],
  denials: {},
  missedLimits: 0,
  ruinedAt: null,
  trades: [
    {
      agentId: 'sma-cross-1',
      symbol: 'AAA',
      side: 'long',
      qtyNanos: 100_500_000_000,
      entryAt: start + dayMs,
      entryTicks: 995_000,
      exitAt: start + 3 * dayMs,
      exitTicks: 1_119_375,
      pnlMicros: 1_250_000_000,
      returnPct: 12.5,
      feesMicros: 10_000_000,
      slippageMicros: 0,
      entryReason: 'crossed up: fast 101.00, slow 100.00',
      exitReason: 'end of data',
    },
  ],
  equity: [0, 1, 2, 3].map((day) => ({
    at: start + day * dayMs,
    micros: 10_000_000_000 + day * 416_666_667,
  })),
  data: [
    {
      symbol: 'AAA',
      source: '/data/AAA.csv',
      origin: 'file',
      barsSha256: 'a'.repeat(64),
      bars: 4,
      firstAt: start,
      lastAt: start + 3 * dayMs,
      problems: [],
    },
  ],
  trials: 1,
  grid: null,
  walk: null,
  tookMs: 4,
  barsPerSecond: 1_000,
};

/** The best of a grid of three, of which two were run. */
export const sweep: BacktestReport = {
  ...backtest,
  method: 'sweep',
  trials: 2,
  grid: {
    rank: 'sharpe',
    paramNames: ['fast', 'slow'],
    metricNames: ['sharpe', 'returnPct'],
    variants: [
      { params: [10, 30], metrics: [1.25, 12.5], refused: null },
      { params: [5, 30], metrics: [null, 0], refused: null },
      { params: [30, 30], metrics: [null, null], refused: 'slow must be more than fast' },
    ],
    combinations: 3,
    tookMs: 12,
  },
};

/** Two folds of two bars each. */
export const walk: BacktestReport = {
  ...backtest,
  id: 'bt-0000000c',
  method: 'walk-forward',
  params: {},
  trials: 4,
  walk: {
    rank: 'sharpe',
    trainBars: 2,
    testBars: 1,
    anchored: false,
    folds: [
      {
        trainFrom: start,
        trainTo: start + dayMs,
        testFrom: start + 2 * dayMs,
        testTo: start + 2 * dayMs,
        params: { fast: 10, slow: 30 },
        trainScore: 1.5,
        testReturnPct: -2.25,
        trials: 2,
      },
      {
        trainFrom: start + dayMs,
        trainTo: start + 2 * dayMs,
        testFrom: start + 3 * dayMs,
        testTo: start + 3 * dayMs,
        params: { fast: 5, slow: 30 },
        trainScore: 0.5,
        testReturnPct: 15.09,
        trials: 2,
      },
    ],
  },
};
