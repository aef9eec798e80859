import { type ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';

interface TileProps {
  readonly label: string;
  readonly value: ReactNode;
  readonly unit?: ReactNode;
  /** Not fed by the host, so it cannot become stale. */
  readonly fixed?: boolean;
  readonly children?: ReactNode;
}

/** One number with its unit, and what explains it. */
export function Tile(props: TileProps) {
  return (
    <section
      aria-label={props.label}
      className="min-w-0 rounded-card border border-line bg-surface px-3.5 py-3"
    >
      <h2 className="text-label text-dim">{props.label}</h2>
      <p className="mt-0.5 truncate">
        <span
          className={classNames(
            'text-tile font-semibold tracking-[-0.015em]',
            props.fixed !== true && 'live-value',
          )}
        >
          {props.value}
        </span>
        {props.unit === undefined ? null : <span className="ml-1.5 text-dim">{props.unit}</span>}
      </p>
      <div className="mt-1 text-cell text-muted">{props.children}</div>
    </section>
  );
}
