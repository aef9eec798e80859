import { classNames } from './class-names.ts';

/** Names keys for the eye; assistive technology gets them from `aria-keyshortcuts`. */
export function KeyHint(props: { readonly keys: string; readonly className?: string }) {
  return (
    <kbd
      aria-hidden="true"
      className={classNames(
        'font-mono text-label font-normal tracking-normal',
        props.className ?? 'text-dim',
      )}
    >
      {props.keys}
    </kbd>
  );
}
