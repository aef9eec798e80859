// Writes a report to a file of the operator's choice.
import { rename, rm, writeFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { BacktestReport } from '../../contract/backtest-report.ts';
import type { exportBacktest } from '../../contract/backtest.ts';
import type { OutputOf } from '../../contract/define-operation.ts';
import { DeskError } from '../../contract/errors.ts';
import { htmlReport } from './html-report.ts';
import { tradesCsv } from './trades-csv.ts';

const formats = {
  json: (report: BacktestReport) => `${JSON.stringify(report, null, 2)}\n`,
  csv: tradesCsv,
  html: htmlReport,
} as const;

/** Writes the file whole or not at all. Rejects with INVALID_INPUT for a relative path, EXPORT_FAILED otherwise. */
export async function exportReport(
  report: BacktestReport,
  format: keyof typeof formats,
  file: string,
): Promise<OutputOf<typeof exportBacktest>> {
  if (!isAbsolute(file))
    throw new DeskError('INVALID_INPUT', `file: "${file}" is relative; give an absolute path`, {
      field: 'file',
    });
  const text = formats[format](report);
  const part = `${file}.part`;
  try {
    await writeFile(part, text);
    await rename(part, file);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeskError('EXPORT_FAILED', `${file} cannot be written: ${reason}`, { file }, { cause });
  }
  return { id: report.id, format, file, sizeBytes: Buffer.byteLength(text) };
}
