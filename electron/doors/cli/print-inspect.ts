// Words for what a look into a sandbox and at the warm pool answers.
import type { OutputOf } from '../../contract/define-operation.ts';
import type {
  execInSandbox,
  listFiles,
  readFile,
  sandboxLogs,
  sandboxMetrics,
  writeFile,
} from '../../contract/inspect.ts';
import type { poolStatus } from '../../contract/pool.ts';
import { count, usd } from './format.ts';
import { table, type View } from './view.ts';

export function printExec({ exitCode, stdout, stderr, truncated }: OutputOf<typeof execInSandbox>): string {
  const end = truncated ? 'Ended: it wrote more than is kept.' : `Exit code ${exitCode}.`;
  return [stdout.trimEnd(), stderr.trimEnd(), end].filter((part) => part !== '').join('\n');
}

export function printFiles({ path, entries, truncated }: OutputOf<typeof listFiles>, view: View): string {
  const listing = table(
    entries,
    [
      { title: 'name', cell: (entry) => entry.name },
      { title: 'kind', cell: (entry) => entry.kind },
      { title: 'bytes', cell: (entry) => String(entry.sizeBytes), align: 'right' },
      { title: 'modified', cell: (entry) => instant(entry.modifiedAt) },
    ],
    view,
    'Empty.',
  );
  return `${path}${truncated ? ', the first thousand entries' : ''}\n\n${listing}`;
}

export function printFile({ encoding, content, sizeBytes }: OutputOf<typeof readFile>): string {
  return encoding === 'utf8' ? content : `${count(sizeBytes, 'byte')}, not text; base64:\n${content}`;
}

export function printWritten({ path, sizeBytes }: OutputOf<typeof writeFile>): string {
  return `Wrote ${count(sizeBytes, 'byte')} to ${path}.`;
}

export function printLogs({ lines, dropped }: OutputOf<typeof sandboxLogs>): string {
  if (lines.length === 0) return 'The runner has written nothing.';
  const kept = lines.map(({ at, text }) => `${instant(at)}  ${text}`).join('\n');
  return dropped > 0 ? `${count(dropped, 'older message')} no longer kept.\n${kept}` : kept;
}

export function printMetrics({ samples }: OutputOf<typeof sandboxMetrics>, view: View): string {
  const mb = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MB`;
  return table(
    samples,
    [
      { title: 'at', cell: (sample) => instant(sample.at) },
      {
        title: 'cpu',
        cell: (sample) => `${sample.cpuUsedPct.toFixed(1)} % of ${sample.cpuCount}`,
        align: 'right',
      },
      {
        title: 'memory',
        cell: (sample) => `${mb(sample.memoryUsedBytes)} of ${mb(sample.memoryTotalBytes)}`,
      },
      { title: 'disk', cell: (sample) => `${mb(sample.diskUsedBytes)} of ${mb(sample.diskTotalBytes)}` },
    ],
    view,
    'The provider has not measured this sandbox.',
  );
}

export function printPool(pool: OutputOf<typeof poolStatus>): string {
  const price = `${usd(pool.runningPerHourMicros)} an hour${pool.simulatedPrice ? ' simulated' : ''} (${pool.rateCard})`;
  const resume = pool.resumeP50Ms === null ? 'not measured' : `${Math.round(pool.resumeP50Ms)} ms at P50`;
  return [
    `Warm pool  ${pool.size} wanted, ${pool.paused} paused, ${pool.preparing} in preparation`,
    `Running    ${pool.running}, ${price}; paused ones cost nothing`,
    `Resume     ${resume}`,
    ...(pool.available ? [] : [`Not available: ${pool.reason}`]),
  ].join('\n');
}

function instant(at: number | null): string {
  return at === null ? 'unknown' : new Date(at).toISOString();
}
