// What became of every order, position and sandbox, as verified at the broker and the provider.
import type { KillItem } from '../../electron/contract/events.ts';
import type { KillReceipt } from '../../electron/contract/state.ts';
import { count, counted, latency } from '../format.ts';
import { classNames } from '../ui/class-names.ts';
import { Glyph, type GlyphShape } from '../ui/glyph.tsx';

const looks: Record<KillItem['state'], { readonly shape: GlyphShape; readonly className: string }> = {
  pending: { shape: 'quarter', className: 'text-muted' },
  done: { shape: 'dot', className: 'text-text' },
  kept: { shape: 'half', className: 'text-warn' },
  waiting: { shape: 'quarter', className: 'text-warn' },
  failed: { shape: 'square', className: 'text-critical' },
};

export function KillReceiptTable({ receipt }: { readonly receipt: KillReceipt }) {
  return (
    <div className="grid gap-2">
      <Summary receipt={receipt} />
      <div className="max-h-[46vh] overflow-y-auto">
        <table className="data-table" aria-label="Receipt">
          <thead className="sticky top-0 bg-surface">
            <tr>
              <th className="left">Receipt</th>
              <th className="left">Kind</th>
              <th className="left">State</th>
              <th className="left w-full">Verified</th>
            </tr>
          </thead>
          <tbody>
            {receipt.items.map((item) => (
              <tr key={item.id}>
                <td className="left font-medium">{item.label}</td>
                <td className="left text-muted">{item.kind}</td>
                <td className={classNames('left', looks[item.state].className)}>
                  <span className="inline-flex items-center gap-1.5">
                    <Glyph shape={looks[item.state].shape} />
                    {item.state}
                  </span>
                </td>
                {/* What stays open, and why, is never cut off. */}
                <td className="left whitespace-normal! py-1! text-muted">{item.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Summary({ receipt }: { readonly receipt: KillReceipt }) {
  const settled = receipt.items.filter((item) => item.state !== 'pending' && item.state !== 'waiting').length;
  if (receipt.finishedAt === null) {
    return (
      <p role="status" className="text-muted">
        {count(settled)} of {counted(receipt.items.length, 'item')} final.
      </p>
    );
  }
  const took = `Finished in ${latency(receipt.finishedAt - receipt.startedAt)}`;
  if (receipt.items.length === 0) return <p role="status">{took}. There was nothing to stop.</p>;
  return receipt.verified === true ? (
    <p role="status">
      {took}. {counted(receipt.items.length, 'item')}, all verified.
    </p>
  ) : (
    <p role="alert" className="inline-flex items-center gap-1.5 text-critical">
      <Glyph shape="square" />
      {took}, but not every item could be verified. Check the rows that are not done.
    </p>
  );
}
