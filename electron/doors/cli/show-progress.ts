// One line on stderr that says how far long work is, on a terminal only. Stdout stays the answer's.
import type { WorkGauge } from '../../contract/frames.ts';
import type { DeskClient } from '../control-client.ts';
import type { TextSink } from './cli-io.ts';

const redrawMs = 100;
const clearLine = '\r\u001B[K';

export interface ProgressLine {
  draw(work: readonly WorkGauge[]): void;
  /** Takes the line away. */
  clear(): void;
}

/** Creates the line. */
export function createProgressLine(stderr: TextSink): ProgressLine {
  let shown = '';
  return {
    draw(work) {
      const latest = work.at(-1);
      const text = latest ? describeWork(latest).slice(0, stderr.columns - 1) : '';
      if (text === shown) return;
      stderr.write(`${clearLine}${text}`);
      shown = text;
    },
    clear() {
      if (shown !== '') stderr.write(clearLine);
      shown = '';
    },
  };
}

/** "Backtest of momentum on SPX: 43 %", or that it waits. */
export function describeWork({ label, done, total }: WorkGauge): string {
  if (total === 0) return `${label}: starting`;
  // Checks follow the last bar.
  return done >= total ? `${label}: checking` : `${label}: ${Math.floor((done / total) * 100)} %`;
}

/** Draws what the host says of its work. Resolves with what ends that. */
async function followHostWork(client: DeskClient, line: ProgressLine): Promise<() => void> {
  const subscription = await client.subscribe((frame, { ack }) => {
    if (frame.gauges) line.draw(frame.gauges.work);
    ack();
  });
  return () => {
    subscription.close();
    line.clear();
  };
}

/** Runs `ask` and draws the host's work meanwhile. */
export async function drawingWork<T>(
  client: DeskClient,
  line: ProgressLine,
  ask: () => Promise<T>,
): Promise<T> {
  const stop = await followHostWork(client, line);
  try {
    return await ask();
  } finally {
    stop();
  }
}

/** Draws the work of this process; returns what ends that. */
export function followOwnWork(work: () => readonly WorkGauge[], line: ProgressLine): () => void {
  const timer = setInterval(() => line.draw(work()), redrawMs);
  return () => {
    clearInterval(timer);
    line.clear();
  };
}
