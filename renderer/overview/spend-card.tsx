import { lazy } from 'react';
import { useNow } from '../desk-context.tsx';
import { infraCost } from '../format.ts';
import { minuteOfDay } from '../format-time.ts';
import { ErrorLine } from '../ui/error-line.tsx';
import type { Polled } from '../use-polled.ts';
import { ChartCard, type ChartTable } from './chart-card.tsx';
import type { SpendDay } from './spend-chart.tsx';

const SpendChart = lazy(() => import('./spend-chart.tsx'));

export function SpendCard({ spend }: { readonly spend: Polled<SpendDay> }) {
  const now = useNow(5_000);
  const day = spend.value;
  const late = spend.error && day ? 'not updated · ' : '';
  const note = day ? `${late}USD · ${day.timeZone} · ${pricing(day)}` : 'USD';
  return (
    <ChartCard
      title="Spend against the day"
      note={note}
      table={day ? tableOf(day) : null}
      empty={spend.error ? <ErrorLine error={spend.error} /> : 'Reading the day…'}
      fileName={`spend-${day?.day ?? 'today'}`}
    >
      {day ? <SpendChart day={day} now={now} /> : null}
    </ChartCard>
  );
}

/** Says whose prices these are and whether anybody sends a bill. */
export function pricing(priced: { readonly rateCard: string; readonly simulated: boolean }): string {
  return `priced at ${priced.rateCard}${priced.simulated ? ', simulated' : ''}`;
}

function tableOf(day: SpendDay): ChartTable {
  return {
    header: ['Time', 'Spent'],
    rows: day.points.map((point) => [minuteOfDay(point.at, day.timeZone), infraCost(point.accruedMicros)]),
    csv: day.points.map((point) => [
      new Date(point.at).toISOString(),
      (point.accruedMicros / 1_000_000).toFixed(6),
    ]),
  };
}
