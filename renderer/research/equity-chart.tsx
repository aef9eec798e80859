// The equity of a backtest over its time.
import { Area, CartesianGrid, ComposedChart, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import type { BacktestReport } from '../../electron/contract/backtest-report.ts';
import { formatMetric } from '../../electron/contract/format-metric.ts';
import { MICROS_PER_USD } from '../../electron/contract/money.ts';
import { colour, gridStyle, tickStyle } from '../overview/chart-look.ts';
import { ChartTooltip } from '../overview/chart-tooltip.tsx';

export default function EquityChart({ points }: { readonly points: BacktestReport['equity'] }) {
  const data = points.map(({ at, micros }) => ({ at, usd: micros / MICROS_PER_USD }));
  return (
    <ComposedChart
      responsive
      accessibilityLayer
      title="Equity, simulated"
      data={data}
      margin={{ top: 10, right: 12, bottom: 0, left: 0 }}
      style={{ position: 'absolute', inset: 0, width: '100%', height: '100%' }}
    >
      <CartesianGrid vertical={false} {...gridStyle} />
      <XAxis
        dataKey="at"
        type="number"
        domain={['dataMin', 'dataMax']}
        tickFormatter={(at: number) => new Date(at).toISOString().slice(0, 7)}
        tick={tickStyle}
        tickLine={false}
        axisLine={false}
        minTickGap={60}
        height={24}
      />
      <YAxis
        type="number"
        domain={['auto', 'auto']}
        tickFormatter={(usd: number) => `$${usd.toLocaleString('en')}`}
        tick={tickStyle}
        tickLine={false}
        axisLine={false}
        width={64}
      />
      <ReferenceLine y={data[0]?.usd ?? 0} stroke={colour.dim} strokeDasharray="3 4" />
      <Area
        dataKey="usd"
        type="linear"
        stroke={colour.accent}
        strokeWidth={1.5}
        fill={colour.accent}
        fillOpacity={0.08}
        dot={false}
        isAnimationActive={false}
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ stroke: colour.dim, strokeDasharray: '2 3' }}
        content={({ active, label }) => {
          if (!active) return null;
          const at = Number(label);
          const usd = data.findLast((point) => point.at <= at)?.usd ?? null;
          return (
            <ChartTooltip
              title={new Date(at).toISOString().slice(0, 16).replace('T', ' ')}
              facts={[['equity, simulated', formatMetric(usd, 'usd')]]}
            />
          );
        }}
      />
    </ComposedChart>
  );
}
