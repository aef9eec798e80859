// The kept backtests, the newest first.
import type { BacktestSummary } from '../../electron/contract/backtest-report.ts';
import { formatMetric } from '../../electron/contract/format-metric.ts';
import { Card } from '../ui/card.tsx';
import { classNames } from '../ui/class-names.ts';
import { Glyph } from '../ui/glyph.tsx';
import { day } from './day.ts';

export interface BacktestListProps {
  /** Null until the host has answered. */
  readonly backtests: readonly BacktestSummary[] | null;
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
}

export function BacktestList({ backtests, openId, onOpen }: BacktestListProps) {
  return (
    <Card title="Kept backtests" note={backtests === null ? 'reading…' : `${backtests.length}, simulated`}>
      <ul className="mt-2 grid gap-1">
        {(backtests ?? []).map((backtest) => (
          <li key={backtest.id}>
            <button
              type="button"
              aria-current={backtest.id === openId}
              onClick={() => onOpen(backtest.id)}
              className={classNames(
                'grid w-full grid-cols-[1fr_auto] gap-x-2 rounded-control border px-2 py-1.5 text-left text-cell',
                backtest.id === openId ? 'border-accent bg-raised' : 'border-line hover:bg-raised/60',
              )}
            >
              <span className="truncate font-medium">
                {backtest.strategy}
                {backtest.method === 'run' ? null : (
                  <span className="ml-2 text-label font-normal text-muted">{backtest.method}</span>
                )}
              </span>
              <span>{formatMetric(backtest.returnPct, '%')}</span>
              <span className="truncate text-label text-dim">
                {backtest.symbols.join(' ')} · {day(backtest.firstAt)} to {day(backtest.lastAt)}
              </span>
              <span className="text-label text-dim">
                {backtest.status === 'failed' ? (
                  <span className="text-critical">
                    <Glyph shape="square" /> failed
                  </span>
                ) : (
                  `${backtest.tradeCount} trades`
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {backtests?.length === 0 ? <p className="mt-2 text-muted">None yet.</p> : null}
    </Card>
  );
}
