// All agents, filtered and sorted, with one of them in the inspector.
import { useCallback, useMemo, useState } from 'react';
import { useDesk } from '../desk-context.tsx';
import { count, counted, perHour } from '../format.ts';
import { countSandboxes } from '../swarm-counts.ts';
import { agentPhaseLook } from '../ui/agent-phase-mark.tsx';
import { Button } from '../ui/button.tsx';
import { Choice, type ChoiceOption } from '../ui/choice.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { FilterInput } from '../ui/filter-input.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { useWindow, useWindowStore } from '../window-state.ts';
import { fleetColumns } from './fleet-columns.ts';
import { countPhases, filterRows, type FleetRow, fleetRows, type PhaseFilter } from './fleet-rows.ts';
import { MemoFleetRow } from './fleet-row.tsx';
import { AgentInspector } from './agent-inspector.tsx';

export function FleetScreen() {
  const windowStore = useWindowStore();
  const agents = useDesk((desk) => desk.state.agents);
  const latches = useDesk((desk) => desk.state.latches);
  const gauges = useDesk((desk) => desk.gauges);
  const selectedAgentId = useWindow((state) => state.selectedAgentId);
  const [phase, setPhase] = useState<PhaseFilter>('all');
  const [text, setText] = useState('');
  const rows = useMemo(() => fleetRows({ agents, latches }, gauges), [agents, latches, gauges]);
  const shown = useMemo(() => filterRows(rows, phase, text), [rows, phase, text]);
  const open = useCallback(
    (agentId: string) => windowStore.setState({ selectedAgentId: agentId }),
    [windowStore],
  );
  const selected = selectedAgentId === null ? undefined : agents[selectedAgentId];
  return (
    <main aria-label="Fleet" className="relative flex min-h-0 min-w-0 flex-1 gap-3 p-4">
      <div className="flex min-w-0 flex-1 flex-col gap-2.5">
        <div className="flex items-center gap-2">
          <Choice label="State" value={phase} options={phaseOptions(rows)} onChoose={setPhase} />
          <FilterInput label="Filter agents" text={text} onText={setText} />
          <span className="flex-1" />
          <Button tone="primary" keys="N" onClick={() => windowStore.setState({ dialog: 'deploy' })}>
            Deploy agents
          </Button>
        </div>
        {rows.length === 0 ? (
          <Empty />
        ) : (
          <DataGrid
            label="Agents"
            rows={shown}
            idOf={agentIdOf}
            columns={fleetColumns}
            Row={MemoFleetRow}
            sortedBy="agentId"
            filterKey={`${phase} ${text}`}
            selectedId={selectedAgentId}
            onOpen={open}
            compact={selected !== undefined}
            widths={['min-w-[980px]', 'min-w-[640px]']}
          />
        )}
        <Summary shown={shown.length} all={rows.length} />
      </div>
      {selected ? <AgentInspector key={selected.agentId} agent={selected} /> : null}
    </main>
  );
}

const agentIdOf = (row: FleetRow): string => row.agentId;

function phaseOptions(rows: readonly FleetRow[]): readonly ChoiceOption<PhaseFilter>[] {
  const phases = countPhases(rows).map(({ phase, n }) => {
    const look = agentPhaseLook[phase];
    const marked = phase === 'degraded' || phase === 'failed';
    return {
      value: phase,
      label: (
        <>
          {marked ? <Glyph shape={look.shape} className={look.glyph} /> : null}
          {phase.slice(0, 1).toUpperCase()}
          {phase.slice(1)} {count(n)}
        </>
      ),
    };
  });
  return [{ value: 'all', label: `All ${count(rows.length)}` }, ...phases];
}

function Empty() {
  const windowStore = useWindowStore();
  return (
    <div className="grid flex-1 place-items-center rounded-card border border-line bg-surface">
      <div className="grid justify-items-center gap-3 text-center">
        <p className="font-medium">No agents yet</p>
        <p className="text-muted">
          Deploy a swarm; its agents appear here at once, and run as soon as they have data.
        </p>
        <Button tone="primary" onClick={() => windowStore.setState({ dialog: 'deploy' })}>
          Deploy the first agents
        </Button>
      </div>
    </div>
  );
}

function Summary(props: { readonly shown: number; readonly all: number }) {
  const { working, warm } = countSandboxes(useDesk((desk) => desk.state.sandboxes));
  const rate = useDesk((desk) => desk.gauges?.spend.ratePerHourMicros);
  const simulated = useDesk((desk) => desk.gauges?.spend.simulated ?? false);
  const agents =
    props.shown === props.all
      ? counted(props.all, 'agent')
      : `${count(props.shown)} of ${counted(props.all, 'agent')}`;
  return (
    <p className="text-cell text-dim">
      {agents} · {counted(working, 'sandbox', 'sandboxes')}
      {warm > 0 ? ` · ${count(warm)} warm` : ''} · {perHour(rate)}
      {simulated ? ' simulated' : ''}
    </p>
  );
}
