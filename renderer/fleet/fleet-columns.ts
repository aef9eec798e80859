// The columns of the fleet: what each shows, how it sorts, how wide it is.
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
} from '@tanstack/react-table';
import { agentPhases } from '../../electron/contract/agent-phase.ts';
import type { FleetRow } from './fleet-rows.ts';

export const fleetFeatures = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

const helper = createColumnHelper<typeof fleetFeatures, FleetRow>();

export const fleetColumns = helper.columns([
  helper.accessor((row) => agentPhases.indexOf(row.phase), { id: 'phase', header: 'State' }),
  helper.accessor('agentId', {
    id: 'agentId',
    header: 'Agent',
    sortFn: (a, b) => compareNames(a.original.agentId, b.original.agentId),
  }),
  helper.accessor('symbols', {
    id: 'symbols',
    header: 'Symbols',
    sortFn: (a, b) => compareNames(a.original.symbols, b.original.symbols),
  }),
  helper.accessor((row) => row.netMicros ?? undefined, {
    id: 'netMicros',
    header: 'Net PnL',
    sortUndefined: 'last',
  }),
  helper.accessor('realisedMicros', { id: 'realisedMicros', header: 'Realised' }),
  helper.accessor((row) => row.infraMicros ?? undefined, {
    id: 'infraMicros',
    header: 'Infra',
    sortUndefined: 'last',
  }),
  helper.accessor((row) => row.decisionP95Ms ?? undefined, {
    id: 'decisionP95Ms',
    header: 'P95 ms',
    sortUndefined: 'last',
  }),
  helper.accessor('fills', { id: 'fills', header: 'Fills' }),
  helper.accessor((row) => row.tickAgeMs ?? undefined, {
    id: 'tickAgeMs',
    header: 'Tick age',
    sortUndefined: 'last',
  }),
  helper.accessor((row) => row.lastDecision ?? '', {
    id: 'lastDecision',
    header: 'Last decision',
    enableSorting: false,
  }),
]);

export const initialSorting: SortingState = [{ id: 'agentId', desc: false }];

const names = new Intl.Collator('en', { numeric: true });
const compareNames = (a: string, b: string): number => names.compare(a, b);

interface ColumnLook {
  readonly align: 'left' | 'right';
  /** Pixels; the last column takes what remains. */
  readonly width?: number;
  readonly title?: string;
  /** Left out while the inspector takes the room; it shows the same value. */
  readonly wideOnly?: boolean;
}

export const columnLooks: Readonly<Record<string, ColumnLook>> = {
  phase: { align: 'left', width: 108 },
  agentId: { align: 'left', width: 132 },
  symbols: { align: 'left', width: 140 },
  netMicros: { align: 'right', width: 96, title: 'Realised plus unrealised minus infrastructure, USD' },
  realisedMicros: { align: 'right', width: 92, title: 'USD', wideOnly: true },
  infraMicros: { align: 'right', width: 84, title: 'USD today' },
  decisionP95Ms: {
    align: 'right',
    width: 92,
    title: 'Time from data to decision, 95th percentile; needs 20 decisions',
  },
  fills: { align: 'right', width: 64 },
  tickAgeMs: { align: 'right', width: 84, title: "Age of the agent's last market data" },
  lastDecision: { align: 'left', wideOnly: true },
};
