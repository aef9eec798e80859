import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';

export interface ChoiceOption<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
}

export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly ChoiceOption<T>[];
  readonly onChoose: (value: T) => void;
}

/** A row of chips of which exactly one is on. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => {
        const chosen = props.options.find((option) => option.value === value);
        if (chosen) props.onChoose(chosen.value);
      }}
      className="flex items-center gap-1"
    >
      {props.options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="inline-flex h-6 shrink-0 items-center gap-1.5 rounded-control border border-line px-2 text-cell whitespace-nowrap text-muted hover:text-text data-[state=on]:border-control data-[state=on]:bg-raised data-[state=on]:text-text"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
