// Six answers in five seconds: which mode, what was earned, what it costs, are targets met, is the fleet well, who needs me.
import type { DeskState } from '../../electron/contract/state.ts';
import { useDesk } from '../desk-context.tsx';
import { count, counted, latency, milliseconds, notMeasured, percent, pnl, signedCost } from '../format.ts';
import { headroomTone, windowText, worstSla } from '../sla.ts';
import { countFleet, countNotices, countSandboxes, netTodayMicros } from '../swarm-counts.ts';
import { classNames } from '../ui/class-names.ts';
import { SeverityGlyph } from '../ui/severity-glyph.tsx';
import { FleetStrip } from './fleet-strip.tsx';
import type { SpendDay } from './spend-chart.tsx';
import { SpendTile } from './spend-tile.tsx';
import { Tile } from './tile.tsx';

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

const modeNames = { demo: 'Demo', paper: 'Paper', live: 'Live' } as const;

/** What this mode means for the numbers beside it. */
export function modeNote(
  mode: DeskState['mode'],
  source: NonNullable<DeskState['market']>['source'] | undefined,
): string {
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
        of it open {pnl(gauges?.pnl.unrealisedMicros)}
      </span>
      <span className="live-value block whitespace-nowrap">
        infra {signedCost(gauges ? -gauges.spend.accruedMicros : null)}
      </span>
    </Tile>
  );
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
  const { working, warm } = countSandboxes(sandboxes);
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
      {counted(working, 'sandbox', 'sandboxes')}
      {warm > 0 ? ` · ${count(warm)} warm` : ''}
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
