// Samples everything that changes too often for events. One object, the latest wins.
import { isAlive } from '../../contract/agent-phase.ts';
import { isSpendSimulated } from '../../contract/simulated.ts';
import type { AgentGauge, Gauges } from '../../contract/frames.ts';
import { unrealisedMicros } from '../../contract/reduce-agents.ts';
import type { Agent } from '../../contract/state.ts';
import type { Clock } from '../clock.ts';
import { cardLabel } from '../spend/rate-card.ts';
import type { Meter } from '../spend/meter.ts';
import type { Store } from '../store.ts';
import type { Latency } from './latency.ts';
import type { LoopDelay } from './loop-delay.ts';

const windowS = 3_600;
const decisionWindowS = 900;

export interface GaugeParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly latency: Latency;
  readonly meter: Meter;
  readonly loopDelay: LoopDelay;
  readonly market: () => Gauges['market'];
  readonly vitals: (
    agentId: string,
  ) => Pick<AgentGauge, 'tickAgeMs' | 'heartbeatAgeMs' | 'decisions' | 'errors' | 'lastDecision'>;
  readonly equityMicros: () => number | null;
  readonly deadMan: () => Gauges['deadMan'];
  readonly work: () => Gauges['work'];
}

/** Takes one sample. */
export function sampleGauges(parts: GaugeParts): Gauges {
  const { store, clock, latency, meter } = parts;
  const state = store.state();
  const market = parts.market();
  const priceOf = (symbol: string): number | undefined => market.quotes[symbol]?.lastTicks;
  const shares = infraShares(state.agents, (slotId) => {
    const slot = state.sandboxes[slotId];
    return slot ? slot.postedMicros + meter.usedMicros(slot) : 0;
  });
  const agents: Record<string, AgentGauge> = {};
  let unrealised = 0;
  for (const agent of Object.values(state.agents)) {
    const open = unrealisedMicros(agent, priceOf);
    unrealised += open;
    agents[agent.agentId] = {
      ...parts.vitals(agent.agentId),
      decision: latency.summary(`decision/${agent.agentId}`, decisionWindowS),
      unrealisedMicros: open,
      infraMicros: shares.get(agent.agentId) ?? 0,
    };
  }
  const equity = parts.equityMicros();
  return {
    at: clock.now(),
    market,
    agents,
    sla: latency.board(windowS),
    intentToOrder: latency.summary('order', windowS),
    spend: {
      accruedMicros: meter.accruedMicros(),
      ratePerHourMicros: meter.ratePerHourMicros(),
      rateCard: cardLabel(meter.card),
      simulated: isSpendSimulated(state),
    },
    pnl: {
      realisedMicros: state.totals.realisedMicros,
      unrealisedMicros: unrealised,
      todayMicros: equity === null || !state.account ? null : equity - state.account.dayStartEquityMicros,
    },
    deadMan: parts.deadMan(),
    loopDelayP99Ms: parts.loopDelay.p99Ms(),
    work: parts.work(),
  };
}

/** Splits what each slot has cost over its agents, equally; the first ones carry the remainder. */
function infraShares(
  agents: Readonly<Record<string, Agent>>,
  slotCost: (slotId: string) => number,
): Map<string, number> {
  const bySlot = new Map<string, string[]>();
  for (const agent of Object.values(agents)) {
    const known = bySlot.get(agent.slotId) ?? [];
    known.push(agent.agentId);
    bySlot.set(agent.slotId, known);
  }
  const shares = new Map<string, number>();
  for (const [slotId, ids] of bySlot) {
    const cost = slotCost(slotId);
    const each = Math.floor(cost / ids.length);
    const remainder = cost - each * ids.length;
    ids.forEach((agentId, index) => shares.set(agentId, each + (index < remainder ? 1 : 0)));
  }
  return shares;
}

/** Counts agents that are alive. */
export function countAlive(agents: Readonly<Record<string, Agent>>): number {
  return Object.values(agents).filter((agent) => isAlive(agent.phase)).length;
}
