// Six answers in five seconds: which mode, what was earned, what it costs, are targets met, is the fleet well, who needs me.
import type { ReactNode } from 'react';
import type { DeskState } from '../../electron/contract/state.ts';
import { useDesk, useNow } from '../desk-context.tsx';
import {
  count,
  counted,
  latency,
  milliseconds,
  money,
  notMeasured,
  percent,
  perHour,
  pnl,
  signedCost,
  unknown,
} from '../format.ts';
import { minuteOfDay } from '../format-time.ts';
import { headroomTone, windowText, worstSla } from '../sla.ts';
import { countFleet, countNotices, netTodayMicros, openSandboxes } from '../swarm-counts.ts';
import { Bar } from '../ui/bar.tsx';
import { classNames } from '../ui/class-names.ts';
import { SeverityGlyph } from '../ui/severity-glyph.tsx';
import { FleetStrip } from './fleet-strip.tsx';
import { pricing } from './spend-card.tsx';
import type { SpendDay } from './spend-chart.tsx';

export function Tiles({ day }: { readonly day: SpendDay | null }) {
  return (
    <div className="grid grid-cols-[0.9fr_1.15fr_1.5fr_1.15fr_1.15fr_0.95fr] gap-3 max-[1240px]:grid-cols-3">
      <ModeTile />
      <PnlTile />
      <SpendTile day={day} />
      <SlaTile />
      <FleetTile />
      <NoticesTile />
    </div>
  );
}

interface TileProps {
  readonly label: string;
  readonly value: ReactNode;
  readonly unit?: ReactNode;
  /** Not fed by the host, so it cannot become stale. */
  readonly fixed?: boolean;
  readonly children?: ReactNode;
}

function Tile(props: TileProps) {
  return (
    <section
      aria-label={props.label}
      className="min-w-0 rounded-card border border-line bg-surface px-3.5 py-3"
    >
      <h2 className="text-label text-dim">{props.label}</h2>
      <p className="mt-0.5 truncate">
        <span
          className={classNames(
            'text-tile font-semibold tracking-[-0.015em]',
            props.fixed !== true && 'live-value',
          )}
        >
          {props.value}
        </span>
        {props.unit === undefined ? null : <span className="ml-1.5 text-dim">{props.unit}</span>}
      </p>
      <div className="mt-1 text-cell text-muted">{props.children}</div>
    </section>
  );
}

const modeNames = { demo: 'Demo', paper: 'Paper', live: 'Live' } as const;

/** What this mode means for the numbers beside it. */
export function modeNote(mode: DeskState['mode'], source: 'simulator' | 'replay' | undefined): string {
  switch (mode) {
    case 'demo':
      return source === 'replay'
        ? 'replayed bars, simulated fills, nothing is sent'
        : 'simulated data, nothing is sent';
    case 'paper':
      return 'real market data, simulated money';
    case 'live':
      return 'real market, real money';
  }
}

function ModeTile() {
  const mode = useDesk((desk) => desk.state.mode);
  const source = useDesk((desk) => desk.state.market?.source);
  return (
    <Tile label="Mode" value={modeNames[mode]} fixed>
      {modeNote(mode, source)}
    </Tile>
  );
}

function PnlTile() {
  const gauges = useDesk((desk) => desk.gauges);
  const trades = gauges?.pnl.todayMicros ?? null;
  return (
    <Tile label="Net PnL today" value={pnl(netTodayMicros(gauges))}>
      <span className="live-value block whitespace-nowrap">trades {pnl(trades)}</span>
      <span className="live-value block whitespace-nowrap">
        infra {signedCost(gauges ? -gauges.spend.accruedMicros : null)} · open{' '}
        {pnl(gauges?.pnl.unrealisedMicros)}
      </span>
    </Tile>
  );
}

function SpendTile({ day }: { readonly day: SpendDay | null }) {
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

function SlaTile() {
  const rows = useDesk((desk) => desk.gauges?.sla) ?? [];
  const worst = worstSla(rows);
  if (!worst) {
    const samples = rows.reduce((sum, row) => sum + row.n, 0);
    return (
      <Tile label="Worst SLA headroom" value={notMeasured}>
        {samples === 0 ? 'nothing was measured yet' : `no operation has 20 samples yet · n ${count(samples)}`}
      </Tile>
    );
  }
  const { row } = worst;
  return (
    <Tile
      label="Worst SLA headroom"
      value={<span className={headroomTone(worst.headroom)}>{percent(worst.headroom)}</span>}
    >
      <span className="live-value">
        {row.operation} P95 {milliseconds(row.p95Ms)} of {latency(row.targetMs)} · n {count(row.n)} ·{' '}
        {windowText(row.windowS)}
      </span>
    </Tile>
  );
}

function FleetTile() {
  const agents = useDesk((desk) => desk.state.agents);
  const sandboxes = useDesk((desk) => desk.state.sandboxes);
  const fleet = countFleet(agents);
  const open = openSandboxes(sandboxes).length;
  const trouble = [
    fleet.degraded > 0 ? `${count(fleet.degraded)} degraded` : '',
    fleet.failed > 0 ? `${count(fleet.failed)} failed` : '',
  ].filter((part) => part !== '');
  return (
    <Tile label="Fleet" value={count(fleet.running)} unit={`of ${count(fleet.alive)} running`}>
      <FleetStrip agents={agents} />
      <span
        className={classNames(fleet.failed > 0 ? 'text-critical' : fleet.degraded > 0 ? 'text-warn' : '')}
      >
        {trouble.length > 0 ? `${trouble.join(', ')} · ` : ''}
      </span>
      {counted(open, 'sandbox', 'sandboxes')}
    </Tile>
  );
}

function NoticesTile() {
  const counts = countNotices(useDesk((desk) => desk.state.notices));
  const worst = counts.critical > 0 ? 'critical' : counts.warning > 0 ? 'warning' : null;
  return (
    <Tile
      label="Notices"
      value={
        worst === null ? (
          count(counts.info)
        ) : (
          <span
            className={classNames(
              'inline-flex items-center gap-2',
              worst === 'critical' ? 'text-critical' : 'text-warn',
            )}
          >
            <SeverityGlyph severity={worst} className="size-5" />
            {count(counts[worst])}
          </span>
        )
      }
      unit={worst ?? (counts.info === 1 ? 'note' : 'notes')}
    >
      {count(counts.critical)} critical · {counted(counts.warning, 'warning')} ·{' '}
      {counted(counts.info, 'note')}
    </Tile>
  );
}
