// One flat row of plain values an agent, so that a row is drawn again only when one of its own values has changed.
import { type AgentPhase, agentPhases } from '../../electron/contract/agent-phase.ts';
import type { Gauges } from '../../electron/contract/frames.ts';
import { narrowLatchOf } from '../../electron/contract/latches.ts';
import type { DeskState } from '../../electron/contract/state.ts';

export interface FleetRow {
  readonly agentId: string;
  readonly phase: AgentPhase;
  /** A kill of the agent or its strategy keeps it stopped. */
  readonly killed: boolean;
  readonly symbols: string;
  /** Realised plus unrealised minus infrastructure; null until the first gauge. */
  readonly netMicros: number | null;
  readonly realisedMicros: number;
  readonly infraMicros: number | null;
  readonly decisionP95Ms: number | null;
  readonly decisions: number;
  readonly fills: number;
  readonly tickAgeMs: number | null;
  readonly lastDecision: string | null;
}

/** Joins state and gauges by agent id. */
export function fleetRows(
  { agents, latches }: Pick<DeskState, 'agents' | 'latches'>,
  gauges: Gauges | null,
): FleetRow[] {
  return Object.values(agents).map((agent) => {
    const gauge = gauges?.agents[agent.agentId];
    return {
      agentId: agent.agentId,
      phase: agent.phase,
      killed: narrowLatchOf({ latches }, agent) !== null,
      symbols: agent.symbols.join(' '),
      netMicros: gauge ? agent.realisedMicros + gauge.unrealisedMicros - gauge.infraMicros : null,
      realisedMicros: agent.realisedMicros,
      infraMicros: gauge?.infraMicros ?? null,
      decisionP95Ms: gauge?.decision.p95Ms ?? null,
      decisions: gauge?.decision.n ?? 0,
      fills: agent.fills,
      tickAgeMs: gauge?.tickAgeMs ?? null,
      lastDecision: gauge?.lastDecision?.text ?? null,
    };
  });
}

export type PhaseFilter = 'all' | AgentPhase;

/** Keeps the rows of one phase whose id, symbols or phase contain every word of the text. */
export function filterRows(rows: readonly FleetRow[], phase: PhaseFilter, text: string): readonly FleetRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (phase === 'all' && words.length === 0) return rows;
  return rows.filter((row) => {
    if (phase !== 'all' && row.phase !== phase) return false;
    const haystack = `${row.agentId} ${row.symbols} ${row.phase}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

/** How many agents are in each phase, in the order of an agent's life; phases without agents are left out. */
export function countPhases(
  rows: readonly FleetRow[],
): readonly { readonly phase: AgentPhase; readonly n: number }[] {
  return agentPhases
    .map((phase) => ({ phase, n: rows.filter((row) => row.phase === phase).length }))
    .filter((entry) => entry.n > 0);
}
