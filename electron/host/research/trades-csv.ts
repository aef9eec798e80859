// The trades of a backtest as CSV: one row a round trip, decimals without loss.
import type { BacktestReport, BacktestTrade } from '../../contract/backtest-report.ts';
import { formatDecimal } from '../../contract/money.ts';

const columns: readonly (readonly [string, (trade: BacktestTrade) => string])[] = [
  ['simulated', () => 'true'],
  ['agent', (trade) => trade.agentId],
  ['symbol', (trade) => trade.symbol],
  ['side', (trade) => trade.side],
  ['quantity', (trade) => formatDecimal(trade.qtyNanos, 9)],
  ['entry_at', (trade) => new Date(trade.entryAt).toISOString()],
  ['entry_price', (trade) => formatDecimal(trade.entryTicks, 4)],
  ['exit_at', (trade) => new Date(trade.exitAt).toISOString()],
  ['exit_price', (trade) => formatDecimal(trade.exitTicks, 4)],
  ['pnl_usd', (trade) => formatDecimal(trade.pnlMicros, 6)],
  ['return_pct', (trade) => String(trade.returnPct)],
  ['fees_usd', (trade) => formatDecimal(trade.feesMicros, 6)],
  ['slippage_usd', (trade) => formatDecimal(trade.slippageMicros, 6)],
  ['entry_reason', (trade) => trade.entryReason],
  ['exit_reason', (trade) => trade.exitReason],
];

/** Writes the trades that the report lists; each row says that it is simulated. */
export function tradesCsv({ trades }: BacktestReport): string {
  const rows = trades.map((trade) => columns.map(([, cell]) => quote(cell(trade))).join(','));
  return [columns.map(([name]) => name).join(','), ...rows, ''].join('\n');
}

/** Quoted where CSV needs it; a leading sign of a formula would run in a spreadsheet. */
function quote(cell: string): string {
  const safe = /^[=+@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
