import { RadioGroup } from 'radix-ui';
import { KillPolicy } from '../../electron/contract/names.ts';
import { describePolicy, type KillPlan } from './kill-plan.ts';

const names: Record<KillPolicy, string> = {
  flatten: 'Flatten',
  keep: 'Keep positions',
  'keep-hedged': 'Keep hedged',
};

export interface PolicyCardsProps {
  readonly policy: KillPolicy;
  readonly plan: KillPlan;
  readonly disabled: boolean;
  readonly onChoose: (policy: KillPolicy) => void;
}

/** What happens to open positions, with what that means right now. */
export function PolicyCards(props: PolicyCardsProps) {
  return (
    <RadioGroup.Root
      aria-label="Position policy"
      value={props.policy}
      disabled={props.disabled}
      onValueChange={(value) => props.onChoose(KillPolicy.parse(value))}
      className="grid grid-cols-3 gap-2.5"
    >
      {KillPolicy.options.map((policy) => (
        <RadioGroup.Item
          key={policy}
          value={policy}
          aria-label={`${names[policy]}. ${describePolicy(policy, props.plan)}`}
          className="flex flex-col rounded-card border border-line px-3.5 py-3 text-left hover:border-control data-[state=checked]:border-critical data-[state=checked]:bg-critical/8"
        >
          <span className="block font-medium">{names[policy]}</span>
          <span className="mt-0.5 block text-cell text-muted">{describePolicy(policy, props.plan)}</span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
