import { RadioGroup } from 'radix-ui';
import { counted, infraCost } from '../format.ts';
import { classNames } from '../ui/class-names.ts';
import { Glyph } from '../ui/glyph.tsx';
import type { DeployPrice } from './use-price.ts';

type Option = DeployPrice['options'][number];

export interface PlacementOptionsProps {
  readonly options: readonly Option[];
  readonly boundBy: DeployPrice['boundBy'];
  readonly onChoose: (perSandbox: number) => void;
}

/** How many agents share a sandbox, each with its price. */
export function PlacementOptions(props: PlacementOptionsProps) {
  const chosen = props.options.find((option) => option.chosen);
  return (
    <div className="grid gap-1">
      <RadioGroup.Root
        aria-label="Agents per sandbox"
        value={chosen === undefined ? '' : String(chosen.perSandbox)}
        onValueChange={(value) => props.onChoose(Number(value))}
        className="grid"
      >
        {props.options.map((option) => (
          <RadioGroup.Item
            key={option.perSandbox}
            value={String(option.perSandbox)}
            aria-label={`${optionName(option)}, ${infraCost(option.planMicros)}, ${fitText(option)}`}
            className="grid h-7 grid-cols-[1fr_auto_92px] items-center gap-3 border-b border-l-2 hairline border-l-transparent px-2 text-left text-cell text-muted hover:bg-raised/60 data-[state=checked]:border-l-accent data-[state=checked]:bg-raised data-[state=checked]:text-text"
          >
            <span>{optionName(option)}</span>
            <span className="text-text">{infraCost(option.planMicros)}</span>
            <Fit option={option} />
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {props.boundBy === 'none' ? null : (
        <p className="px-2 text-label text-dim">Packing is bounded by {props.boundBy}.</p>
      )}
    </div>
  );
}

function optionName(option: Option): string {
  return option.perSandbox === 1 ? 'One agent a sandbox' : `Packed, ${option.perSandbox} a sandbox`;
}

function fitText(option: Option): string {
  return option.fits ? `fits, ${counted(option.sandboxes, 'domain')}` : 'over';
}

/** A single sandbox fits the money, but one failure takes the whole swarm down. */
function Fit({ option }: { readonly option: Option }) {
  return (
    <span
      className={classNames(
        'inline-flex items-center justify-end gap-1 text-right',
        option.fits ? 'text-muted' : 'text-warn',
      )}
      title={
        option.fits ? 'Fits; sandboxes that can fail on their own' : "Over what is left of today's budget"
      }
    >
      {option.fits ? null : <Glyph shape="triangle" />}
      {fitText(option)}
    </span>
  );
}
