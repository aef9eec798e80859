import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { KeyHint } from './key-hint.tsx';

export interface ButtonProps extends ComponentProps<'button'> {
  /** `danger` fills with the critical colour and is kept for what ends things. */
  readonly tone?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly size?: 'small' | 'normal' | 'large';
  /** Shown beside the label, for example "Ctrl Enter". */
  readonly keys?: string;
}

const tones = {
  plain: 'border-control text-text hover:bg-raised active:bg-line',
  primary: 'border-accent bg-accent text-on-accent hover:brightness-110 active:brightness-95',
  danger: 'border-critical bg-mode-live text-white hover:brightness-110 active:brightness-95',
  quiet: 'border-transparent text-muted hover:bg-raised hover:text-text',
} as const;

const sizes = {
  small: 'h-6 px-1.5 text-cell',
  normal: 'h-7 px-3 text-cell',
  large: 'h-9 px-4 text-base',
} as const;

/** A button named by a verb and its object. */
export function Button({ tone = 'plain', size = 'normal', keys, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classNames(
        'inline-flex shrink-0 items-center justify-center gap-2 rounded-control border font-medium whitespace-nowrap',
        'disabled:opacity-50 disabled:hover:bg-transparent disabled:hover:brightness-100',
        sizes[size],
        tones[tone],
        tone !== 'plain' && tone !== 'quiet' && 'disabled:hover:bg-accent',
        className,
      )}
      {...rest}
    >
      {children}
      {keys === undefined ? null : <KeyHint keys={keys} className="text-current opacity-70" />}
    </button>
  );
}
