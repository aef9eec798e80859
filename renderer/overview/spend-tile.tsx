// What today has cost, at whose prices, and when the budget ends at this rate.
import { useDesk, useNow } from '../desk-context.tsx';
import { money, perHour, unknown } from '../format.ts';
import { minuteOfDay } from '../format-time.ts';
import { Bar } from '../ui/bar.tsx';
import { pricing } from './spend-card.tsx';
import type { SpendDay } from './spend-chart.tsx';
import { Tile } from './tile.tsx';

export function SpendTile({ day }: { readonly day: SpendDay | null }) {
  const spend = useDesk((desk) => desk.gauges?.spend);
  const budget = useDesk((desk) => (desk.state.spend.day === null ? null : desk.state.spend.budgetMicros));
  const now = useNow(5_000);
  const share = spend && budget ? spend.accruedMicros / budget : 0;
  return (
    <Tile label="Spend today" value={money(spend?.accruedMicros)} unit={`of ${money(budget)}`}>
      <Bar className="mb-1.5" parts={[{ share, className: share >= 1 ? 'bg-critical' : 'bg-muted' }]} />
      <span className="live-value">
        {perHour(spend?.ratePerHourMicros)} ·{' '}
        {spend && budget !== null ? limitText(spend, budget, day, now) : unknown}
      </span>
      {spend ? <span className="block text-label text-dim">{pricing(spend)}</span> : null}
    </Tile>
  );
}

/** When the budget ends at the present rate. */
export function limitText(
  spend: { readonly accruedMicros: number; readonly ratePerHourMicros: number },
  budgetMicros: number,
  day: Pick<SpendDay, 'dayEndAt' | 'timeZone'> | null,
  now: number,
): string {
  if (spend.accruedMicros >= budgetMicros) return 'limit reached';
  if (spend.ratePerHourMicros <= 0) return 'nothing accrues';
  const at = now + ((budgetMicros - spend.accruedMicros) / spend.ratePerHourMicros) * 3_600_000;
  if (day && at >= day.dayEndAt) return 'limit not reached today';
  return `limit at ${minuteOfDay(at, day?.timeZone)}`;
}
