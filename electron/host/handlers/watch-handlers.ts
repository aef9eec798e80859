// Handlers of the operations that show latency and spend, and of the notices.
import type { LatencySummary } from '../../contract/frames.ts';
import { slaTargetsMs } from '../../contract/names.ts';
import { isSpendSimulated } from '../../contract/simulated.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { HostParts } from '../host-parts.ts';
import { accrualCurve } from '../spend/accrual-curve.ts';
import { budgetDay } from '../spend/budget-day.ts';
import { forecastMicros } from '../spend/forecast.ts';
import { cardLabel } from '../spend/rate-card.ts';
import { pnlRows } from '../watch/pnl-report.ts';

type WatchOperations = 'sla.board' | 'sla.series' | 'spend.today' | 'pnl.report' | 'notices.dismiss';

const shownWindowS = 3_600;

/** Builds the handlers over what is measured. */
export function createWatchHandlers({
  store,
  clock,
  meter,
  latency,
  settingsFile,
  sampleGauges,
}: Pick<HostParts, 'store' | 'clock' | 'meter' | 'latency' | 'settingsFile' | 'sampleGauges'>): Pick<
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
    'pnl.report': () => {
      const state = store.state();
      return {
        ...pnlRows(state, sampleGauges()),
        intentToOrder: shown(latency.summary('order', shownWindowS)),
        orderToFill: shown(latency.summary('fill', shownWindowS)),
        pnlSimulated: state.mode !== 'live',
        spendSimulated: isSpendSimulated(state),
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

function shown({ n, p50Ms, p95Ms }: LatencySummary): Pick<LatencySummary, 'n' | 'p50Ms' | 'p95Ms'> {
  return { n, p50Ms, p95Ms };
}
