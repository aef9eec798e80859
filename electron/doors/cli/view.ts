// How answers look: colours where the terminal wants them, the mode on every answer, tables without lines.
import Table from 'cli-table3';
import pc from 'picocolors';
import type { Mode } from '../../contract/names.ts';
import type { CliIo } from './cli-io.ts';

type Colors = ReturnType<typeof pc.createColors>;

export interface View {
  readonly colors: Colors;
  readonly now: number;
  readonly mode: Mode;
  /** Nobody sends a bill for the sandboxes. */
  readonly spendSimulated: boolean;
}

const modeWords = {
  demo: 'simulated market, no real money',
  paper: 'real market, no real money',
  live: 'REAL MONEY',
} as const satisfies Record<Mode, string>;

/** Colours on a terminal only, and never with NO_COLOR set or on a dumb terminal. */
export function createColors({ stdout, env }: Pick<CliIo, 'stdout' | 'env'>): Colors {
  return pc.createColors(stdout.isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb');
}

/** The first line of every answer. */
export function modeLine({ colors, mode }: Pick<View, 'colors' | 'mode'>): string {
  const paint = mode === 'live' ? colors.red : mode === 'paper' ? colors.yellow : colors.cyan;
  return `${colors.bold(paint(mode.toUpperCase()))}  ${colors.dim(modeWords[mode])}`;
}

/** Marks an amount or a price that nobody pays. */
export function simulated(text: string, isSimulated: boolean): string {
  return isSimulated ? `${text} simulated` : text;
}

interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly align?: 'left' | 'right';
}

/** Aligned columns under dim titles; `empty` instead of a table without rows. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { colors }: Pick<View, 'colors'>,
  empty: string,
): string {
  if (rows.length === 0) return empty;
  const lines = new Table({
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2, compact: true },
    head: columns.map((column) => colors.dim(column.title.toUpperCase())),
    colAligns: columns.map((column) => column.align ?? 'left'),
  });
  for (const row of rows) lines.push(columns.map((column) => column.cell(row)));
  return trimLines(lines.toString());
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
} as const;
