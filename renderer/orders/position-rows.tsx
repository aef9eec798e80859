import type { PositionView } from '../../electron/contract/positions.ts';
import { count, money, pnl, priceOf, signedQuantity } from '../format.ts';
import type { GridRowProps } from '../ui/data-grid.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { FirstCell, GridRow } from '../ui/grid-row.tsx';
import type { AgentHoldingRow } from './position-columns.ts';

/** A symbol of the account beside the agents' books. */
export function SymbolRow({ row, position, selected, onOpen }: GridRowProps<PositionView>) {
  return (
    <GridRow id={row.symbol} position={position} selected={selected} onOpen={onOpen}>
      <FirstCell selected={selected}>
        <span className="font-medium">{row.symbol}</span>
      </FirstCell>
      <td className="live-value font-medium">{signedQuantity(row.accountNanos)}</td>
      <td className="live-value">{signedQuantity(row.qtyNanos)}</td>
      <td className="live-value">
        <Difference nanos={row.differenceNanos} />
      </td>
      <td className="wide-only live-value text-muted">{priceOf(row.averageTicks)}</td>
      <td className="wide-only live-value text-muted">{priceOf(row.markTicks)}</td>
      <td className="wide-only live-value text-muted">{money(row.valueMicros)}</td>
      <td className="live-value">{pnl(row.unrealisedMicros)}</td>
      <td className="live-value text-muted">{pnl(row.realisedMicros)}</td>
      <td className="wide-only text-muted">{count(row.agents.length)}</td>
    </GridRow>
  );
}

/** Zero is calm; shares without an owner, and owners without shares, are not. */
export function Difference({ nanos }: { readonly nanos: number | null }) {
  if (nanos === null || nanos === 0) return <span className="text-dim">{signedQuantity(nanos)}</span>;
  return (
    <span className="inline-flex items-center gap-1.5 align-bottom font-medium text-warn">
      <Glyph shape="triangle" />
      {signedQuantity(nanos)}
    </span>
  );
}

export function AgentHoldingTableRow(props: GridRowProps<AgentHoldingRow>) {
  const { row, position, selected, onOpen } = props;
  return (
    <GridRow id={holdingId(row)} position={position} selected={selected} onOpen={onOpen}>
      <FirstCell selected={selected}>
        <span className="font-medium">{row.agentId}</span>
      </FirstCell>
      <td className="left">{row.symbol}</td>
      <td className="live-value font-medium">{signedQuantity(row.qtyNanos)}</td>
      <td className="live-value text-muted">{priceOf(row.averageTicks)}</td>
      <td className="wide-only live-value text-muted">{priceOf(row.markTicks)}</td>
      <td className="live-value">{pnl(row.unrealisedMicros)}</td>
      <td className="live-value text-muted">{pnl(row.realisedMicros)}</td>
    </GridRow>
  );
}

export function holdingId(row: AgentHoldingRow): string {
  return `${row.agentId} ${row.symbol}`;
}
