// When the books of an account may be put away: nothing runs on it, and nothing of it is on its way.
import { isAlive } from '../../contract/agent-phase.ts';
import { DeskError } from '../../contract/errors.ts';
import { isFinal } from '../../contract/reduce-orders.ts';
import type { DeskState } from '../../contract/state.ts';

/** Throws ACCOUNT_IN_USE, or KILL_LATCHED, saying what to do first. */
export function assertIdle({ mode, entries, agents, orders }: DeskState): void {
  const name = mode.toUpperCase();
  if (entries.kind === 'latched')
    throw new DeskError(
      'KILL_LATCHED',
      `The kill switch is latched on ${name}. Re-arm it with a reason before the account is changed.`,
      { killId: entries.killId },
    );
  const running = Object.values(agents).filter(({ phase }) => isAlive(phase)).length;
  if (running > 0)
    throw inUse(
      `${running} agent${running === 1 ? ' trades' : 's trade'} on ${name}. Stop the agents first.`,
      running,
      0,
    );
  const open = Object.values(orders).filter((order) => !isFinal(order)).length;
  if (open > 0)
    throw inUse(
      `${open} order${open === 1 ? ' is' : 's are'} open on ${name}. Wait for the outcome, or cancel with kill and re-arm first.`,
      0,
      open,
    );
}

function inUse(message: string, agents: number, orders: number): DeskError {
  return new DeskError('ACCOUNT_IN_USE', message, { agents, orders });
}
