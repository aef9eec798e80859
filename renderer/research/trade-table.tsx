import type { BacktestTrade } from '../../electron/contract/backtest-report.ts';
import { formatDecimal, TICKS_PER_USD } from '../../electron/contract/money.ts';
import { formatMetric } from '../../electron/contract/format-metric.ts';
import { Card } from '../ui/card.tsx';
import { classNames } from '../ui/class-names.ts';
import { day } from './day.ts';

const shown = 100;

export interface TradeTableProps {
  readonly trades: readonly BacktestTrade[];
  /** All that were closed. */
  readonly count: number;
}

/** The first closed trades with why they were opened and closed; the export has more. */
export function TradeTable({ trades, count }: TradeTableProps) {
  const note = count > shown ? `the first ${shown} of ${count.toLocaleString('en')}, simulated` : 'simulated';
  return (
    <Card title="Trades" note={note}>
      {trades.length === 0 ? <p className="mt-2 text-muted">No trade was closed.</p> : null}
      <table className="data-table dense mt-1" aria-label="Trades">
        <thead>
          <tr>
            <th className="left">Symbol</th>
            <th className="left">Side</th>
            <th>Shares</th>
            <th className="left">Entry</th>
            <th>Price</th>
            <th className="left">Exit</th>
            <th>Price</th>
            <th>PnL</th>
            <th>Return</th>
            <th className="left w-full">Why in; why out</th>
          </tr>
        </thead>
        <tbody>
          {trades.slice(0, shown).map((trade, index) => (
            // A trade has no name of its own; the list never changes.
            <tr key={`${index} ${trade.entryAt}`}>
              <td className="left">{trade.symbol}</td>
              <td className="left text-muted">{trade.side}</td>
              <td>{formatDecimal(trade.qtyNanos, 9)}</td>
              <td className="left text-muted">{day(trade.entryAt)}</td>
              <td>{price(trade.entryTicks)}</td>
              <td className="left text-muted">{day(trade.exitAt)}</td>
              <td>{price(trade.exitTicks)}</td>
              <td className={classNames('font-medium', trade.pnlMicros < 0 && 'text-critical')}>
                {formatMetric(trade.pnlMicros / 1e6, 'usd')}
              </td>
              <td className={classNames(trade.pnlMicros < 0 && 'text-critical')}>
                {formatMetric(trade.returnPct, '%')}
              </td>
              <td
                className="left w-full max-w-0 truncate text-label text-dim"
                title={`${trade.entryReason}; ${trade.exitReason}`}
              >
                {trade.entryReason}; {trade.exitReason}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

/** To the ten-thousandth, so that a column lines up at its point. */
function price(ticks: number): string {
  return (ticks / TICKS_PER_USD).toLocaleString('en', { minimumFractionDigits: 4 });
}
