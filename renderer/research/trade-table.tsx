import type { BacktestTrade } from '../../electron/contract/backtest-report.ts';
import { formatDecimal } from '../../electron/contract/money.ts';
import { formatMetric } from '../../electron/contract/format-metric.ts';
import { Card } from '../ui/card.tsx';
import { classNames } from '../ui/class-names.ts';

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
      <table className="data-table mt-1" aria-label="Trades">
        <tbody>
          {trades.slice(0, shown).map((trade, index) => (
            // A trade has no name of its own; the list never changes.
            <tr key={`${index} ${trade.entryAt}`}>
              <td className="left">{trade.symbol}</td>
              <td className="left text-muted">{trade.side}</td>
              <td>{formatDecimal(trade.qtyNanos, 9)}</td>
              <td className="text-muted">
                {day(trade.entryAt)} {formatDecimal(trade.entryTicks, 4)}
              </td>
              <td className="text-muted">
                {day(trade.exitAt)} {formatDecimal(trade.exitTicks, 4)}
              </td>
              <td className={classNames('font-medium', trade.pnlMicros < 0 && 'text-critical')}>
                {formatMetric(trade.pnlMicros / 1e6, 'usd')}
              </td>
              <td
                className="left max-w-64 truncate text-label text-dim"
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

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
