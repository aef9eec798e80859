import { classNames } from '../ui/class-names.ts';
import { columnLooks } from './fleet-columns.ts';

/** Gives a column its width. The symbols take the room that the last decision leaves when it is not shown. */
export function ColumnWidth({ id, compact }: { readonly id: string; readonly compact: boolean }) {
  const look = columnLooks[id];
  if (compact && look?.wideOnly === true) return null;
  const flexible = look?.width === undefined || (compact && id === 'symbols');
  return <col style={{ width: flexible ? 'auto' : look.width }} />;
}

interface ColumnHeadProps {
  readonly id: string;
  readonly name: string;
  readonly sorted: false | 'asc' | 'desc';
  readonly onSort: (() => void) | null;
}

/** Names a column and sorts by it. */
export function ColumnHead({ id, name, sorted, onSort }: ColumnHeadProps) {
  const look = columnLooks[id];
  const direction = sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none';
  return (
    <th
      className={classNames(look?.align === 'left' && 'left', look?.wideOnly && 'wide-only')}
      aria-sort={onSort ? direction : undefined}
      title={look?.title}
    >
      {onSort ? (
        <button
          type="button"
          onClick={onSort}
          className={classNames('h-6 tracking-[0.02em] uppercase hover:text-text', sorted && 'text-text')}
        >
          {name}
          {sorted ? <span aria-hidden="true">{sorted === 'asc' ? ' ↑' : ' ↓'}</span> : null}
        </button>
      ) : (
        name
      )}
    </th>
  );
}
