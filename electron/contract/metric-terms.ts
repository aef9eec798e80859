// The metrics' terms: what people read in the command line, the report and the window. Scripts see the names.

const terms: Readonly<Record<string, string>> = {
  initialCash: 'Cash at the start',
  finalEquity: 'Final equity',
  peakEquity: 'Highest equity',
  returnPct: 'Return',
  buyAndHoldReturnPct: 'Return of buy and hold',
  cagrPct: 'Growth a year',
  volatilityPct: 'Volatility a year',
  maxDrawdownPct: 'Deepest drawdown',
  maxDrawdownBars: 'Longest drawdown in bars',
  maxDrawdownDurationMs: 'Longest drawdown',
  beta: 'Beta',
  alphaPct: 'Alpha',
  sharpe: 'Sharpe ratio',
  sortino: 'Sortino ratio',
  calmar: 'Calmar ratio',
  annualReturnGeometricPct: 'Growth a year, geometric',
  volatilityGeometricPct: 'Volatility a year, geometric',
  sharpeGeometric: 'Sharpe ratio, geometric',
  sortinoGeometric: 'Sortino ratio, geometric',
  calmarGeometric: 'Calmar ratio, geometric',
  exposurePct: 'Time with a position',
  turnover: 'Turnover',
  bars: 'Bars',
  periods: 'Periods',
  periodsAYear: 'Periods a year',
  tradeCount: 'Closed trades',
  hitRatePct: 'Trades that gained',
  bestTradePct: 'Best trade',
  worstTradePct: 'Worst trade',
  averageTradePct: 'Average trade',
  averageTradeMs: 'Average holding time',
  longestTradeMs: 'Longest holding time',
  profitFactor: 'Profit factor',
  expectancy: 'Expectancy a trade',
  expectancyPct: 'Expectancy a trade, relative',
  sqn: 'System quality number',
  kelly: 'Kelly fraction',
  probabilisticSharpe: 'Probabilistic Sharpe ratio',
  deflatedSharpe: 'Deflated Sharpe ratio',
  trials: 'Variants run',
};

/** The names, as answers carry them. */
export const metricNames = Object.keys(terms);

const checkTerms: Readonly<Record<string, string>> = {
  lookAhead: 'Look-ahead',
  determinism: 'Determinism',
  accounting: 'Accounting',
};

/** Those that a summary shows first, in this order. */
export const keyMetrics = [
  'finalEquity',
  'returnPct',
  'cagrPct',
  'sharpe',
  'maxDrawdownPct',
  'tradeCount',
] as const;

/** "Deepest drawdown" of "maxDrawdownPct"; a name without a term stands for itself. */
export function metricTerm(name: string): string {
  return terms[name] ?? name;
}

/** "Look-ahead" of "lookAhead". */
export function checkTerm(name: string): string {
  return checkTerms[name] ?? name;
}

/** A definition or a finding with terms instead of names and with the signs of arithmetic. */
export function inTerms(text: string): string {
  return text
    .replace(/\b[a-z]+[A-Z]\w*\b/g, (name, at: number) =>
      at === 0 ? metricTerm(name) : inSentence(metricTerm(name)),
    )
    .replace(/(?<=\S) x (?=\S)/g, ' × ')
    .replace(/(?<=[\w)\]|]) - (?=[\w(|])/g, ' − ');
}

function inSentence(term: string): string {
  return /^(Sharpe|Sortino|Calmar|Kelly)/.test(term) ? term : term.charAt(0).toLowerCase() + term.slice(1);
}
