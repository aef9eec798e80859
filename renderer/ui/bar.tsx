import { classNames } from './class-names.ts';

export interface BarPart {
  /** 0..1 of the whole; what would overflow is cut. */
  readonly share: number;
  readonly className: string;
}

/** Parts of a whole, one after the other. The words beside it carry the numbers. */
export function Bar(props: { readonly parts: readonly BarPart[]; readonly className?: string }) {
  return (
    <div
      aria-hidden="true"
      className={classNames('flex h-1 overflow-hidden rounded-[2px] bg-raised', props.className)}
    >
      {props.parts.map((part) => (
        <div
          key={part.className}
          className={classNames('h-full shrink-0', part.className)}
          style={{ width: `${Math.min(1, Math.max(0, part.share)) * 100}%` }}
        />
      ))}
    </div>
  );
}
