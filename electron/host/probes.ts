// What the host does by the clock: sample the gauges, and keep the status and exec measurements fed when nobody asks.
import type { Gauges } from '../contract/frames.ts';
import type { Log } from './log.ts';
import type { Swarm } from './swarm/swarm.ts';
import type { Latency } from './watch/latency.ts';

const gaugeMs = 250;
const statusMs = 1_000;
const execMs = 10_000;

export interface Probes {
  /** At most 250 ms old. */
  latest(): Gauges;
  close(): void;
}

export interface ProbeParts {
  readonly sample: () => Gauges;
  readonly publish: (gauges: Gauges) => void;
  /** Asks for the swarm's status as any caller would. */
  readonly askStatus: () => Promise<unknown>;
  readonly swarm: Swarm;
  readonly latency: Latency;
  readonly log: Log;
}

/** Starts the timers and takes the first sample at once. */
export function startProbes({ sample, publish, askStatus, swarm, latency, log }: ProbeParts): Probes {
  let latest = sample();

  async function probeExec(): Promise<void> {
    const sandbox = swarm.anyRunning();
    if (sandbox) await latency.measure('exec', () => sandbox.exec('true'));
  }

  function every(ms: number, run: () => Promise<unknown>): NodeJS.Timeout {
    return setInterval(
      () => void run().catch((error: unknown) => log.warn({ err: error }, 'probe failed')),
      ms,
    );
  }

  const timers = [
    setInterval(() => {
      latest = sample();
      publish(latest);
    }, gaugeMs),
    every(statusMs, askStatus),
    every(execMs, probeExec),
  ];
  return {
    latest: () => latest,
    close() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
