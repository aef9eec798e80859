import { memo } from 'react';
import { age, count, fineCost, percentile, pnl, unknown } from '../format.ts';
import { AgentPhaseMark } from '../ui/agent-phase-mark.tsx';
import { classNames } from '../ui/class-names.ts';
import type { FleetRow } from './fleet-rows.ts';

/** Market data older than this on a running agent asks for a look. */
const oldTickMs = 5_000;

export interface FleetRowProps {
  readonly row: FleetRow;
  /** Position in the whole table, the header being 1. */
  readonly position: number;
  readonly selected: boolean;
  readonly onOpen: (agentId: string) => void;
}

function FleetTableRow({ row, position, selected, onOpen }: FleetRowProps) {
  const oldTick =
    (row.phase === 'running' || row.phase === 'degraded') &&
    row.tickAgeMs !== null &&
    row.tickAgeMs > oldTickMs;
  return (
    <tr
      aria-rowindex={position}
      aria-selected={selected}
      tabIndex={selected ? 0 : -1}
      onClick={() => onOpen(row.agentId)}
      className={classNames('outline-none', selected ? 'bg-raised' : 'hover:bg-raised/50')}
    >
      <td className={classNames('left border-l-2', selected ? 'border-l-accent' : 'border-l-transparent')}>
        <AgentPhaseMark phase={row.phase} />
      </td>
      <td className="left truncate font-medium">{row.agentId}</td>
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
    </tr>
  );
}

function sameRow(before: FleetRow, after: FleetRow): boolean {
  return (
    before.agentId === after.agentId &&
    before.phase === after.phase &&
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
