// The two versions of each position side by side, and the operator's word that the broker is right.
import { useDesk, useDeskClient } from '../desk-context.tsx';
import { signedQuantity } from '../format.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';

/** Makes the broker's positions the record. */
export function AcknowledgeDialog(props: { readonly open: boolean; readonly onClose: () => void }) {
  const { call } = useDeskClient();
  return (
    <ReasonDialog
      {...props}
      title="Positions differ"
      description="Takes over the broker's version of positions that the desk cannot explain."
      question="Why the broker is right"
      decision="The broker is right"
      deciding="Acknowledging…"
      decide={(reason) => call('account.acknowledge', { reason })}
      outcome="The broker’s positions are the record now."
    >
      <Versions />
      <p className="text-muted">
        No order of this desk explains the difference. Look at the broker first. Acknowledging makes the
        broker’s version the record and allows new risk again.
      </p>
    </ReasonDialog>
  );
}

function Versions() {
  const positions = useDesk((desk) => desk.state.discrepancy?.positions);
  return (
    <table aria-label="Both versions" className="w-full text-right tabular-nums">
      <thead className="text-label text-dim">
        <tr>
          <th className="text-left font-normal">Symbol</th>
          <th className="font-normal">This desk</th>
          <th className="font-normal">The broker</th>
        </tr>
      </thead>
      <tbody>
        {positions?.map(({ symbol, oursNanos, theirsNanos }) => (
          <tr key={symbol} className="border-t border-line">
            <th scope="row" className="py-1 text-left font-medium">
              {symbol}
            </th>
            <td>{signedQuantity(oursNanos)}</td>
            <td>{signedQuantity(theirsNanos)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
