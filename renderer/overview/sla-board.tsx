// Each operation against its own target: percentiles with their samples, and how much of the target is left.
import type { SlaRow } from '../../electron/contract/frames.ts';
import { useDesk } from '../desk-context.tsx';
import { count, counted, latency, milliseconds, notMeasured, percent, percentile } from '../format.ts';
import { headroom, headroomTone, windowText } from '../sla.ts';
import { Bar } from '../ui/bar.tsx';
import { Card } from '../ui/card.tsx';
import { classNames } from '../ui/class-names.ts';
import { FactLines } from '../ui/facts.tsx';

export function SlaBoard() {
  const rows = useDesk((desk) => desk.gauges?.sla) ?? [];
  const windows = [...new Set(rows.map((row) => windowText(row.windowS)))].join(', ');
  return (
    <Card title="SLA" note={rows.length === 0 ? 'ms' : `ms · last ${windows} · target at P95`}>
      <table className="data-table dense mt-1.5 text-cell" aria-label="SLA">
        <thead>
          <tr>
            <th className="left">Operation</th>
            <th>P50</th>
            <th>P95</th>
            <th>P99</th>
            <th>Target</th>
            <th>n</th>
            <th>Headroom</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.operation} row={row} />
          ))}
        </tbody>
      </table>
      <BoardFacts rows={rows} />
    </Card>
  );
}

function Row({ row }: { readonly row: SlaRow }) {
  const left = headroom(row);
  const tone = left === null ? 'text-dim' : headroomTone(left);
  return (
    <tr>
      <td className="left">{row.operation}</td>
      <td className="live-value text-muted">{percentile(row.p50Ms, row.n, 'p50')}</td>
      <td className="live-value font-medium">{percentile(row.p95Ms, row.n, 'p95')}</td>
      <td className="live-value text-muted">{percentile(row.p99Ms, row.n, 'p99')}</td>
      <td className="text-dim">{milliseconds(row.targetMs)}</td>
      <td className="live-value text-dim">{count(row.n)}</td>
      <td className="w-28 max-[1240px]:w-0">
        <span className="flex items-center justify-end gap-2">
          {left === null ? null : (
            <Bar className="w-10 max-[1240px]:hidden" parts={[{ share: left, className: barColour(tone) }]} />
          )}
          <span className={classNames('live-value', tone)}>
            {left === null ? notMeasured : percent(left)}
          </span>
        </span>
      </td>
    </tr>
  );
}

function barColour(tone: string): string {
  return tone === '' ? 'bg-muted' : tone === 'text-warn' ? 'bg-warn' : 'bg-critical';
}

/** Failures count as missed targets; they are never dropped from the share. */
function BoardFacts({ rows }: { readonly rows: readonly SlaRow[] }) {
  const intent = useDesk((desk) => desk.gauges?.intentToOrder);
  const n = rows.reduce((sum, row) => sum + row.n, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  const within = rows.reduce((sum, row) => sum + (row.withinTarget ?? 0) * row.n, 0);
  const intentText = intent ? percentile(intent.p95Ms, intent.n, 'p95') : notMeasured;
  const intentMeasured = intent?.p95Ms !== null && intent !== undefined && intent.n >= 20;
  return (
    <div className="live-value mt-3">
      <FactLines
        facts={[
          [
            'Within target, all operations',
            n === 0 ? notMeasured : `${percent(within / n, 2)} · n ${count(n)}`,
          ],
          ['Failed, all operations', n === 0 ? notMeasured : counted(failed, 'call')],
          [
            'Target to order, P95',
            intentMeasured ? `${latency(intent.p95Ms)} · n ${count(intent.n)}` : intentText,
          ],
        ]}
      />
    </div>
  );
}
