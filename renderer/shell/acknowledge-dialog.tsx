// The two versions of each position side by side, and the operator's word that the broker is right.
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { money, signedQuantity } from '../format.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';

/** Makes the broker's positions the record. */
export function AcknowledgeDialog(props: { readonly open: boolean; readonly onClose: () => void }) {
  const { call } = useDeskClient();
  return (
    <ReasonDialog
      {...props}
      title="The account differs"
      description="Takes over the broker's version of what the desk cannot explain."
      question="Why the broker is right"
      decision="The broker is right"
      deciding="Acknowledging…"
      decide={(reason) => call('account.acknowledge', { reason })}
      outcome="The broker’s version is the record now."
    >
      <Versions />
      <p className="text-muted">
        No order, fill or fee explains the difference. Look at the broker first. Acknowledging makes the
        broker’s version the record and allows new risk again.
      </p>
    </ReasonDialog>
  );
}

function Versions() {
  const discrepancy = useDesk((desk) => desk.state.discrepancy);
  if (!discrepancy) return null;
  const { positions, cash } = discrepancy;
  return (
    <table aria-label="Both versions" className="w-full text-right tabular-nums">
      <thead className="text-label text-dim">
        <tr>
          <th className="text-left font-normal">Position</th>
          <th className="font-normal">This desk</th>
          <th className="font-normal">The broker</th>
        </tr>
      </thead>
      <tbody>
        {positions.map(({ symbol, oursNanos, theirsNanos }) => (
          <tr key={symbol} className="border-t border-line">
            <th scope="row" className="py-1 text-left font-medium">
              {symbol}
            </th>
            <td>{signedQuantity(oursNanos)}</td>
            <td>{signedQuantity(theirsNanos)}</td>
          </tr>
        ))}
        {cash ? (
          <tr className="border-t border-line">
            <th scope="row" className="py-1 text-left font-medium">
              Cash
            </th>
            <td>{money(cash.oursMicros)}</td>
            <td>{money(cash.theirsMicros)}</td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}
