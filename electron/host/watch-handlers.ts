// Handlers of the operations that show latency and spend, and of the notices.
import { slaTargetsMs } from '../contract/names.ts';
import { isSpendSimulated } from '../contract/simulated.ts';
import type { DeskHandlers } from './dispatch.ts';
import type { HostParts } from './host-parts.ts';
import { accrualCurve } from './spend/accrual-curve.ts';
import { budgetDay } from './spend/budget-day.ts';
import { forecastMicros } from './spend/forecast.ts';
import { cardLabel } from './spend/rate-card.ts';

type WatchOperations = 'sla.board' | 'sla.series' | 'spend.today' | 'notices.dismiss';

/** Builds the handlers over what is measured. */
export function createWatchHandlers({
  store,
  clock,
  meter,
  latency,
  settingsFile,
}: Pick<HostParts, 'store' | 'clock' | 'meter' | 'latency' | 'settingsFile'>): Pick<
  DeskHandlers,
  WatchOperations
> {
  return {
    'sla.board': ({ windowS }) => ({ windowS, rows: latency.board(windowS) }),
    'sla.series': ({ operation, windowS, buckets }) => {
      const points = latency.series(operation, windowS, buckets);
      return {
        targetMs: slaTargetsMs[operation],
        bucketMs: (windowS * 1_000) / buckets,
        n: points.reduce((sum, point) => sum + point.n, 0),
        points,
      };
    },
    'spend.today': ({ points }) => {
      const state = store.state();
      const now = clock.now();
      const { timeZone } = settingsFile.read();
      const { day, startAt, endAt } = budgetDay(now, timeZone);
      const accruedMicros = meter.accruedMicros();
      return {
        day,
        timeZone,
        dayStartAt: startAt,
        dayEndAt: endAt,
        budgetMicros: state.spend.budgetMicros,
        exitReserveMicros: state.spend.exitReserveMicros,
        accruedMicros,
        reservedMicros: state.spend.reservedMicros,
        ratePerHourMicros: meter.ratePerHourMicros(),
        forecastMicros: forecastMicros(state, meter.card, accruedMicros, now, endAt),
        rateCard: cardLabel(meter.card),
        simulated: isSpendSimulated(state),
        points: accrualCurve(
          Object.values(state.sandboxes),
          meter.usedMicros,
          accruedMicros,
          startAt,
          now,
          points,
        ),
      };
    },
    'notices.dismiss': ({ noticeId }) => {
      store.commit({ kind: 'NoticeDismissed', at: clock.now(), noticeId });
      return {};
    },
  };
}
