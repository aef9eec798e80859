// Keeps a stream of the SDK alive where the SDK gives up or does not notice: it ends for good when a key is refused, waits
// without end for the answer to one, and takes a socket that answers pings for a healthy one.
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';

const checkMs = 1_000;
const authenticationMs = 15_000;
const firstRetryMs = 1_000;
const lastRetryMs = 60_000;

/** The part of a stream that is looked at. States are the SDK's own words. */
export interface SupervisedStream {
  getState(): string;
  connect(): void;
  disconnect(): void;
}

export interface StreamSurroundings {
  readonly clock: Clock;
  readonly log: Log;
}

export interface StreamSupervisor {
  /** Drops the connection and makes another. */
  restart(reason: string): void;
  /** Ends the stream for good. */
  close(): void;
}

export interface SupervisorParts extends StreamSurroundings {
  readonly name: string;
  readonly stream: SupervisedStream;
  /** Called every second with how long the connection has been authenticated; says why it is of no use, or null. */
  readonly faultOf: (authenticatedMs: number) => string | null;
}

/** Looks at the stream every second until it is closed. */
export function superviseStream({ name, stream, clock, log, faultOf }: SupervisorParts): StreamSupervisor {
  let known = { state: stream.getState(), since: clock.monotonicMs() };
  let retryMs = firstRetryMs;

  function restart(reason: string): void {
    log.warn({ stream: name, reason }, 'stream started again');
    stream.disconnect();
    stream.connect();
    known = { state: stream.getState(), since: clock.monotonicMs() };
  }

  function check(): void {
    const state = stream.getState();
    const now = clock.monotonicMs();
    if (state !== known.state) known = { state, since: now };
    const forMs = now - known.since;
    switch (state) {
      case 'authenticated': {
        retryMs = firstRetryMs;
        const fault = faultOf(forMs);
        return fault === null ? undefined : restart(fault);
      }
      case 'disconnected':
        if (forMs < retryMs) return;
        retryMs = Math.min(retryMs * 2, lastRetryMs);
        return restart('it had ended');
      case 'waiting to reconnect':
        // The SDK's own pause.
        return;
      default:
        if (forMs >= authenticationMs) restart('the key was not answered');
    }
  }

  const timer = setInterval(check, checkMs);
  return {
    restart,
    close() {
      clearInterval(timer);
      stream.disconnect();
    },
  };
}
