// Measures operations into the native histograms and applies the display rules: no P95 under 20 samples, no P99 under 100.
import type { LatencySummary, SlaRow } from '../../contract/frames.ts';
import { type SlaOperation, slaTargetsMs } from '../../contract/names.ts';
import type { Native } from '../../native/load.ts';
import type { Clock } from '../clock.ts';
import { timed } from '../timed.ts';

const p95Needs = 20;
const p99Needs = 100;

export interface LatencyPoint {
  readonly at: number;
  readonly n: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export interface Latency {
  record(operation: string, durationMs: number, failed: boolean): void;
  /** Times a promise; a failure counts as a sample and as failed. */
  measure<T>(operation: string, run: () => Promise<T>): Promise<T>;
  summary(operation: string, windowS: number): LatencySummary;
  board(windowS: number): SlaRow[];
  series(operation: SlaOperation, windowS: number, buckets: number): LatencyPoint[];
  forget(operation: string): void;
}

/** Creates the recorder over the native histograms. */
export function createLatency(native: Native, clock: Clock): Latency {
  const recorder = new native.LatencyRecorder();

  function summary(operation: string, windowS: number): LatencySummary {
    const row = recorder.summary(operation, windowS, clock.now());
    return {
      n: row.n,
      failed: row.failed,
      p50Ms: row.p50Ms ?? null,
      p95Ms: row.n >= p95Needs ? (row.p95Ms ?? null) : null,
      p99Ms: row.n >= p99Needs ? (row.p99Ms ?? null) : null,
      maxMs: row.maxMs ?? null,
    };
  }

  function slaRow(operation: SlaOperation, targetMs: number, windowS: number): SlaRow {
    const row = summary(operation, windowS);
    const within = row.n === 0 ? null : recorder.within(operation, windowS, targetMs, clock.now()) / row.n;
    return { operation, targetMs, windowS, withinTarget: within, ...row };
  }

  return {
    record: (operation, durationMs, failed) =>
      recorder.record(operation, Math.max(0, durationMs), clock.now(), failed),
    measure: (operation, run) =>
      timed(clock.monotonicMs, run, (durationMs, failed) =>
        recorder.record(operation, durationMs, clock.now(), failed),
      ),
    summary,
    board: (windowS) => [
      slaRow('create', slaTargetsMs.create, windowS),
      slaRow('exec', slaTargetsMs.exec, windowS),
      slaRow('status', slaTargetsMs.status, windowS),
      slaRow('deploy', slaTargetsMs.deploy, windowS),
    ],
    series(operation, windowS, buckets) {
      const columns = recorder.series(operation, windowS, buckets, clock.now());
      return Array.from(columns.startMs, (at, index) => ({
        at,
        n: columns.n[index] ?? 0,
        p50Ms: present(columns.p50Ms[index]),
        p95Ms: present(columns.p95Ms[index]),
        p99Ms: present(columns.p99Ms[index]),
      }));
    },
    forget: (operation) => recorder.forget(operation),
  };
}

function present(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
