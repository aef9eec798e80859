// Keeps the reports of backtests in the data directory, the newest 200, each with a small summary beside it.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BacktestReport, BacktestSummary, summariseBacktest } from '../../contract/backtest-report.ts';
import { DeskError } from '../../contract/errors.ts';

const most = 200;
const summaryEnd = '.summary.json';

export interface BacktestStore {
  keep(report: BacktestReport): Promise<void>;
  /** Rejects with BACKTEST_NOT_FOUND. */
  read(id: string): Promise<BacktestReport>;
  /** The newest first. */
  list(): Promise<BacktestSummary[]>;
}

/** Opens the folder; it is made with the first report. */
export function createBacktestStore(folder: string): BacktestStore {
  async function list(): Promise<BacktestSummary[]> {
    const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(summaryEnd));
    const texts = await Promise.all(
      files.map((file) => readFile(join(folder, file), 'utf8').catch(() => '')),
    );
    // One that is being replaced, or that another version wrote, is left out.
    const summaries = texts.flatMap((text) => parseSummary(text) ?? []);
    return summaries.sort((one, other) => other.at - one.at || one.id.localeCompare(other.id));
  }

  /** Written aside first: a reader never sees a half. */
  async function write(name: string, value: object): Promise<void> {
    const file = join(folder, name);
    await writeFile(`${file}.part`, JSON.stringify(value));
    await rename(`${file}.part`, file);
  }

  async function forgetOldest(): Promise<void> {
    const old = (await list()).slice(most).map(({ id }) => id);
    const files = old.flatMap((id) => [`${id}.json`, `${id}${summaryEnd}`]);
    await Promise.all(files.map((file) => rm(join(folder, file), { force: true })));
  }

  return {
    list,
    async keep(report) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await write(`${report.id}.json`, report);
      await write(`${report.id}${summaryEnd}`, summariseBacktest(report));
      await forgetOldest();
    },
    async read(id) {
      const text = await readFile(join(folder, `${id}.json`), 'utf8').catch(() => null);
      if (text === null)
        throw new DeskError(
          'BACKTEST_NOT_FOUND',
          `There is no backtest "${id}". See backtests for the ids.`,
          { id },
        );
      return BacktestReport.parse(JSON.parse(text));
    },
  };
}

function parseSummary(text: string): BacktestSummary | null {
  try {
    return BacktestSummary.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
