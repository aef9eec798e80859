// What the monitor shows, drawn from a replica; the same document that `monitor --once --json` prints.
import { isAlive } from '../../contract/agent-phase.ts';
import { armedUntil } from '../../contract/live-arming.ts';
import type { Gauges } from '../../contract/frames.ts';
import type { Agent, DeskState } from '../../contract/state.ts';

const shownFills = 5;

export interface MonitorSummary {
  readonly at: number;
  readonly mode: DeskState['mode'];
  readonly entries: DeskState['entries']['kind'];
  /** When LIVE stops opening unless somebody acts; null where it may not open now, and on DEMO and PAPER. */
  readonly armedUntil: number | null;
  readonly market: {
    readonly label: string;
    readonly isOpen: boolean | null;
    readonly dataAgeMs: number | null;
  } | null;
  readonly agents: readonly (Pick<
    Agent,
    'agentId' | 'symbols' | 'fills' | 'realisedMicros' | 'phaseReason'
  > & {
    readonly state: Agent['phase'];
    /** Null until the host has sent gauges. */
    readonly unrealisedMicros: number | null;
    readonly heartbeatAgeMs: number | null;
  })[];
  readonly alive: number;
  readonly sandboxes: number;
  readonly orders: number;
  readonly fills: number;
  readonly denied: number;
  readonly spend: {
    readonly accruedMicros: number;
    readonly ratePerHourMicros: number | null;
    readonly budgetMicros: number;
    /** Null until the host has sent gauges. */
    readonly simulated: boolean | null;
  };
  readonly pnl: Gauges['pnl'] | null;
  readonly sla: Gauges['sla'];
  /** Long work under way, oldest first. */
  readonly work: Gauges['work'];
  /** Newest first. */
  readonly lastFills: DeskState['fills'];
}

/** Sums a replica up. Stopped agents are left out, failed ones are not. */
export function summarise(state: DeskState, gauges: Gauges | null, now: number): MonitorSummary {
  const agents = Object.values(state.agents);
  return {
    at: now,
    mode: state.mode,
    entries: state.entries.kind,
    armedUntil: armedUntil(state, now),
    market: state.market && {
      label: state.market.label,
      isOpen: gauges?.market.isOpen ?? null,
      dataAgeMs: gauges?.market.dataAgeMs ?? null,
    },
    agents: agents.filter((agent) => agent.phase !== 'stopped').map((agent) => summariseAgent(agent, gauges)),
    alive: agents.filter((agent) => isAlive(agent.phase)).length,
    sandboxes: Object.values(state.sandboxes).filter((sandbox) => sandbox.endedAt === null).length,
    orders: state.totals.orders,
    fills: state.totals.fills,
    denied: state.totals.denied,
    spend: {
      accruedMicros: gauges?.spend.accruedMicros ?? state.spend.postedMicros,
      ratePerHourMicros: gauges?.spend.ratePerHourMicros ?? null,
      budgetMicros: state.spend.budgetMicros,
      simulated: gauges?.spend.simulated ?? null,
    },
    pnl: gauges?.pnl ?? null,
    sla: gauges?.sla ?? [],
    work: gauges?.work ?? [],
    lastFills: state.fills.slice(-shownFills).reverse(),
  };
}

function summariseAgent(agent: Agent, gauges: Gauges | null): MonitorSummary['agents'][number] {
  const gauge = gauges?.agents[agent.agentId];
  return {
    agentId: agent.agentId,
    state: agent.phase,
    phaseReason: agent.phaseReason,
    symbols: agent.symbols,
    fills: agent.fills,
    realisedMicros: agent.realisedMicros,
    unrealisedMicros: gauge?.unrealisedMicros ?? null,
    heartbeatAgeMs: gauge?.heartbeatAgeMs ?? null,
  };
}
