// One round for the agents of a strategy: what they last decided is read, and the account is brought to it.
import type { AgentPhase } from '../../contract/agent-phase.ts';
import type { OutputOf, ParsedInputOf } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import type { executeStrategy } from '../../contract/execute.ts';
import type { Agent } from '../../contract/state.ts';
import type { Store } from '../store.ts';
import type { Trading } from '../trading/trading.ts';
import type { AgentVitals } from './agent-vitals.ts';

export interface RoundParts {
  readonly store: Store;
  readonly trading: Pick<Trading, 'round'>;
  readonly vitals: AgentVitals;
}

const deciding: readonly AgentPhase[] = ['running', 'degraded'];

/** Runs the round. Rejects with AGENT_NOT_FOUND when no agent of the strategy decides, or none on these symbols. */
export async function executeRound(
  { store, trading, vitals }: RoundParts,
  { strategy, symbols }: ParsedInputOf<typeof executeStrategy>,
): Promise<OutputOf<typeof executeStrategy>> {
  const agents = Object.values(store.state().agents).filter(
    (agent) => agent.strategy === strategy && deciding.includes(agent.phase),
  );
  const isAsked = (symbol: string): boolean => symbols?.includes(symbol) ?? true;
  const decisions = agents.flatMap((agent) =>
    agent.symbols.filter(isAsked).map((symbol) => lastDecision(vitals, agent, symbol)),
  );
  if (decisions.length === 0) throw nothingToExecute(strategy, agents);
  const asked = [...new Set(decisions.map((decision) => decision.symbol))];
  const orders = await Promise.all(
    asked.map(async (symbol) => ({ symbol, outcome: await trading.round(symbol) })),
  );
  return { decisions, orders };
}

function lastDecision(
  vitals: AgentVitals,
  { agentId, targets, positions }: Agent,
  symbol: string,
): OutputOf<typeof executeStrategy>['decisions'][number] {
  const last = vitals.of(agentId).decisionsBySymbol.get(symbol);
  return {
    agentId,
    symbol,
    action: last?.action ?? null,
    reason: last?.reason ?? '',
    decidedAt: last?.at ?? null,
    targetNanos: targets[symbol]?.qtyNanos ?? null,
    positionNanos: positions[symbol]?.qtyNanos ?? 0,
  };
}

function nothingToExecute(strategy: string, agents: readonly Agent[]): DeskError {
  if (agents.length === 0)
    return new DeskError(
      'AGENT_NOT_FOUND',
      `No agent of ${strategy} is running, so there is nothing to execute. Start some with deploy --agent ${strategy}.`,
      { strategy },
    );
  const followed = [...new Set(agents.flatMap((agent) => agent.symbols))].join(', ');
  return new DeskError(
    'AGENT_NOT_FOUND',
    `The running agents of ${strategy} follow ${followed}, none of the symbols given. Name one of these.`,
    { strategy },
  );
}
