// A chart with its title, and the same data as a table and as CSV.
import { type ReactNode, Suspense, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { FaultBoundary } from '../ui/fault-boundary.tsx';
import { saveFile, toCsv } from '../ui/save-file.ts';

export interface ChartTable {
  readonly header: readonly string[];
  /** Oldest first. */
  readonly rows: readonly (readonly string[])[];
  /** Unformatted values of the same rows. */
  readonly csv: readonly (readonly (string | number | null)[])[];
}

export interface ChartCardProps {
  readonly title: string;
  readonly note: ReactNode;
  readonly actions?: ReactNode;
  /** Null while there is nothing to draw; `empty` is shown instead. */
  readonly table: ChartTable | null;
  readonly empty: ReactNode;
  readonly fileName: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function ChartCard(props: ChartCardProps) {
  const [asTable, setAsTable] = useState(false);
  const { table } = props;
  const actions = (
    <>
      {props.actions}
      <Button
        tone="quiet"
        size="small"
        aria-pressed={asTable}
        disabled={!table}
        onClick={() => setAsTable(!asTable)}
      >
        {asTable ? 'Chart' : 'Table'}
      </Button>
      <Button
        tone="quiet"
        size="small"
        disabled={!table}
        onClick={() => table && saveFile(`${props.fileName}.csv`, 'text/csv', toCsv(table.header, table.csv))}
      >
        CSV
      </Button>
    </>
  );
  return (
    <Card title={props.title} note={props.note} actions={actions} className={props.className ?? ''}>
      <div className="relative mt-2 min-h-0 flex-1">
        {table === null ? (
          <div className="grid h-full place-items-center text-muted">{props.empty}</div>
        ) : asTable ? (
          <ValueTable title={props.title} table={table} />
        ) : (
          <FaultBoundary name="The chart">
            <Suspense fallback={null}>{props.children}</Suspense>
          </FaultBoundary>
        )}
      </div>
    </Card>
  );
}

function ValueTable(props: { readonly title: string; readonly table: ChartTable }) {
  return (
    <div className="absolute inset-0 overflow-y-auto">
      <table className="data-table" aria-label={props.title}>
        <thead className="sticky top-0 bg-surface">
          <tr>
            {props.table.header.map((name, index) => (
              <th key={name} className={index === 0 ? 'left' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.table.rows.toReversed().map((row) => (
            <tr key={row[0]}>
              {row.map((cell, index) => (
                <td key={props.table.header[index]} className={index === 0 ? 'left text-muted' : ''}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
