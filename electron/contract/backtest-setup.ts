// What a backtest assumes: strategy, data, cash, costs, fills, limits. The same fields for one run and for a sweep.
import { z } from 'zod';
import { nearestName } from './nearest-name.ts';
import { strategyCatalogue } from './strategy-catalogue.ts';
import { checkStrategyParams, StrategyParams, strategyName } from './strategy-input.ts';
import { SymbolList } from './deploy.ts';

const Usd = (most: number): z.ZodNumber => z.number().positive().max(most);
const Bps = z.number().min(0).max(1_000);
const mostCash = 1_000_000_000;

const ids = strategyCatalogue.map(({ id }) => id);

/** Every strategy, also the one that is not deployed; also in capitals and with underscores. */
const BacktestStrategy = z.preprocess(
  (given: string) => (typeof given === 'string' ? strategyName(given) : given),
  z.enum(ids, {
    error: ({ input }) => {
      const meant = nearestName(String(input), ids);
      return `"${String(input)}" is unknown; ${meant === null ? `give ${ids.join(', ')}` : `did you mean ${meant}?`}`;
    },
  }),
);

const BacktestAgent = z.object({
  strategy: BacktestStrategy,
  params: StrategyParams.default({}),
  /** Those of the backtest when left out. */
  symbols: SymbolList.optional(),
});

const mostAgents = 16;

/** Also as text: "momentum:fast=12,slow=26@AAPL,MSFT; mean-reversion@AAPL". */
const AgentList = z
  .preprocess(
    (given: string | readonly unknown[]) => (typeof given === 'string' ? splitAgents(given) : given),
    z.array(BacktestAgent).min(1).max(mostAgents),
  )
  .describe(
    'Agents that share the account, 1 to 16, separated by semicolons: strategy:name=value,name=value@SYMBOL,SYMBOL',
  );

function splitAgents(text: string): { strategy: string; params?: string; symbols?: string }[] {
  return text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [, strategy = '', params, symbols] = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/s.exec(part.trim()) ?? [];
      return {
        strategy,
        ...(params === undefined ? {} : { params }),
        ...(symbols === undefined ? {} : { symbols }),
      };
    });
}

export const backtestFields = {
  strategy: BacktestStrategy.optional().describe('Strategy, as printed by strategies'),
  params: StrategyParams.default({}).describe('Parameter of the strategy, name=value; can be repeated'),
  agents: AgentList.optional(),
  symbols: SymbolList.optional().describe(
    'Comma-separated symbols, 1 to 16; those of the data when left out',
  ),
  start: z.iso
    .date('give a date such as 2015-01-02')
    .optional()
    .describe('First day in UTC, inclusive, for example 2015-01-02'),
  end: z.iso.date('give a date such as 2019-12-31').optional().describe('Last day in UTC, inclusive'),
  data: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A CSV or Parquet file, a folder of SYMBOL.csv files, A=file.csv,B=file2.csv, the name of a dataset, or sp500; the dataset of the symbols when left out, sp500 without symbols',
    ),
  timeZone: z
    .string()
    .min(1)
    .max(60)
    .default('UTC')
    .describe('Zone of times without one in a given file: UTC, -05:00 or America/New_York'),
  cash: Usd(mostCash).default(10_000).describe('Cash at the start, USD'),
  maxPosition: Usd(mostCash)
    .optional()
    .describe("What a strategy's full position is worth, USD; the cash split evenly when left out"),
  commissionBps: Bps.default(0).describe('Commission on the value of each fill, basis points'),
  commissionPerShare: z.number().min(0).max(100).default(0).describe('Commission on each share, USD'),
  spreadBps: Bps.default(0).describe('Spread between bid and ask, basis points; needs fill quote'),
  slippageBps: Bps.default(0).describe('Slippage of market orders, basis points'),
  impactBps: Bps.default(0).describe(
    'Impact of an order as large as the volume of the bar before, basis points; goes with the square root of that part',
  ),
  borrowBps: z
    .number()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('Cost of borrowing shares, basis points a year'),
  fill: z
    .enum(['next-open', 'quote', 'limit'])
    .default('next-open')
    .describe("next-open at the next bar's open, quote at its bid or ask, limit better than the last close"),
  limitOffsetBps: Bps.default(10).describe('Fill limit: distance from the last close, basis points'),
  atEnd: z
    .enum(['close-at-open', 'close-at-close', 'keep'])
    .default('close-at-open')
    .describe("What becomes of open positions: closed at the last bar's open, at its close, or kept"),
  leverage: z
    .number()
    .min(0.01)
    .max(10)
    .default(2)
    .describe('Largest value of all positions over the equity'),
  gateOrder: Usd(mostCash * 100)
    .optional()
    .describe('Largest order that the gate passes, USD; 100 times the cash when left out'),
  gatePosition: Usd(mostCash * 100)
    .optional()
    .describe('Largest position in a symbol that the gate passes, USD; 100 times the cash when left out'),
  seed: z.int().min(0).max(0xffff_ffff).default(1).describe('Chooses the instants of the look-ahead check'),
} as const;

/** Codes that any backtest may answer with. */
export const backtestErrors = [
  'UNKNOWN_STRATEGY',
  'FILE_NOT_FOUND',
  'DATASET_NOT_FOUND',
  'DATASET_INVALID',
  'DATA_DIR_UNWRITABLE',
  'BACKTEST_REFUSED',
  'CANCELLED',
] as const;

export type BacktestSetup = z.output<z.ZodObject<typeof backtestFields>>;

/** Refuses what contradicts itself or would be without effect, each at its own field. */
export function checkSetup(setup: BacktestSetup, context: z.RefinementCtx): void {
  const refuse = (field: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [field], message });
  const { strategy, agents, params, start, end, spreadBps, fill } = setup;
  if (strategy === undefined && agents === undefined) refuse('strategy', 'give a strategy, or agents');
  if (strategy !== undefined && agents !== undefined) refuse('agents', 'give a strategy or agents, not both');
  if (agents !== undefined && Object.keys(params).length > 0)
    refuse('params', 'belong to a strategy; agents carry their own, as in momentum:fast=12@AAPL');
  if (strategy !== undefined) checkStrategyParams(strategy, params, ['params'], context);
  for (const [index, agent] of (agents ?? []).entries())
    checkStrategyParams(agent.strategy, agent.params, ['agents', index, 'params'], context);
  if (start !== undefined && end !== undefined && start > end)
    refuse('end', `must not be before the start, ${start}`);
  if (spreadBps > 0 && fill !== 'quote') refuse('spreadBps', 'is paid with fill quote only');
}
