// A desk without a host: answers from given handlers, and a feed under the test's control that keeps the one-frame rule.
import type { Desk } from '../../electron/contract/desk.ts';
import { DeskError } from '../../electron/contract/errors.ts';
import type { FeedFrame } from '../../electron/contract/frames.ts';
import type { Actor } from '../../electron/contract/names.ts';
import { findOperation } from '../../electron/contract/operations.ts';

export interface FakeCall {
  readonly name: string;
  readonly input: unknown;
  readonly actor: Actor;
  readonly signal: AbortSignal;
}

export type FakeHandler = (call: FakeCall) => unknown;

export interface FakeDesk extends Desk {
  /** Every call so far, oldest first. */
  readonly calls: readonly FakeCall[];
  /** Queues a frame for every follower; it leaves when the frame before it is acknowledged. */
  push(frame: FeedFrame): void;
  followers(): number;
  /** Frames that wait for an acknowledgement, over all followers. */
  waiting(): number;
}

interface Follower {
  queue: FeedFrame[];
  unacknowledged: boolean;
  readonly send: (frame: FeedFrame) => void;
}

/** Creates a desk that answers with `handlers`, by operation name, and starts every follower with `snapshot`. */
export function createFakeDesk(
  handlers: Readonly<Record<string, FakeHandler>>,
  snapshot: () => FeedFrame,
): FakeDesk {
  const calls: FakeCall[] = [];
  const followers = new Set<Follower>();

  function flush(follower: Follower): void {
    if (follower.unacknowledged || !followers.has(follower)) return;
    const frame = follower.queue.shift();
    if (!frame) return;
    follower.unacknowledged = true;
    follower.send(frame);
  }

  return {
    calls,
    async call(name, input, actor, signal = new AbortController().signal) {
      const operation = findOperation(name);
      if (!operation) throw new DeskError('UNKNOWN_OPERATION', `There is no operation "${name}".`);
      const parsed = operation.input.safeParse(input ?? {});
      if (!parsed.success) throw new DeskError('INVALID_INPUT', parsed.error.message);
      const call = { name, input: parsed.data, actor, signal };
      calls.push(call);
      const handler = handlers[name];
      if (!handler) throw new DeskError('INTERNAL', `the fake desk has no handler for ${name}`);
      return handler(call);
    },
    subscribe(send) {
      const follower: Follower = { queue: [snapshot()], unacknowledged: false, send };
      followers.add(follower);
      flush(follower);
      return {
        ack() {
          follower.unacknowledged = false;
          flush(follower);
        },
        resync() {
          follower.queue = [snapshot()];
          follower.unacknowledged = false;
          flush(follower);
        },
        setVisible() {},
        close: () => void followers.delete(follower),
      };
    },
    push(frame) {
      for (const follower of followers) {
        follower.queue.push(frame);
        flush(follower);
      }
    },
    followers: () => followers.size,
    waiting: () => [...followers].reduce((sum, follower) => sum + follower.queue.length, 0),
  };
}
