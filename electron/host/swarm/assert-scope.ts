// A kill or a re-arming that names what does not exist stops nothing and says so.
import { DeskError } from '../../contract/errors.ts';
import { type KillScope, scopeParts } from '../../contract/kill-scope.ts';
import { strategies } from '../../contract/names.ts';
import type { DeskState } from '../../contract/state.ts';

const shown = 20;

/** Throws UNKNOWN_STRATEGY or AGENT_NOT_FOUND, naming what there is. */
export function assertScope({ agents }: Pick<DeskState, 'agents'>, scope: KillScope): void {
  const { kind, name } = scopeParts(scope);
  if (kind === 'strategy' && !strategies.some((strategy) => strategy === name))
    throw new DeskError(
      'UNKNOWN_STRATEGY',
      `There is no strategy "${name}". Choose from ${strategies.join(', ')}.`,
      { strategy: name },
    );
  if (kind !== 'agent' || agents[name]) return;
  const newest = Object.keys(agents).slice(-shown).join(', ');
  throw new DeskError(
    'AGENT_NOT_FOUND',
    `There is no agent "${name}". ${newest === '' ? 'No agent was deployed on this account.' : `There is ${newest}.`}`,
    { agentId: name },
  );
}
