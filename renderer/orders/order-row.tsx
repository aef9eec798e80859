import { memo } from 'react';
import type { OrderView } from '../../electron/contract/orders.ts';
import { useDeskClient } from '../desk-context.tsx';
import { priceOf, quantity, unknown, wallSpan } from '../format.ts';
import { timeOrDay } from '../format-time.ts';
import type { GridRowProps } from '../ui/data-grid.tsx';
import { FirstCell, GridRow } from '../ui/grid-row.tsx';
import { hasReason, holderWords, idTail, shareWords } from './order-rows.ts';
import { OrderStateMark } from './order-state-mark.tsx';

function OrderTableRow({ row, position, selected, onOpen }: GridRowProps<OrderView>) {
  const { now } = useDeskClient();
  return (
    <GridRow id={row.clientOrderId} position={position} selected={selected} onOpen={onOpen}>
      <FirstCell selected={selected}>
        <span className="text-muted">{timeOrDay(row.approvedAt, now())}</span>
      </FirstCell>
      <td className="left truncate font-medium">{row.symbol}</td>
      <td className="left">{row.side}</td>
      <td className="live-value">{quantity(row.qtyNanos)}</td>
      <td className="live-value text-muted">{quantity(row.filledNanos)}</td>
      <td className="wide-only left text-muted">{row.type === 'market' ? row.type : unknown}</td>
      <td className="wide-only live-value text-muted">{priceOf(row.averagePriceTicks)}</td>
      <td className="left live-value truncate" title={row.detail}>
        <OrderStateMark order={row} />
        {hasReason(row) ? <span className="text-muted"> · {row.detail}</span> : null}
      </td>
      <td className="wide-only left truncate text-muted" title={shareWords(row)}>
        {holderWords(row)}
      </td>
      <td className="wide-only text-muted">{wallSpan(row.decisionToOrderMs)}</td>
      <td className="wide-only text-muted">{wallSpan(row.orderToFillMs)}</td>
      <td className="wide-only left truncate font-mono text-label text-dim" title={row.clientOrderId}>
        {idTail(row.clientOrderId)}
      </td>
    </GridRow>
  );
}

export const MemoOrderRow = memo(OrderTableRow);
