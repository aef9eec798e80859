// Finds the bars that a backtest asks for: datasets of the desk, files, folders, or the sample.
import { readdir, stat } from 'node:fs/promises';
import { extname, isAbsolute, join } from 'node:path';
import { DeskError } from '../../contract/errors.ts';
import { Symbol } from '../../contract/names.ts';
import { sampleSymbol } from './built-in-sample.ts';
import type { DatasetLookup } from './dataset-lookup.ts';
import { symbolOf } from './name-dataset.ts';

const mostSymbols = 16;
const extensions = ['.csv', '.parquet'];

/** The bars of one symbol: `dataset` is a name, `file` the absolute path of a CSV or Parquet file. */
export interface Source {
  readonly symbol: string;
  readonly kind: 'dataset' | 'file';
  readonly place: string;
}

export interface Wanted {
  readonly data?: string | undefined;
  readonly symbols?: readonly string[] | undefined;
}

interface Candidate extends Omit<Source, 'symbol'> {
  /** Null for a plain file: it can be given any. */
  readonly symbol: string | null;
}

/**
 * Resolves with one source a symbol, in the order of `symbols`, otherwise in the order of the data.
 * Rejects with DATASET_NOT_FOUND, DATASET_INVALID, FILE_NOT_FOUND or INVALID_INPUT.
 */
export async function findSources({ data, symbols }: Wanted, lookup: DatasetLookup): Promise<Source[]> {
  if (data === undefined) return (symbols ?? [sampleSymbol]).map((symbol) => findSymbol(symbol, lookup));
  const found = await Promise.all(data.split(',').map((entry) => expand(entry.trim(), lookup)));
  return choose(name(found.flat(), symbols), symbols, data);
}

/** The one dataset that holds the symbol. */
function findSymbol(symbol: string, lookup: DatasetLookup): Source {
  const holders = lookup.namesOf(symbol);
  const [place, ...more] = holders;
  if (place === undefined)
    throw new DeskError(
      'DATASET_NOT_FOUND',
      `There is no data for ${symbol}. Name a CSV or Parquet file as data, or bring it in with data-import or data-fetch.`,
      { symbol },
    );
  if (more.length > 0)
    throw invalid(`${symbol} is in several datasets: ${holders.join(', ')}; name one of them as data`);
  return { symbol, kind: 'dataset', place };
}

/** One entry: a name, a path, a folder, or SYMBOL= before one. */
async function expand(entry: string, lookup: DatasetLookup): Promise<Candidate[]> {
  const [, given, place = ''] = /^(?:([^=/\\]*)=)?(.*)$/s.exec(entry) ?? [];
  if (place === '')
    throw invalid(`data: "${entry}" names nothing; write a file, a dataset or SYMBOL=file.csv`);
  const symbol = given === undefined ? null : toSymbol(given);
  if (!isAbsolute(place))
    return [{ symbol: symbol ?? (await lookup.describe(place)).symbol, kind: 'dataset', place }];
  const found = await stat(place).catch(() => null);
  if (!found)
    throw new DeskError(
      'FILE_NOT_FOUND',
      `There is no file or folder "${place}". Give a CSV or Parquet file, a folder of SYMBOL.csv files, A=file.csv,B=file2.csv, or the name of a dataset.`,
      { file: place },
    );
  if (found.isFile()) return [{ symbol, kind: 'file', place }];
  if (!found.isDirectory())
    throw invalid(`data: "${place}" is no regular file; give a CSV or Parquet file or a folder of them`);
  if (symbol !== null) throw invalid(`data: "${place}" is a folder; name the file of ${symbol} in it`);
  return listFolder(place);
}

async function listFolder(folder: string): Promise<Candidate[]> {
  const names = (await readdir(folder)).filter((file) => extensions.includes(extname(file).toLowerCase()));
  if (names.length === 0)
    throw new DeskError(
      'FILE_NOT_FOUND',
      `The folder ${folder} has no CSV or Parquet file. Name one that has, or a file.`,
      {
        file: folder,
      },
    );
  return names.sort().map((file) => ({ symbol: symbolOf(file), kind: 'file', place: join(folder, file) }));
}

/** Plain files take the symbols in their order, otherwise the names of the files. */
function name(candidates: readonly Candidate[], symbols: Wanted['symbols']): Source[] {
  const arePlain = candidates.every(({ symbol }) => symbol === null);
  if (arePlain && symbols && symbols.length !== candidates.length)
    throw invalid(
      `data: ${candidates.length} ${candidates.length === 1 ? 'file' : 'files'} for ${symbols.length} symbols; give one a symbol, or SYMBOL=file.csv`,
    );
  return candidates.map(({ symbol, kind, place }, index) => ({
    symbol: symbol ?? (arePlain ? symbols?.[index] : null) ?? symbolOf(place),
    kind,
    place,
  }));
}

function choose(sources: readonly Source[], symbols: Wanted['symbols'], data: string): Source[] {
  if (symbols === undefined) {
    if (sources.length <= mostSymbols) return [...sources];
    throw invalid(`data: ${data} has ${sources.length} symbols; choose up to ${mostSymbols} with symbols`);
  }
  return symbols.map((symbol) => {
    const found = sources.find((source) => source.symbol === symbol);
    if (found) return found;
    const names = sources.map((source) => source.symbol).slice(0, 20);
    throw new DeskError('DATASET_NOT_FOUND', `${data} has no ${symbol}; it has ${names.join(', ')}.`, {
      symbol,
    });
  });
}

function toSymbol(text: string): string {
  const symbol = Symbol.safeParse(text.trim().toUpperCase());
  if (symbol.success) return symbol.data;
  throw invalid(`data: "${text}" is no symbol; write SYMBOL=file.csv`);
}

function invalid(message: string): DeskError {
  return new DeskError('INVALID_INPUT', message, { field: 'data' });
}
