import type { Agent } from '../../electron/contract/state.ts';
import { findStrategy, paramsInForce, type StrategyParam } from '../../electron/contract/strategy-input.ts';
import { paramName } from '../param-name.ts';
import { FactGrid } from '../ui/facts.tsx';

/** The agent's parameters; those that differ from the default say so. */
export function AgentParams({ agent }: { readonly agent: Agent }) {
  const values = paramsInForce(agent.strategy, agent.params);
  const params = findStrategy(agent.strategy)?.params ?? [];
  return (
    <section aria-label="Parameters">
      <h3 className="mb-1 text-label text-dim">Parameters</h3>
      {params.length === 0 ? (
        <p className="text-muted">It has none.</p>
      ) : (
        <FactGrid
          facts={params.map((param) => [
            paramName(param.name),
            <Value key={param.name} param={param} value={values[param.name] ?? param.default} />,
          ])}
        />
      )}
    </section>
  );
}

function Value({ param, value }: { readonly param: StrategyParam; readonly value: number }) {
  const isDefault = value === param.default;
  return (
    <span title={param.summary} className={isDefault ? undefined : 'text-accent'}>
      {value} {param.unit}
      {isDefault ? null : <span className="block text-label text-dim">default {param.default}</span>}
    </span>
  );
}
