// The chosen strategy's parameters as fields, made of the catalogue.
import type { StrategyParam } from '../../electron/contract/strategy-input.ts';
import { paramName } from '../param-name.ts';
import { Field } from '../ui/field.tsx';
import { Fold } from '../ui/fold.tsx';
import type { FieldErrors } from './deploy-draft.ts';

/** More than these and the sheet would be a wall of numbers. */
const shownParams = 6;

export interface ParamFieldsProps {
  readonly params: readonly StrategyParam[];
  readonly values: Readonly<Record<string, string>>;
  readonly errors: FieldErrors;
  readonly onChange: (values: Readonly<Record<string, string>>) => void;
}

export function ParamFields({ params, values, errors, onChange }: ParamFieldsProps) {
  const field = (param: StrategyParam) => (
    <Field
      key={param.name}
      label={paramName(param.name)}
      title={param.summary}
      inputMode="decimal"
      unit={param.unit}
      value={values[param.name] ?? ''}
      onValue={(value) => onChange({ ...values, [param.name]: value })}
      hint={`${param.min} to ${param.max}`}
      error={errors[`params.${param.name}`]}
    />
  );
  const folded = params.slice(shownParams);
  return (
    <>
      <div className="grid grid-cols-3 gap-x-3 gap-y-2">{params.slice(0, shownParams).map(field)}</div>
      {folded.length === 0 ? null : (
        <Fold
          label={`More parameters (${folded.length})`}
          // What must be corrected is never hidden.
          forced={folded.some((param) => errors[`params.${param.name}`] !== undefined)}
        >
          <div className="grid grid-cols-3 gap-x-3 gap-y-2">{folded.map(field)}</div>
        </Fold>
      )}
    </>
  );
}
