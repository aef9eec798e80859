// Cash that moves without a fill, and the agents' parts of the broker's fees.
import type { EventOf } from './events.ts';
import type { CashFlow } from './order-events.ts';
import { changeAgent } from './reduce-agents.ts';
import { shareOut } from './share-out.ts';
import type { DeskState } from './state.ts';

/** The broker's list of flows is read over these days again and again; older ones do not come back. */
export const flowDays = 7;
const dayMs = 86_400_000;

export function takeFlows(state: DeskState, { flows }: EventOf<'CashFlowed'>): DeskState {
  const { account } = state;
  const fresh = flows.filter(({ activityId }) => account?.flows[activityId] === undefined);
  if (!account || fresh.length === 0) return state;
  const noted = { ...state, account: { ...account, flows: keepRecent({ ...account.flows }, fresh) } };
  // What flowed before the count began is in the figure that it began with.
  if (!account.counted) return noted;
  const cashMicros = account.counted.cashMicros + sum(fresh);
  const counted = { ...account.counted, cashMicros };
  const feesMicros = -sum(fresh.filter(({ activityType }) => activityType === 'FEE'));
  return shareFees({ ...noted, account: { ...noted.account, counted } }, feesMicros);
}

/** Fees are shared by what each agent has sold since the last ones: regulators charge sales. */
function shareFees(state: DeskState, feesMicros: number): DeskState {
  if (feesMicros === 0) return state;
  const sellers = Object.values(state.agents).filter(({ soldMicros }) => soldMicros > 0);
  if (sellers.length === 0) return addUnshared(state, feesMicros);
  const parts = shareOut(
    feesMicros,
    sellers.map(({ soldMicros }) => soldMicros),
  );
  return sellers.reduce(
    (next, { agentId }, index) =>
      changeAgent(next, agentId, (agent) => ({
        feesMicros: agent.feesMicros + (parts[index] ?? 0),
        soldMicros: 0,
      })),
    state,
  );
}

function addUnshared(state: DeskState, feesMicros: number): DeskState {
  const { account } = state;
  if (!account) return state;
  return {
    ...state,
    account: { ...account, unsharedFeesMicros: account.unsharedFeesMicros + feesMicros },
  };
}

function keepRecent(known: Record<string, string>, fresh: readonly CashFlow[]): Record<string, string> {
  for (const { activityId, day } of fresh) known[activityId] = day;
  const newest = Math.max(...Object.values(known).map((day) => Date.parse(day)));
  const isRecent = (day: string): boolean => Date.parse(day) >= newest - 2 * flowDays * dayMs;
  return Object.fromEntries(Object.entries(known).filter(([, day]) => isRecent(day)));
}

function sum(flows: readonly CashFlow[]): number {
  return flows.reduce((total, { netMicros }) => total + netMicros, 0);
}
