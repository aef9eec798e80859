// The columns of the fleet: what each shows, how it sorts, how wide it is.
import { agentPhases } from '../../electron/contract/agent-phase.ts';
import type { GridColumn } from '../ui/grid-column.ts';
import type { FleetRow } from './fleet-rows.ts';

export const fleetColumns: readonly GridColumn<FleetRow>[] = [
  {
    id: 'phase',
    name: 'State',
    align: 'left',
    width: 108,
    sortBy: (row) => agentPhases.indexOf(row.phase),
  },
  { id: 'agentId', name: 'Agent', align: 'left', width: 132, sortBy: (row) => row.agentId },
  {
    id: 'symbols',
    name: 'Symbols',
    align: 'left',
    width: 140,
    fillsCompact: true,
    sortBy: (row) => row.symbols,
  },
  {
    id: 'netMicros',
    name: 'Net PnL',
    align: 'right',
    width: 96,
    title: 'Realised plus unrealised minus infrastructure, USD',
    sortBy: (row) => row.netMicros,
  },
  {
    id: 'realisedMicros',
    name: 'Realised',
    align: 'right',
    width: 92,
    title: 'USD',
    wideOnly: true,
    sortBy: (row) => row.realisedMicros,
  },
  {
    id: 'infraMicros',
    name: 'Infra',
    align: 'right',
    width: 84,
    title: 'USD today',
    sortBy: (row) => row.infraMicros,
  },
  {
    id: 'decisionP95Ms',
    name: 'P95 ms',
    align: 'right',
    width: 92,
    title: 'Time from data to decision, 95th percentile; needs 20 decisions',
    sortBy: (row) => row.decisionP95Ms,
  },
  { id: 'fills', name: 'Fills', align: 'right', width: 64, sortBy: (row) => row.fills },
  {
    id: 'tickAgeMs',
    name: 'Tick age',
    align: 'right',
    width: 84,
    title: "Age of the agent's last market data",
    sortBy: (row) => row.tickAgeMs,
  },
  { id: 'lastDecision', name: 'Last decision', align: 'left', wideOnly: true },
];
