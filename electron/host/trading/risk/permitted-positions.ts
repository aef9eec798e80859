// What agents may come to hold: wishes that the gate refuses are cut back to what does not grow.
import type { Denials, DeniedWish } from './denials.ts';
import type { GateContext } from './gate-context.ts';
import type { Denial } from './risk-gate.ts';
import { reducedOnly, type WantedPosition } from '../books/wanted-positions.ts';

export interface PermittedPositions {
  readonly wanted: readonly WantedPosition[];
  /** The first wish that was cut back. */
  readonly refused: { readonly wish: DeniedWish; readonly denial: Denial } | null;
}

/** Judges each agent's wish by itself, before wishes are netted: one agent at its limit does not hold up the others. */
export function permittedPositions(
  gate: GateContext,
  denials: Denials,
  symbol: string,
  wanted: readonly WantedPosition[],
): PermittedPositions {
  const judge = gate.wishes(symbol);
  const permitted: WantedPosition[] = [];
  let refused: PermittedPositions['refused'] = null;
  for (const wish of wanted) {
    const denial = judge(wish);
    const targetNanos = denial ? reducedOnly(wish.positionNanos, wish.targetNanos) : wish.targetNanos;
    if (denial) {
      const changeNanos = wish.targetNanos - wish.positionNanos;
      const side = changeNanos > 0 ? ('buy' as const) : ('sell' as const);
      const denied = { symbol, side, qtyNanos: Math.abs(changeNanos), agentId: wish.agentId };
      denials.record(denied, denial);
      refused ??= { wish: denied, denial };
    }
    if (targetNanos !== wish.positionNanos) permitted.push({ ...wish, targetNanos });
  }
  return { wanted: permitted, refused };
}
