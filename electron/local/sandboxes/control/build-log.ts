// What a template's build says while it runs, for clients that ask again and again.
import type { Clock } from '../clock.ts';

const keptLines = 2_000;
const longestLine = 4_096;
const mostPerAnswer = 100;

export interface BuildLogEntry {
  readonly timestamp: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly step?: string;
}

export interface BuildLog {
  write(level: BuildLogEntry['level'], message: string, step?: string): void;
  /** At most a hundred entries, from this one on. */
  from(offset: number): BuildLogEntry[];
}

/** Keeps the first 2,000 lines; the last one then says so. */
export function createBuildLog(clock: Clock): BuildLog {
  const entries: BuildLogEntry[] = [];
  return {
    write(level, message, step) {
      if (entries.length >= keptLines) return;
      const timestamp = new Date(clock.now()).toISOString();
      const text =
        entries.length === keptLines - 1 ? 'more output is not kept' : message.slice(0, longestLine);
      entries.push({ timestamp, level, message: text, ...(step === undefined ? {} : { step }) });
    },
    from: (offset) => entries.slice(offset, offset + mostPerAnswer),
  };
}
