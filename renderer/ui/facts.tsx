import { Fragment, type ReactNode } from 'react';

/** Name on the left, value on the right, one a line. */
export function FactLines(props: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-cell">
      {props.facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt className="text-muted">{name}</dt>
          <dd className="text-right">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** Name above value, in columns of equal width. */
export function FactGrid(props: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-3 gap-x-3 gap-y-2.5">
      {props.facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-label text-dim">{name}</dt>
          <dd className="truncate font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
