// Handlers of the operations that deploy agents, show them and stop them.
import { differencesOf } from '../trading/reconcile/discrepancy.ts';
import { isAlive } from '../../contract/agent-phase.ts';
import { isSpendSimulated } from '../../contract/simulated.ts';
import { DeskError } from '../../contract/errors.ts';
import type { DeskState } from '../../contract/state.ts';
import { assertNotLatched } from '../assert-not-latched.ts';
import type { DeskHandlers } from '../dispatch.ts';
import type { HostParts } from '../host-parts.ts';
import { assertStrategyArmed } from '../swarm/assert-strategy-armed.ts';
import { deployAgents, previewDeployment } from '../swarm/deploy-agents.ts';
import { executeRound } from '../swarm/execute-round.ts';
import { stopAgent, stopAllAgents } from '../swarm/stop-agents.ts';
import { viewAgent } from '../views.ts';
import { countAlive } from '../watch/gauges.ts';

type SwarmOperations =
  | 'swarm.preview'
  | 'swarm.deploy'
  | 'swarm.execute'
  | 'swarm.status'
  | 'swarm.agents'
  | 'swarm.stop'
  | 'swarm.stopAll';

/** Builds the handlers over the swarm. */
export function createSwarmHandlers(parts: HostParts): Pick<DeskHandlers, SwarmOperations> {
  const { store, clock, meter } = parts;
  return {
    'swarm.preview': async (input) => {
      await parts.connected();
      return previewDeployment(parts, input);
    },
    'swarm.deploy': async (input, { actor }) => {
      await parts.connected();
      return deployAgents(parts, input, actor);
    },
    'swarm.execute': async (input) => {
      await parts.connected();
      assertNotLatched(parts);
      assertStrategyArmed(store.state(), input.strategy);
      return executeRound(parts, input);
    },
    'swarm.status': ({ id }) => {
      const state = store.state();
      const sample = parts.latestGauges();
      const agents = Object.values(state.agents).filter((agent) =>
        id === undefined
          ? isAlive(agent.phase) || agent.phase === 'failed'
          : isNamed(agent.agentId, state.sandboxes[agent.slotId]?.sandboxId, id),
      );
      if (id !== undefined && agents.length === 0)
        throw new DeskError(
          'AGENT_NOT_FOUND',
          `There is no agent or sandbox with agents "${id}". See agents and list for the ids.`,
          { id },
        );
      return {
        mode: state.mode,
        entries: state.entries.kind,
        armedUntil: parts.arming.armed()?.until ?? null,
        differing: state.discrepancy && differencesOf(state.discrepancy),
        entriesReason: blockedBy(state),
        leaseHeld: parts.deadMan.covers(),
        latches: Object.values(state.latches).map(({ scope, startedAt, reason, verified }) => ({
          scope,
          since: startedAt,
          reason,
          verified,
        })),
        agents: agents.map((agent) => viewAgent(agent, state, sample)),
        alive: countAlive(state.agents),
        orders: state.totals.orders,
        fills: state.totals.fills,
        denied: state.totals.denied,
        lastDenied: state.denied.at(-1) ?? null,
        spendMicros: meter.accruedMicros(),
        spendSimulated: isSpendSimulated(state),
        budgetMicros: state.spend.budgetMicros,
        realisedMicros: sample.pnl.realisedMicros,
        unrealisedMicros: sample.pnl.unrealisedMicros,
        market: state.market
          ? { label: state.market.label, isOpen: sample.market.isOpen, dataAgeMs: sample.market.dataAgeMs }
          : null,
        at: clock.now(),
      };
    },
    'swarm.agents': ({ all }) => {
      const state = store.state();
      const sample = parts.sampleGauges();
      const agents = Object.values(state.agents).filter((agent) => all || isAlive(agent.phase));
      return { agents: agents.map((agent) => viewAgent(agent, state, sample)) };
    },
    'swarm.stop': async ({ agentId }) => {
      const leftOpen = await stopAgent(parts, agentId, 'stopped by the operator');
      return { agentId, leftOpen: leftOpen.map(({ symbol, qtyNanos }) => ({ symbol, qtyNanos })) };
    },
    'swarm.stopAll': async () => ({ stopped: await stopAllAgents(parts, 'stopped by the operator') }),
  };
}

function blockedBy({ entries, kill }: DeskState): string | null {
  if (entries.kind === 'open') return null;
  return entries.kind === 'blocked' ? entries.reason : (kill?.reason ?? '');
}

function isNamed(agentId: string, sandboxId: string | null | undefined, id: string): boolean {
  return agentId === id || sandboxId === id;
}
