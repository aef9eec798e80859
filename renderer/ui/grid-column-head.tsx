import { classNames } from './class-names.ts';
import type { GridColumn } from './grid-column.ts';

type Look = Omit<GridColumn<never>, 'sortBy'>;

/** Gives a column its width. */
export function ColumnWidth({ column, compact }: { readonly column: Look; readonly compact: boolean }) {
  if (compact && column.wideOnly === true) return null;
  const flexible = column.width === undefined || (compact && column.fillsCompact === true);
  return <col style={{ width: flexible ? 'auto' : column.width }} />;
}

interface ColumnHeadProps {
  readonly column: Look;
  readonly sorted: false | 'asc' | 'desc';
  readonly onSort: (() => void) | null;
}

/** Names a column and sorts by it. */
export function ColumnHead({ column, sorted, onSort }: ColumnHeadProps) {
  const direction = sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none';
  return (
    <th
      className={classNames(column.align === 'left' && 'left', column.wideOnly && 'wide-only')}
      aria-sort={onSort ? direction : undefined}
      title={column.title}
    >
      {onSort ? (
        <button
          type="button"
          onClick={onSort}
          className={classNames('h-6 tracking-[0.02em] uppercase hover:text-text', sorted && 'text-text')}
        >
          {column.name}
          {sorted ? <span aria-hidden="true">{sorted === 'asc' ? ' ↑' : ' ↓'}</span> : null}
        </button>
      ) : (
        column.name
      )}
    </th>
  );
}
