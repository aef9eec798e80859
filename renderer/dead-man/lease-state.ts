// What the window says of the dead-man lease. It counts on by itself where the host falls silent: that is what the lease is for.
import type { DeadManGauge } from '../../electron/contract/dead-man.ts';
import { useDesk, useNow } from '../desk-context.tsx';

export interface LeaseState {
  readonly kind: 'unknown' | 'waiting' | 'held' | 'lapsing' | 'fired';
  /** Until the lease runs out; null where none runs. */
  readonly leftMs: number | null;
}

/** Judges the newest gauge, which came `frameAgeMs` ago. */
export function leaseState(
  gauge: Pick<DeadManGauge, 'phase' | 'remainingMs'> | null,
  { frameAgeMs, connected, blocking }: { frameAgeMs: number; connected: boolean; blocking: boolean },
): LeaseState {
  if (gauge === null) return { kind: 'unknown', leftMs: null };
  const leftMs = gauge.remainingMs === null ? null : Math.max(0, gauge.remainingMs - Math.max(0, frameAgeMs));
  if (blocking || gauge.phase === 'expired') return { kind: 'fired', leftMs };
  if (gauge.phase === 'held' && !connected) return { kind: 'lapsing', leftMs };
  return { kind: gauge.phase, leftMs };
}

/** Follows the lease, four times a second. */
export function useLeaseState(): LeaseState {
  const gauge = useDesk((desk) => desk.gauges?.deadMan ?? null);
  const lastFrameAt = useDesk((desk) => desk.lastFrameAt);
  const connected = useDesk((desk) => desk.connected);
  const blocking = useDesk((desk) => desk.state.deadMan.blocking);
  const now = useNow(250);
  return leaseState(gauge, { frameAgeMs: now - (lastFrameAt ?? now), connected, blocking });
}

/** In a few words, for example "15 s" or "11.2 s left". */
export function leaseWords({ kind, leftMs }: LeaseState, leaseS: number | undefined): string {
  const left = leftMs === null ? '' : `${(leftMs / 1_000).toFixed(1)} s left`;
  switch (kind) {
    case 'unknown':
      return '—';
    case 'waiting':
      return 'no lease yet';
    case 'held':
      return `${leaseS ?? '—'} s`;
    case 'lapsing':
      return left;
    case 'fired':
      return 'fired';
  }
}
