// The lease in the status bar: quiet while it is renewed, amber and counting while it is not, red once it has run out.
import { useDesk } from '../desk-context.tsx';
import { classNames } from '../ui/class-names.ts';
import { Glyph } from '../ui/glyph.tsx';
import { useWindowStore } from '../window-state.ts';
import { type LeaseState, leaseWords, useLeaseState } from './lease-state.ts';

/** Opens the dialog with the facts and the drill. */
export function LeasePart() {
  const lease = useLeaseState();
  const leaseS = useDesk((desk) => desk.gauges?.deadMan.leaseS);
  const windowStore = useWindowStore();
  const tone = tones[lease.kind];
  return (
    <button
      type="button"
      onClick={() => windowStore.setState({ dialog: 'deadMan' })}
      title="Cancels what rests and blocks entries when the host cannot confirm its health for this long"
      className="inline-flex items-center gap-1 whitespace-nowrap hover:text-text"
    >
      {tone ? <Glyph shape={lease.kind === 'fired' ? 'square' : 'triangle'} className={tone} /> : null}
      dead-man{' '}
      <span className={classNames('live-value font-medium', tone ?? 'text-muted')}>
        {leaseWords(lease, leaseS)}
      </span>
    </button>
  );
}

const tones: Readonly<Record<LeaseState['kind'], string | null>> = {
  unknown: null,
  held: null,
  waiting: 'text-warn',
  lapsing: 'text-warn',
  fired: 'text-critical',
};
