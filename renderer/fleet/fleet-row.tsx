import { memo } from 'react';
import { age, count, fineCost, percentile, pnl, unknown } from '../format.ts';
import { AgentPhaseMark } from '../ui/agent-phase-mark.tsx';
import { classNames } from '../ui/class-names.ts';
import { Glyph } from '../ui/glyph.tsx';
import type { GridRowProps } from '../ui/data-grid.tsx';
import { FirstCell, GridRow } from '../ui/grid-row.tsx';
import type { FleetRow } from './fleet-rows.ts';

/** Market data older than this on a running agent asks for a look. */
const oldTickMs = 5_000;

function FleetTableRow({ row, position, selected, onOpen }: GridRowProps<FleetRow>) {
  const oldTick =
    (row.phase === 'running' || row.phase === 'degraded') &&
    row.tickAgeMs !== null &&
    row.tickAgeMs > oldTickMs;
  return (
    <GridRow id={row.agentId} position={position} selected={selected} onOpen={onOpen}>
      <FirstCell selected={selected}>
        <AgentPhaseMark phase={row.phase} />
      </FirstCell>
      <td className="left truncate font-medium">
        {row.killed ? (
          <span title="A kill keeps it stopped until it is re-armed" className="mr-1.5 text-critical">
            <Glyph shape="cross" />
            <span className="sr-only">killed</span>
          </span>
        ) : null}
        {row.agentId}
      </td>
      <td className="left truncate text-muted" title={row.symbols}>
        {row.symbols}
      </td>
      <td className="live-value font-medium">{pnl(row.netMicros)}</td>
      <td className="wide-only live-value text-muted">{pnl(row.realisedMicros)}</td>
      <td className="live-value text-dim">{fineCost(row.infraMicros)}</td>
      <td className="live-value text-muted">{percentile(row.decisionP95Ms, row.decisions, 'p95')}</td>
      <td className="live-value text-muted">{count(row.fills)}</td>
      <td className={classNames('live-value', oldTick ? 'text-warn' : 'text-muted')}>{age(row.tickAgeMs)}</td>
      <td className="wide-only left truncate text-muted" title={row.lastDecision ?? ''}>
        {row.lastDecision ?? unknown}
      </td>
    </GridRow>
  );
}

function sameRow(before: FleetRow, after: FleetRow): boolean {
  return (
    before.agentId === after.agentId &&
    before.phase === after.phase &&
    before.killed === after.killed &&
    before.symbols === after.symbols &&
    before.netMicros === after.netMicros &&
    before.realisedMicros === after.realisedMicros &&
    before.infraMicros === after.infraMicros &&
    before.decisionP95Ms === after.decisionP95Ms &&
    before.decisions === after.decisions &&
    before.fills === after.fills &&
    before.tickAgeMs === after.tickAgeMs &&
    before.lastDecision === after.lastDecision
  );
}

export const MemoFleetRow = memo(
  FleetTableRow,
  (before, after) =>
    sameRow(before.row, after.row) &&
    before.position === after.position &&
    before.selected === after.selected &&
    before.onOpen === after.onOpen,
);
