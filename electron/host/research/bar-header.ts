// What the native bar files say about themselves, in the contract's words.
import { z } from 'zod';
import { DataReport, type Dataset } from '../../contract/datasets.ts';
import { DeskError } from '../../contract/errors.ts';
import { Symbol } from '../../contract/names.ts';
import { Calibration } from '../../contract/simulate.ts';

const Header = z.object({
  bars: z.int(),
  firstMs: z.int(),
  lastMs: z.int(),
  intervalMs: z.int(),
  barsSha256: z.string(),
  symbol: Symbol,
  timeZone: z.string().nullable(),
  origin: z.enum(['file', 'broker', 'demo', 'simulator']),
  report: DataReport,
});
export type Header = z.infer<typeof Header>;

const Simulated = z.object({ headers: z.array(Header), calibration: Calibration });

const Outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('written'), header: Header }),
  z.object({ kind: z.literal('refused'), report: DataReport, bars: z.int() }),
]);

/** Reads a header as the addon writes it. */
export function parseHeader(json: string): Header {
  return Header.parse(JSON.parse(json));
}

/** Names a bar file's content. */
export function toDataset(name: string, header: Header): Dataset {
  const { symbol, origin, intervalMs, bars, firstMs, lastMs, timeZone, barsSha256, report } = header;
  return {
    name,
    symbol,
    origin,
    simulated: origin === 'demo' || origin === 'simulator',
    intervalMs,
    bars,
    firstAt: firstMs,
    lastAt: lastMs,
    timeZone,
    barsSha256,
    report,
  };
}

/** Reads what a simulation made. */
export function parseSimulated(json: string): z.infer<typeof Simulated> {
  return Simulated.parse(JSON.parse(json));
}

/** Reads the outcome of an import. Throws DATASET_INVALID naming line, column, value, rule and remedy. */
export function parseOutcome(json: string, source: string, remedy: Remedy = importRemedy): Header {
  const outcome = Outcome.parse(JSON.parse(json));
  if (outcome.kind === 'written') return outcome.header;
  throw new DeskError('DATASET_INVALID', refusal(source, outcome.report, outcome.bars, remedy), {
    file: source,
    report: outcome.report,
  });
}

/** What to do about rows with problems of these kinds. */
export type Remedy = (kinds: readonly string[]) => string;

const importRemedy: Remedy = (kinds) => {
  const remedy = kinds.includes('missing-time-zone')
    ? 'Give the time zone, for example America/New_York'
    : `Correct the file, or leave these rows out by allowing ${kinds.join(',')}`;
  return `${remedy}. Nothing was imported.`;
};

function refusal(source: string, report: DataReport, bars: number, remedy: Remedy): string {
  const refused = report.problems.filter((problem) => problem.refused);
  if (refused.length === 0)
    return `${source}: ${bars === 1 ? 'one bar is' : 'there are no bars'}${bars === 1 ? ' all there is' : ''}; at least two are needed.`;
  const places = refused.map(({ kind, count, examples: [first] }) => {
    const where = first
      ? `line ${first.line}: ${first.column} is "${first.value}"; ${first.rule}`
      : 'somewhere in the file';
    return `${where} (${kind}, ${count === 1 ? '1 row' : `${count} rows`})`;
  });
  return `${source}: ${places.join('; ')}. ${remedy(refused.map((problem) => problem.kind))}`;
}
