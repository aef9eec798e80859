import { RadioGroup } from 'radix-ui';
import type { ReactNode } from 'react';

export interface ChoiceCard<T extends string> {
  readonly value: T;
  readonly label: string;
  /** What choosing it means, in a few words. */
  readonly detail: ReactNode;
  readonly disabled?: boolean;
}

export interface ChoiceCardsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly cards: readonly ChoiceCard<T>[];
  /** Cards in a row; all in one when left out. */
  readonly columns?: number;
  readonly onChoose: (value: T) => void;
}

/** Cards of which exactly one is on. */
export function ChoiceCards<T extends string>(props: ChoiceCardsProps<T>) {
  return (
    <RadioGroup.Root
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => {
        const chosen = props.cards.find((card) => card.value === value);
        if (chosen) props.onChoose(chosen.value);
      }}
      className="grid gap-2"
      style={{ gridTemplateColumns: `repeat(${props.columns ?? props.cards.length}, minmax(0, 1fr))` }}
    >
      {props.cards.map((card) => (
        <RadioGroup.Item
          key={card.value}
          value={card.value}
          disabled={card.disabled}
          aria-label={card.label}
          className="flex flex-col rounded-card border border-line px-3 py-2.5 text-left hover:border-control disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent/8"
        >
          <span className="block font-medium">{card.label}</span>
          <span className="block text-label text-muted">{card.detail}</span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
