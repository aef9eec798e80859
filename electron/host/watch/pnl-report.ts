// Adds up profit, loss and cost by agent, strategy and swarm.
import type { OutputOf } from '../../contract/define-operation.ts';
import type { Gauges } from '../../contract/frames.ts';
import type { PnlRow, reportPnl } from '../../contract/pnl.ts';
import type { Agent, DeskState } from '../../contract/state.ts';

type Report = OutputOf<typeof reportPnl>;

/** Every agent of the account, the stopped ones too; rows in the order of their first deployment. */
export function pnlRows(
  { agents, account }: DeskState,
  gauges: Gauges,
): Pick<Report, 'agents' | 'strategies' | 'swarms' | 'total'> {
  const all = Object.values(agents);
  const rowOf = (name: string, of: readonly Agent[]): PnlRow => sumUp(name, of, gauges);
  const rowsBy = (nameOf: (agent: Agent) => string): PnlRow[] =>
    [...new Set(all.map(nameOf))].map((name) =>
      rowOf(
        name,
        all.filter((agent) => nameOf(agent) === name),
      ),
    );
  return {
    agents: rowsBy((agent) => agent.agentId),
    strategies: rowsBy((agent) => agent.strategy),
    swarms: rowsBy((agent) => agent.swarmId),
    total: payFees(rowOf('all', all), account?.unsharedFeesMicros ?? 0),
  };
}

function sumUp(name: string, agents: readonly Agent[], gauges: Gauges): PnlRow {
  const sum = (amountOf: (agent: Agent) => number): number =>
    agents.reduce((total, agent) => total + amountOf(agent), 0);
  const realisedMicros = sum((agent) => agent.realisedMicros);
  const unrealisedMicros = sum(({ agentId }) => gauges.agents[agentId]?.unrealisedMicros ?? 0);
  const infraMicros = sum(({ agentId }) => gauges.agents[agentId]?.infraMicros ?? 0);
  const feesMicros = sum((agent) => agent.feesMicros);
  return {
    name,
    agents: agents.length,
    fills: sum((agent) => agent.fills),
    realisedMicros,
    unrealisedMicros,
    feesMicros,
    infraMicros,
    netMicros: realisedMicros + unrealisedMicros - feesMicros - infraMicros,
  };
}

function payFees(row: PnlRow, feesMicros: number): PnlRow {
  return { ...row, feesMicros: row.feesMicros + feesMicros, netMicros: row.netMicros - feesMicros };
}
