// Words for any answer, from its fields alone: an operation needs no words of its own to be usable from a terminal.
import { z } from 'zod';
import { table, type View } from './view.ts';

const Rows = z.array(z.record(z.string(), z.unknown())).min(1);
const Fields = z.record(z.string(), z.unknown());

/** Prints plain fields a line each, and lists of records as tables under their names. */
export function printPlain(value: unknown, view: View): string {
  const fields = Fields.safeParse(value);
  if (!fields.success) return plain(value);
  const blocks = Object.entries(fields.data).map(([name, field]) => {
    const rows = Rows.safeParse(field);
    return rows.success
      ? `\n${view.colors.dim(name)}\n${printRows(rows.data, view)}`
      : `${name}  ${plain(field)}`;
  });
  return blocks.length === 0 ? 'Done.' : blocks.join('\n');
}

function printRows(rows: readonly Record<string, unknown>[], view: View): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names.map((name) => ({
    title: name,
    cell: (row: Record<string, unknown>) => plain(row[name]),
  }));
  return table(rows, columns, view, '');
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
