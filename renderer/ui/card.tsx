import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

export interface CardProps {
  readonly title: string;
  /** Metric, unit, window and n. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A bordered region named by its title. */
export function Card(props: CardProps) {
  const titleId = useId();
  return (
    <section
      aria-labelledby={titleId}
      className={classNames(
        'flex min-w-0 flex-col rounded-card border border-line bg-surface px-3.5 py-3',
        props.className,
      )}
    >
      <header className="flex min-h-6 items-center gap-x-2 max-[1240px]:flex-wrap">
        <h2 id={titleId} className="font-medium whitespace-nowrap">
          {props.title}
        </h2>
        <span className="min-w-0 truncate text-label text-dim">{props.note}</span>
        <div className="ml-auto flex shrink-0 items-center gap-1">{props.actions}</div>
      </header>
      {props.children}
    </section>
  );
}
