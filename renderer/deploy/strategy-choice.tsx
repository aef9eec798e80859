// Which strategy: a card for each that can be deployed, and below them what the chosen one does.
import {
  deployableStrategies,
  type StrategyInfo,
  symbolRange,
} from '../../electron/contract/strategy-input.ts';
import { ChoiceCards } from '../ui/choice-cards.tsx';

export interface StrategyChoiceProps {
  readonly chosen: StrategyInfo;
  readonly onChoose: (strategy: StrategyInfo) => void;
}

export function StrategyChoice({ chosen, onChoose }: StrategyChoiceProps) {
  return (
    <section aria-label="Strategy" className="grid gap-2">
      <ChoiceCards
        label="Strategy"
        columns={Math.min(4, deployableStrategies.length)}
        value={chosen.id}
        cards={deployableStrategies.map((strategy) => ({
          value: strategy.id,
          label: strategy.title,
          detail: symbolRange(strategy),
        }))}
        onChoose={(id) => {
          const strategy = deployableStrategies.find((each) => each.id === id);
          if (strategy) onChoose(strategy);
        }}
      />
      <p className="min-h-9 text-cell text-muted">{chosen.summary}</p>
    </section>
  );
}
