// What the account holds, set against the sum of the agents' books: by symbol, or book by book.
import { useCallback, useMemo, useState } from 'react';
import { type PositionView, positionViews } from '../../electron/contract/positions.ts';
import { useDesk } from '../desk-context.tsx';
import { count, counted, pnl } from '../format.ts';
import { Choice } from '../ui/choice.tsx';
import { DataGrid } from '../ui/data-grid.tsx';
import { FilterInput } from '../ui/filter-input.tsx';
import { useEscape } from '../ui/use-escape.ts';
import { useWindow, useWindowStore } from '../window-state.ts';
import { EmptyView } from './empty-view.tsx';
import { hasWords, wordsOf } from './order-rows.ts';
import { agentColumns, type AgentHoldingRow, symbolColumns } from './position-columns.ts';
import { PositionInspector } from './position-inspector.tsx';
import { AgentHoldingTableRow, holdingId, SymbolRow } from './position-rows.tsx';
import { ViewSummary } from './view-summary.tsx';

type Grouping = 'symbol' | 'agent';

export function PositionsView() {
  const windowStore = useWindowStore();
  const positions = usePositions();
  const selectedSymbol = useWindow((state) => state.selectedSymbol);
  const [grouping, setGrouping] = useState<Grouping>('symbol');
  const [text, setText] = useState('');
  const open = useCallback(
    (symbol: string | null) => windowStore.setState({ selectedSymbol: symbol }),
    [windowStore],
  );
  useEscape(() => open(null));
  const selected = positions.find(({ symbol }) => symbol === selectedSymbol);
  const views = { positions, text, selected, onOpen: open };
  return (
    <div className="flex min-h-0 flex-1 gap-3">
      <div className="flex min-w-0 flex-1 flex-col gap-2.5">
        <div className="flex items-center gap-2">
          <Choice
            label="Grouping"
            value={grouping}
            options={[
              { value: 'symbol', label: 'By symbol' },
              { value: 'agent', label: 'By agent' },
            ]}
            onChoose={setGrouping}
          />
          <FilterInput label="Filter positions" text={text} onText={setText} />
        </div>
        {grouping === 'symbol' ? <BySymbol {...views} /> : <ByAgent {...views} />}
        <Totals positions={positions} />
      </div>
      {selected ? <PositionInspector position={selected} onClose={() => open(null)} /> : null}
    </div>
  );
}

const noQuotes = {};

function usePositions(): readonly PositionView[] {
  const account = useDesk((desk) => desk.state.account);
  const agents = useDesk((desk) => desk.state.agents);
  const quotes = useDesk((desk) => desk.gauges?.market.quotes) ?? noQuotes;
  return useMemo(() => positionViews({ account, agents }, quotes), [account, agents, quotes]);
}

interface ViewsProps {
  readonly positions: readonly PositionView[];
  readonly text: string;
  readonly selected: PositionView | undefined;
  readonly onOpen: (symbol: string | null) => void;
}

function BySymbol({ positions, text, selected, onOpen }: ViewsProps) {
  const rows = useMemo(() => {
    const words = wordsOf(text);
    return positions.filter((position) => hasWords(textOf(position), words));
  }, [positions, text]);
  if (rows.length === 0) return <NoPositions any={positions.length > 0} />;
  return (
    <DataGrid
      label="Positions"
      rows={rows}
      idOf={symbolOf}
      columns={symbolColumns}
      Row={SymbolRow}
      sortedBy="symbol"
      filterKey={text}
      selectedId={selected?.symbol ?? null}
      onOpen={onOpen}
      compact={selected !== undefined}
      widths={['min-w-[900px]', 'min-w-[520px]']}
    />
  );
}

const symbolOf = ({ symbol }: PositionView): string => symbol;
const textOf = ({ symbol, agents }: PositionView): string =>
  `${symbol} ${agents.map(({ agentId }) => agentId).join(' ')}`;

function ByAgent({ positions, text, selected, onOpen }: ViewsProps) {
  const rows = useMemo(() => {
    const words = wordsOf(text);
    return positions.flatMap(({ symbol, markTicks, agents }) =>
      agents
        .map((agent): AgentHoldingRow => ({ ...agent, symbol, markTicks }))
        .filter((row) => hasWords(holdingId(row), words)),
    );
  }, [positions, text]);
  const openSymbol = useCallback((id: string) => onOpen(id.split(' ').at(-1) ?? null), [onOpen]);
  if (rows.length === 0) return <NoPositions any={positions.length > 0} />;
  return (
    <DataGrid
      label="Books"
      rows={rows}
      idOf={holdingId}
      columns={agentColumns}
      Row={AgentHoldingTableRow}
      sortedBy="agentId"
      filterKey={text}
      selectedId={null}
      onOpen={openSymbol}
      compact={selected !== undefined}
      widths={['min-w-[760px]', 'min-w-[520px]']}
    />
  );
}

function NoPositions({ any }: { readonly any: boolean }) {
  if (any) return <EmptyView title="No position matches" detail="Take a word out of the filter." />;
  return (
    <EmptyView
      title="Flat"
      detail="The account holds nothing and no agent has traded. Positions appear with the first fill."
    />
  );
}

function Totals({ positions }: { readonly positions: readonly PositionView[] }) {
  const read = useDesk((desk) => desk.state.account !== null);
  let unrealised: number | null = 0;
  let realised = 0;
  for (const position of positions) {
    unrealised =
      unrealised === null || position.unrealisedMicros === null
        ? null
        : unrealised + position.unrealisedMicros;
    realised += position.realisedMicros;
  }
  const differing = positions.filter(
    ({ differenceNanos }) => differenceNanos !== null && differenceNanos !== 0,
  );
  return (
    <ViewSummary>
      {read ? '' : 'the account has not been read yet · '}
      {counted(positions.length, 'symbol')} · unrealised {pnl(unrealised)} · realised {pnl(realised)}
      {differing.length > 0 ? (
        <span className="text-warn">
          {' '}
          · {differing.length === 1 ? '1 symbol differs' : `${count(differing.length)} symbols differ`} from
          the books
        </span>
      ) : null}
    </ViewSummary>
  );
}
