// Puts on record what the gate refused: once, however often the same order is tried again.
import type { Side } from '../../../contract/names.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import type { Denial } from './risk-gate.ts';

const repeatMs = 60_000;

export interface DeniedWish {
  readonly symbol: string;
  readonly side: Side;
  readonly qtyNanos: number;
  /** Where one agent's wish was refused, not the order of several. */
  readonly agentId?: string;
}

export interface Denials {
  record(wish: DeniedWish, denial: Denial): void;
}

/** Creates the record. */
export function createDenials(store: Store, clock: Clock): Denials {
  const last = new Map<string, { readonly key: string; readonly at: number }>();
  return {
    record(wish, { code, detail, value, limit }) {
      const { symbol, side, qtyNanos, agentId } = wish;
      const at = clock.now();
      const subject = `${agentId ?? ''} ${symbol}`;
      const key = `${side} ${qtyNanos} ${code}`;
      const before = last.get(subject);
      if (before?.key === key && at - before.at < repeatMs) return;
      last.set(subject, { key, at });
      store.commit({
        kind: 'OrderDenied',
        at,
        symbol,
        side,
        qtyNanos,
        code,
        detail,
        value,
        limit,
        ...(agentId === undefined ? {} : { agentId }),
      });
    },
  };
}
