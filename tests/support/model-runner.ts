// The runner of docs/link-protocol.md without strategies: each bar becomes one target. It keeps account of all it wrote.
import type { HostFrame, NumberedMessage } from '../../electron/host/sandboxes/link-messages.ts';

type Body = NumberedMessage extends infer M ? (M extends unknown ? Omit<M, 'n'> : never) : never;

export interface ModelRunner {
  /** Takes in what was written to its stdin. */
  take(text: string): void;
  heartbeat(): void;
  /** Writes one numbered message a reason. */
  emit(reasons: readonly string[]): void;
  /** Writes something that is not of the protocol. */
  babble(text: string): void;
  /** Counts from 1 again, as a program would that was started anew. */
  startOver(): void;
  /** Every numbered message written, in order. */
  readonly written: readonly NumberedMessage[];
  /** Frames as they came, repeated ones included. */
  readonly frames: readonly HostFrame[];
  unacknowledged(): number;
}

/** Creates a runner that writes to `say` and ends by `exit`. */
export function createModelRunner(say: (text: string) => void, exit: (code: number) => void): ModelRunner {
  const written: NumberedMessage[] = [];
  const frames: HostFrame[] = [];
  let kept: { n: number; line: string }[] = [];
  let lastN = 0;
  let lastBarAt = 0;
  let partial = '';

  function write(message: object): void {
    say(`${JSON.stringify(message)}\n`);
  }

  function number(body: Body): void {
    lastN += 1;
    const message = { ...body, n: lastN };
    written.push(message);
    const line = `${JSON.stringify(message)}\n`;
    kept.push({ n: lastN, line });
    say(line);
  }

  function target(barAt: number, sentAt: number, reason: string): void {
    const where = { agentId: 'momentum-1', symbol: 'SPX', barAt, sentAt };
    number({ kind: 'target', ...where, qtyNanos: 0, priceTicks: 1, reason });
  }

  function apply(frame: HostFrame): void {
    switch (frame.kind) {
      case 'hello':
        return write({ kind: 'ready', runnerId: frame.runnerId, version: 'model', lastN, agents: [] });
      case 'ack':
        if (frame.through > lastN) return number({ kind: 'refused', reason: 'never written' });
        kept = kept.filter((entry) => entry.n > frame.through);
        return;
      case 'resume':
        for (const entry of kept) if (entry.n > frame.after) say(entry.line);
        return;
      case 'bars':
        for (const bar of frame.bars) {
          if (bar.at <= lastBarAt) {
            number({ kind: 'refused', reason: `bar ${bar.at} is not newer` });
          } else {
            lastBarAt = bar.at;
            target(bar.at, frame.sentAt, 'bar');
          }
        }
        return;
      case 'stop':
        return exit(0);
      default:
        return;
    }
  }

  return {
    take(text) {
      const lines = (partial + text).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) {
        const frame = JSON.parse(line) as HostFrame;
        frames.push(frame);
        apply(frame);
      }
    },
    heartbeat: () => write({ kind: 'heartbeat', at: 0, lastN, agents: [], silent: false }),
    emit(reasons) {
      for (const reason of reasons) target(lastBarAt, 0, reason);
    },
    babble: say,
    startOver() {
      lastN = 0;
      kept = [];
    },
    written,
    frames,
    unacknowledged: () => kept.length,
  };
}
