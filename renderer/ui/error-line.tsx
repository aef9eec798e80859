import type { DeskError } from '../../electron/contract/errors.ts';
import { classNames } from './class-names.ts';
import { Glyph } from './glyph.tsx';

/** One failure in one clear line; the code is for the log and for support. */
export function ErrorLine(props: { readonly error: DeskError | null; readonly className?: string }) {
  if (!props.error) return null;
  return (
    <p
      role="alert"
      className={classNames('flex items-start gap-2 text-cell text-critical', props.className)}
      title={props.error.code}
    >
      <Glyph shape="square" className="mt-[3px]" />
      <span className="min-w-0 break-words">{props.error.message}</span>
    </p>
  );
}
