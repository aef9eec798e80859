import type { OrderView } from '../../electron/contract/orders.ts';
import type { OperationOutput } from '../bridge.ts';
import { pnl, quantity } from '../format.ts';

export interface OrderSharesProps {
  readonly order: OrderView;
  /** Null until the journal has been read. */
  readonly history: OperationOutput<'orders.show'>['history'] | null;
}

interface Line {
  readonly agentId: string;
  readonly shareNanos: number;
  readonly filledNanos: number;
  readonly realisedMicros: number;
}

/** What each agent ordered and received: the parts add up to the order exactly. */
export function OrderShares({ order, history }: OrderSharesProps) {
  const lines = allocated(order, history ?? []);
  const total = (of: (line: Line) => number): number => lines.reduce((sum, line) => sum + of(line), 0);
  return (
    <table className="data-table dense" aria-label="Agents">
      <thead>
        <tr>
          <th className="left !pl-0">Agent</th>
          <th>Share</th>
          <th>Filled</th>
          <th className="!pr-0">Realised</th>
        </tr>
      </thead>
      <tbody className="text-cell">
        {lines.map((line) => (
          <tr key={line.agentId}>
            <td className="left !pl-0 font-medium">{line.agentId}</td>
            <td className="text-muted">{quantity(line.shareNanos)}</td>
            <td>{history ? quantity(line.filledNanos) : '…'}</td>
            <td className="!pr-0 text-muted">{history ? pnl(line.realisedMicros) : '…'}</td>
          </tr>
        ))}
        {lines.length > 1 ? (
          <tr className="text-dim">
            <td className="left !pl-0">Sum</td>
            <td>{quantity(total((line) => line.shareNanos))}</td>
            <td>{history ? quantity(total((line) => line.filledNanos)) : '…'}</td>
            <td className="!pr-0">{history ? pnl(total((line) => line.realisedMicros)) : '…'}</td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

/** The integers of the journal, added up by agent; an agent that received without a share comes last. */
export function allocated(
  { shares }: Pick<OrderView, 'shares'>,
  history: OperationOutput<'orders.show'>['history'],
): readonly Line[] {
  const lines = new Map<string, Line>();
  const add = (agentId: string, part: Partial<Line>): void => {
    const { shareNanos = 0, filledNanos = 0, realisedMicros = 0 } = lines.get(agentId) ?? {};
    lines.set(agentId, {
      agentId,
      shareNanos: shareNanos + (part.shareNanos ?? 0),
      filledNanos: filledNanos + (part.filledNanos ?? 0),
      realisedMicros: realisedMicros + (part.realisedMicros ?? 0),
    });
  };
  for (const { agentId, qtyNanos } of shares) add(agentId, { shareNanos: qtyNanos });
  for (const { event } of history) {
    if (event.kind !== 'OrderFilled') continue;
    for (const { agentId, deltaNanos, realisedMicros } of event.allocations)
      add(agentId, { filledNanos: Math.abs(deltaNanos), realisedMicros });
  }
  return [...lines.values()];
}
