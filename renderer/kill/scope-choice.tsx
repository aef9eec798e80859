// What the kill sheet is about: everything, the account, one strategy, one agent.
import { useId } from 'react';
import { type KillScope, type ScopeParts, scopeParts } from '../../electron/contract/kill-scope.ts';
import type { DeskState } from '../../electron/contract/state.ts';
import { useDesk } from '../desk-context.tsx';
import { Choice } from '../ui/choice.tsx';
import { inputFrame } from '../ui/field.tsx';

const labels: Readonly<Record<ScopeParts['kind'], string>> = {
  all: 'Everything',
  account: 'Account',
  strategy: 'Strategy',
  agent: 'Agent',
};

export interface ScopeChoiceProps {
  readonly scope: KillScope;
  readonly onChoose: (scope: KillScope) => void;
}

export function ScopeChoice({ scope, onChoose }: ScopeChoiceProps) {
  const agents = useDesk((desk) => desk.state.agents);
  const names = namesToStop(agents);
  const { kind, name } = scopeParts(scope);
  const id = useId();
  const kinds = (['all', 'account', 'strategy', 'agent'] as const).filter(
    (candidate) => candidate === 'all' || candidate === 'account' || names[candidate].length > 0,
  );
  return (
    <div className="flex items-center gap-3">
      <Choice
        label="What to stop"
        value={kind}
        options={kinds.map((value) => ({ value, label: labels[value] }))}
        onChoose={(next) =>
          onChoose(next === 'all' || next === 'account' ? next : `${next}:${names[next][0] ?? ''}`)
        }
      />
      {kind === 'strategy' || kind === 'agent' ? (
        <>
          <label htmlFor={id} className="sr-only">
            {labels[kind]}
          </label>
          <select
            id={id}
            value={name}
            onChange={(event) => onChoose(`${kind}:${event.target.value}`)}
            className={`${inputFrame} w-56 border-control text-text`}
          >
            {names[kind].map((option) => (
              <option key={option}>{option}</option>
            ))}
          </select>
        </>
      ) : null}
      <span className="text-cell text-muted">{consequences[kind]}</span>
    </div>
  );
}

const consequences: Readonly<Record<ScopeParts['kind'], string>> = {
  all: 'All agents, orders and sandboxes, warm ones too.',
  account: 'All agents and orders of this account; warm sandboxes stay.',
  strategy: 'Its agents only; nothing of it is deployed until you re-arm.',
  agent: 'This agent only; the others trade on.',
};

/** Agents that live, have failed, or still hold something, and their strategies. */
function namesToStop(agents: DeskState['agents']): { readonly strategy: string[]; readonly agent: string[] } {
  const open = Object.values(agents).filter(
    ({ phase, positions }) => phase !== 'stopped' || Object.keys(positions).length > 0,
  );
  return {
    strategy: [...new Set(open.map(({ strategy }) => strategy))].sort(),
    agent: open.map(({ agentId }) => agentId).sort(),
  };
}
