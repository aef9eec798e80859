// One limit: its amount with its unit and range, or whether something is allowed.
import {
  limitCatalogue,
  type LimitName,
  limitRange,
  type LimitUnit,
} from '../../electron/contract/limit-catalogue.ts';
import { Choice } from '../ui/choice.tsx';
import { Field } from '../ui/field.tsx';

export interface LimitFieldProps {
  readonly name: LimitName;
  readonly text: string;
  readonly refusal: string | undefined;
  readonly onText: (text: string) => void;
}

const unitWords: Readonly<Record<LimitUnit, string | undefined>> = {
  usd: undefined,
  shares: 'shares',
  percent: '%',
  seconds: 's',
  count: undefined,
  switch: undefined,
};

const switchOptions = [
  { value: '1', label: 'Yes' },
  { value: '0', label: 'No' },
] as const;

export function LimitField({ name, text, refusal, onText }: LimitFieldProps) {
  const { unit, summary } = limitCatalogue[name];
  if (unit === 'switch') {
    return (
      <div className="grid content-start gap-1">
        <span className="text-label text-dim">{summary}</span>
        <div className="flex h-8 items-center">
          <Choice
            label={summary}
            value={text === '0' ? '0' : '1'}
            options={switchOptions}
            onChoose={onText}
          />
        </div>
      </div>
    );
  }
  return (
    <Field
      label={summary}
      inputMode="decimal"
      value={text}
      onValue={onText}
      hint={limitRange(name)}
      error={refusal}
      {...(unit === 'usd' ? { prefix: '$' } : {})}
      {...(unitWords[unit] === undefined ? {} : { unit: unitWords[unit] })}
    />
  );
}
