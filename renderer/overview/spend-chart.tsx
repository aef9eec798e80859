// Cumulative spend of the budget day: what it is, what an even pace would be, where it is heading.
import {
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceDot,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { OperationOutput } from '../bridge.ts';
import { infraCost, money } from '../format.ts';
import { minuteOfDay } from '../format-time.ts';
import { timeTicks, valueTicks } from './axis-ticks.ts';
import { colour, gridStyle, tickStyle } from './chart-look.ts';
import { ChartTooltip } from './chart-tooltip.tsx';
import { type EndLabel, EndLabels } from './end-labels.tsx';

export type SpendDay = OperationOutput<'spend.today'>;

const plot = { top: 10, right: 124, bottom: 24, left: 46 } as const;
const fourHours = 4 * 3_600_000;

export default function SpendChart(props: { readonly day: SpendDay; readonly now: number }) {
  const { day } = props;
  const now = Math.min(Math.max(props.now, day.dayStartAt), day.dayEndAt);
  const points = [
    ...day.points.filter((point) => point.at < now),
    { at: now, accruedMicros: day.accruedMicros },
  ];
  const max = Math.max(day.budgetMicros, day.forecastMicros, day.accruedMicros, 10_000) * 1.08;
  const over = day.forecastMicros > day.budgetMicros;
  const usable = day.budgetMicros - day.exitReserveMicros;
  return (
    <>
      <ComposedChart
        responsive
        accessibilityLayer
        title="Spend against the day"
        data={points}
        margin={{ top: plot.top, right: plot.right, bottom: 0, left: 0 }}
        style={{ position: 'absolute', inset: 0, width: '100%', height: '100%' }}
      >
        <CartesianGrid vertical={false} syncWithTicks {...gridStyle} />
        <XAxis
          dataKey="at"
          type="number"
          domain={[day.dayStartAt, day.dayEndAt]}
          ticks={timeTicks(day.dayStartAt, day.dayEndAt, fourHours, day.dayStartAt)}
          tickFormatter={(at: number) => (at === day.dayEndAt ? '24:00' : minuteOfDay(at, day.timeZone))}
          tick={tickStyle}
          tickLine={false}
          axisLine={false}
          height={plot.bottom}
        />
        <YAxis
          type="number"
          domain={[0, max]}
          ticks={valueTicks(max, 6)}
          tickFormatter={axisMoney}
          tick={tickStyle}
          tickLine={false}
          axisLine={false}
          width={plot.left}
        />
        <ReferenceLine
          segment={[
            { x: day.dayStartAt, y: 0 },
            { x: day.dayEndAt, y: day.budgetMicros },
          ]}
          stroke={colour.dim}
          strokeOpacity={0.6}
        />
        <ReferenceLine
          y={day.budgetMicros}
          stroke={colour.critical}
          strokeDasharray="6 4"
          strokeOpacity={0.8}
        />
        {usable < day.budgetMicros ? (
          <ReferenceLine y={usable} stroke={colour.dim} strokeDasharray="6 4" strokeOpacity={0.4} />
        ) : null}
        <ReferenceLine
          segment={[
            { x: now, y: day.accruedMicros },
            { x: day.dayEndAt, y: day.forecastMicros },
          ]}
          stroke={over ? colour.warn : colour.accent}
          strokeWidth={1.5}
          strokeDasharray="5 4"
        />
        <Line
          dataKey="accruedMicros"
          type="stepAfter"
          stroke={colour.text}
          strokeWidth={2}
          dot={false}
          activeDot={{ r: 3, fill: colour.text, stroke: colour.surface }}
          isAnimationActive={false}
        />
        <ReferenceDot x={now} y={day.accruedMicros} r={3.5} fill={colour.text} stroke="none" />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: colour.dim, strokeDasharray: '2 3' }}
          content={({ active, label }) =>
            active ? <SpendTooltip day={day} points={points} at={Number(label)} /> : null
          }
        />
      </ComposedChart>
      <EndLabels labels={endLabels(day, over)} max={max} plot={plot} />
    </>
  );
}

function endLabels(day: SpendDay, over: boolean): EndLabel[] {
  const left = day.budgetMicros - day.forecastMicros;
  const labels: EndLabel[] = [
    {
      id: 'budget',
      value: day.budgetMicros,
      text: `budget ${money(day.budgetMicros)}`,
      className: 'text-critical',
    },
    {
      id: 'forecast',
      value: day.forecastMicros,
      text: `ends ${money(day.forecastMicros)}`,
      className: over ? 'font-medium text-warn' : 'font-medium text-text',
    },
    {
      id: 'left',
      // A hair below the forecast, so that it always stands under it.
      value: day.forecastMicros * 0.999,
      text: over ? `${money(-left)} over` : `${money(left)} left`,
      className: over ? 'text-warn' : 'text-dim',
    },
  ];
  if (day.exitReserveMicros === 0) return labels;
  const reserve = `exit reserve ${money(day.exitReserveMicros)}`;
  return [
    ...labels,
    { id: 'reserve', value: day.budgetMicros - day.exitReserveMicros, text: reserve, className: 'text-dim' },
  ];
}

function SpendTooltip(props: {
  readonly day: SpendDay;
  readonly points: SpendDay['points'];
  readonly at: number;
}) {
  const { day, at } = props;
  const point = props.points.findLast((candidate) => candidate.at <= at);
  const pace = (day.budgetMicros * (at - day.dayStartAt)) / (day.dayEndAt - day.dayStartAt);
  return (
    <ChartTooltip
      title={`${minuteOfDay(at, day.timeZone)} ${day.timeZone}`}
      facts={[
        ['spent', infraCost(point?.accruedMicros)],
        ['even pace', infraCost(pace)],
      ]}
    />
  );
}

/** Axes may abbreviate: whole dollars where the step allows it. */
function axisMoney(micros: number): string {
  return micros % 1_000_000 === 0 ? `$${micros / 1_000_000}` : money(micros);
}
