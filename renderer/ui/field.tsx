import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';
import { Glyph } from './glyph.tsx';

/** Border and height shared by everything that is typed into. */
export const inputFrame =
  'flex h-8 items-center gap-1.5 rounded-control border bg-bg px-2.5 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent';

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** The rule or consequence, in a few words. */
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly prefix?: string;
  readonly unit?: string;
}

/** A labelled text input with its unit, its rule and its error. */
export function Field({ label, value, onValue, hint, error, prefix, unit, className, ...rest }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className={classNames('grid content-start gap-1', className)}>
      <label htmlFor={id} className="text-label text-dim">
        {label}
      </label>
      <div className={classNames(inputFrame, error === undefined ? 'border-control' : 'border-critical')}>
        {prefix === undefined ? null : <span className="text-dim">{prefix}</span>}
        <input
          id={id}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          aria-invalid={error !== undefined}
          aria-describedby={noteId}
          autoComplete="off"
          spellCheck={false}
          className="w-full min-w-0 bg-transparent outline-none"
          {...rest}
        />
        {unit === undefined ? null : <span className="text-dim">{unit}</span>}
      </div>
      <FieldNote id={noteId} hint={hint} error={error} />
    </div>
  );
}

/** The line under an input: its error when there is one, otherwise its hint. */
export function FieldNote(props: {
  readonly id: string;
  readonly hint?: ReactNode;
  readonly error: string | undefined;
}) {
  if (props.error === undefined) {
    return (
      <p id={props.id} className="min-h-4 text-label text-dim">
        {props.hint}
      </p>
    );
  }
  return (
    <p id={props.id} role="alert" className="flex min-h-4 items-start gap-1 text-label text-critical">
      <Glyph shape="square" className="mt-[3px]" />
      {props.error}
    </p>
  );
}
