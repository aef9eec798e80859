import type { Mode } from '../../electron/contract/names.ts';
import { classNames } from './class-names.ts';

const looks: Record<Mode, string> = {
  demo: 'bg-mode-demo outline-1 outline-offset-2 outline-dotted outline-muted',
  paper: 'bg-mode-paper',
  live: 'bg-mode-live',
};

/** DEMO, PAPER or LIVE, printed wherever an account is acted on. */
export function ModeChip(props: { readonly mode: Mode; readonly className?: string }) {
  return (
    <span
      className={classNames(
        'inline-block rounded-control px-2 text-label leading-[18px] font-semibold tracking-[0.08em] text-white',
        looks[props.mode],
        props.className,
      )}
    >
      {props.mode.toUpperCase()}
    </span>
  );
}
