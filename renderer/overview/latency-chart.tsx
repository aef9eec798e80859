// P50, P95 and P99 of one operation over time against its target. Gaps stay gaps; a lone bucket is drawn as a dot.
import type { ReactElement } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import type { OperationOutput } from '../bridge.ts';
import { count, latency } from '../format.ts';
import { minuteOfDay, timeOfDay } from '../format-time.ts';
import { timeTicks, valueTicks } from './axis-ticks.ts';
import { colour, gridStyle, tickStyle } from './chart-look.ts';
import { ChartTooltip } from './chart-tooltip.tsx';
import { type EndLabel, EndLabels } from './end-labels.tsx';

export type LatencySeries = OperationOutput<'sla.series'>;
type Point = LatencySeries['points'][number];
type PercentileKey = 'p50Ms' | 'p95Ms' | 'p99Ms';

const plot = { top: 10, right: 116, bottom: 44, left: 50 } as const;
const stripHeight = 16;
const tenMinutes = 600_000;
/** A target this many times above the data would press the lines flat; it is named at the top edge instead. */
const offScale = 4;
const p95Needs = 20;
const p99Needs = 100;
const tooFew = 'n/a';

export default function LatencyChart({ series }: { readonly series: LatencySeries }) {
  const { points, bucketMs, targetMs } = series;
  const highest = Math.max(...points.map((point) => point.p99Ms ?? point.p95Ms ?? point.p50Ms ?? 0), 1);
  const targetShown = targetMs <= highest * offScale;
  const max = targetShown ? Math.max(targetMs, highest) * 1.12 : highest * 1.25;
  const start = points[0]?.at ?? 0;
  const end = (points.at(-1)?.at ?? 0) + bucketMs;
  const data = points.map((point) => ({
    ...point,
    band: point.p50Ms === null || point.p95Ms === null ? null : [point.p50Ms, point.p95Ms],
  }));
  return (
    <>
      <ComposedChart
        responsive
        accessibilityLayer
        title="Latency"
        data={data}
        margin={{ top: plot.top, right: plot.right, bottom: stripHeight + 4, left: 0 }}
        style={{ position: 'absolute', inset: 0, width: '100%', height: '100%' }}
      >
        <CartesianGrid vertical={false} syncWithTicks {...gridStyle} />
        <XAxis
          dataKey="at"
          type="number"
          domain={[start, end]}
          ticks={timeTicks(start, end, tenMinutes)}
          tickFormatter={(at: number) => minuteOfDay(at, 'UTC')}
          tick={tickStyle}
          tickLine={false}
          axisLine={false}
          height={plot.bottom - stripHeight - 4}
        />
        <YAxis
          type="number"
          domain={[0, max]}
          ticks={valueTicks(max, 6)}
          tickFormatter={(ms: number) => (Number.isInteger(ms) ? count(ms) : String(ms))}
          tick={tickStyle}
          tickLine={false}
          axisLine={false}
          width={plot.left}
        />
        <Area
          dataKey="band"
          type="linear"
          stroke="none"
          fill={colour.p95}
          fillOpacity={0.1}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
          connectNulls={false}
        />
        {percentileLine(points, 'p99Ms', colour.p99, 1, '4 3')}
        {percentileLine(points, 'p50Ms', colour.p50, 1)}
        {percentileLine(points, 'p95Ms', colour.p95, 2)}
        {targetShown ? <ReferenceLine y={targetMs} stroke={colour.muted} strokeDasharray="6 4" /> : null}
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: colour.dim, strokeDasharray: '2 3' }}
          content={({ active, label }) =>
            active ? <LatencyTooltip points={points} at={Number(label)} /> : null
          }
        />
      </ComposedChart>
      <CountStrip points={points} />
      <EndLabels labels={endLabels(series, targetShown, max)} max={max} plot={plot} />
    </>
  );
}

function percentileLine(
  points: readonly Point[],
  key: PercentileKey,
  stroke: string,
  width: number,
  dash?: string,
): ReactElement {
  return (
    <Line
      dataKey={key}
      type="linear"
      stroke={stroke}
      strokeWidth={width}
      {...(dash === undefined ? {} : { strokeDasharray: dash })}
      dot={({ cx, cy, index }) =>
        isAlone(points, index, key) && typeof cx === 'number' && typeof cy === 'number' ? (
          <circle key={`${key}-${index}`} cx={cx} cy={cy} r={2.2} fill={stroke} stroke="none" />
        ) : (
          <g key={`${key}-${index}`} />
        )
      }
      activeDot={{ r: 3, fill: stroke, stroke: colour.surface }}
      isAnimationActive={false}
      connectNulls={false}
    />
  );
}

function isAlone(points: readonly Point[], index: number, key: PercentileKey): boolean {
  const at = (position: number): number | null => points[position]?.[key] ?? null;
  return at(index) !== null && at(index - 1) === null && at(index + 1) === null;
}

/** Samples a bucket, as bars under the time axis. */
function CountStrip({ points }: { readonly points: readonly Point[] }) {
  const most = Math.max(...points.map((point) => point.n), 1);
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${points.length} ${stripHeight}`}
      preserveAspectRatio="none"
      className="pointer-events-none absolute bottom-0 h-4"
      style={{ left: plot.left, width: `calc(100% - ${plot.left + plot.right}px)` }}
    >
      {points.map((point, index) => {
        const height = (point.n / most) * stripHeight;
        return (
          <rect
            key={point.at}
            x={index + 0.15}
            y={stripHeight - height}
            width={0.7}
            height={height}
            fill={colour.line}
          />
        );
      })}
    </svg>
  );
}

function endLabels(series: LatencySeries, targetShown: boolean, max: number): EndLabel[] {
  const last = series.points.findLast((point) => point.n > 0);
  const target: EndLabel = {
    id: 'target',
    value: targetShown ? series.targetMs : max,
    text: `${targetShown ? '' : '↑ '}target ${latency(series.targetMs)}`,
    className: 'text-muted',
  };
  return last ? [target, ...percentileLabels(last)] : [target];
}

/** Below 20 samples P95 is only the highest of them, below 100 P99 is: it is called that. */
function percentileLabels({ n, p50Ms, p95Ms, p99Ms }: Point): EndLabel[] {
  const of = (id: string, ms: number | null, className: string, name = id): EndLabel[] =>
    ms === null ? [] : [{ id, value: ms, text: `${name} ${latency(ms)}`, className }];
  const highest = `max of ${n}`;
  return [
    ...of('P99', p99Ms, 'text-p99', n < p99Needs ? highest : 'P99'),
    ...(n < p95Needs ? [] : of('P95', p95Ms, 'text-p95')),
    ...of('P50', p50Ms, 'text-p50'),
  ];
}

function LatencyTooltip(props: { readonly points: readonly Point[]; readonly at: number }) {
  const point = props.points.find((candidate) => candidate.at === props.at);
  if (!point) return null;
  return (
    <ChartTooltip
      title={`${timeOfDay(point.at, 'UTC')} UTC · ${timeOfDay(point.at)} local`}
      facts={[
        [point.n < p99Needs ? 'max' : 'P99', latency(point.p99Ms)],
        ['P95', point.n < p95Needs ? tooFew : latency(point.p95Ms)],
        ['P50', latency(point.p50Ms)],
        ['n', count(point.n)],
      ]}
    />
  );
}
