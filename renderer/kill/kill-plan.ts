// What a kill would do, in counts and dollars, read from the state at this moment.
import type { Gauges } from '../../electron/contract/frames.ts';
import type { KillPolicy } from '../../electron/contract/names.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import { counted, wholeMoney } from '../format.ts';
import {
  countSandboxes,
  type Exposure,
  exposures,
  type SandboxCount,
  workingOrders,
} from '../swarm-counts.ts';

export interface KillPlan {
  readonly orders: number;
  readonly exposures: readonly Exposure[];
  /** Unsigned market value of all positions; null when a quote is missing. */
  readonly valueMicros: number | null;
  readonly sandboxes: SandboxCount;
}

export function planKill(state: DeskState, gauges: Gauges | null): KillPlan {
  const held = exposures(state, gauges);
  const known = held.every((exposure) => exposure.valueMicros !== null);
  return {
    orders: workingOrders(state.orders),
    exposures: held,
    valueMicros: known ? held.reduce((sum, exposure) => sum + (exposure.valueMicros ?? 0), 0) : null,
    sandboxes: countSandboxes(state.sandboxes),
  };
}

/** Says what the policy does to orders and positions. */
export function describePolicy(policy: KillPolicy, plan: KillPlan): string {
  const orders = plan.orders === 0 ? 'No working orders.' : `Cancel ${counted(plan.orders, 'order')}.`;
  if (plan.exposures.length === 0) return `${orders} No open positions.`;
  const value = plan.valueMicros === null ? 'value unknown' : wholeMoney(plan.valueMicros);
  const positions = `${counted(plan.exposures.length, 'position')}`;
  switch (policy) {
    case 'flatten':
      return `${orders} Close ${positions} (${value}) at market.`;
    case 'keep':
      return `${orders} Leaves ${positions} open (${value}), unmanaged.`;
    case 'keep-hedged':
      return `${orders} Of ${positions} (${value}), closes what no other side of the same book outweighs.`;
  }
}

/** The verb and objects of the button that does it. */
export function killButtonLabel(policy: KillPolicy, plan: KillPlan): string {
  const verb = { flatten: 'Flatten', keep: 'Keep', 'keep-hedged': 'Hedge' }[policy];
  return `${verb} ${counted(plan.exposures.length, 'position')}, end ${sandboxWords(plan.sandboxes)}`;
}

/** Warm ones end too, and are not counted as if they carried agents. */
function sandboxWords({ working, warm }: SandboxCount): string {
  const words = counted(working, 'sandbox', 'sandboxes');
  return warm > 0 ? `${words} and ${counted(warm, 'warm one')}` : words;
}
