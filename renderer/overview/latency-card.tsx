import { lazy, useState } from 'react';
import { slaTargetsMs, SlaOperation } from '../../electron/contract/names.ts';
import { count, milliseconds, unknown } from '../format.ts';
import { timeOfDay } from '../format-time.ts';
import { windowText } from '../sla.ts';
import { Choice } from '../ui/choice.tsx';
import { ErrorLine } from '../ui/error-line.tsx';
import { usePolled } from '../use-polled.ts';
import { ChartCard, type ChartTable } from './chart-card.tsx';
import type { LatencySeries } from './latency-chart.tsx';

const LatencyChart = lazy(() => import('./latency-chart.tsx'));

const windowS = 3_600;
const buckets = 60;
const operations = SlaOperation.options.map((operation) => ({ value: operation, label: operation }));

export function LatencyCard() {
  const [operation, setOperation] = useState<SlaOperation>('deploy');
  const polled = usePolled('sla.series', { operation, windowS, buckets }, 5_000);
  const series = polled.value;
  const measured = series !== null && series.n > 0;
  const name = `${operation.slice(0, 1).toUpperCase()}${operation.slice(1)}`;
  const late = polled.error && series ? 'not updated · ' : '';
  const note = `${late}ms · last ${windowText(windowS)}${series ? ` · n ${count(series.n)}` : ''} · UTC`;
  return (
    <ChartCard
      title={`${name} latency`}
      note={note}
      actions={<Choice label="Operation" value={operation} options={operations} onChoose={setOperation} />}
      table={measured ? tableOf(series) : null}
      empty={<Empty operation={operation} loading={series === null} error={polled.error} />}
      fileName={`latency-${operation}`}
    >
      {measured ? <LatencyChart series={series} /> : null}
    </ChartCard>
  );
}

function Empty(props: {
  readonly operation: SlaOperation;
  readonly loading: boolean;
  readonly error: Parameters<typeof ErrorLine>[0]['error'];
}) {
  if (props.error) return <ErrorLine error={props.error} />;
  if (props.loading) return <p>Reading…</p>;
  return (
    <p>
      n/m: no {props.operation} was measured in the last {windowText(windowS)}. The target is P95 under{' '}
      {milliseconds(slaTargetsMs[props.operation])} ms.
    </p>
  );
}

function tableOf(series: LatencySeries): ChartTable {
  const cell = (ms: number | null): string => (ms === null ? unknown : milliseconds(ms));
  return {
    header: ['Time, UTC', 'P50 ms', 'P95 ms', 'P99 ms', 'n'],
    rows: series.points.map((point) => [
      timeOfDay(point.at, 'UTC'),
      cell(point.p50Ms),
      cell(point.p95Ms),
      cell(point.p99Ms),
      count(point.n),
    ]),
    csv: series.points.map((point) => [
      new Date(point.at).toISOString(),
      point.p50Ms,
      point.p95Ms,
      point.p99Ms,
      point.n,
    ]),
  };
}
