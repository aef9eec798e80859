// A host without a host: keeps a real DeskState, folds real events, validates input like dispatch, and sends
// frames one at a time like the feed. Answers come from handlers that the test scripts.
import { DeskError, toEnvelope } from '../../electron/contract/errors.ts';
import type { DeskEvent } from '../../electron/contract/events.ts';
import type { FeedFrame, Gauges, NumberedEvent } from '../../electron/contract/frames.ts';
import { latchedScopes } from '../../electron/contract/latches.ts';
import { findOperation, type OperationName, type OperationOf } from '../../electron/contract/operations.ts';
import type { ParsedInputOf } from '../../electron/contract/define-operation.ts';
import { reduce } from '../../electron/contract/reduce.ts';
import { type DeskState, initialState } from '../../electron/contract/state.ts';
import type { DeskBridge, DeskCommand, OperationOutput } from '../../renderer/bridge.ts';

export type FakeHandlers = {
  readonly [N in OperationName]?: (
    input: ParsedInputOf<OperationOf<N>>,
    host: FakeHost,
    signal: AbortSignal,
  ) => OperationOutput<N> | Promise<OperationOutput<N>>;
};

export interface FakeHost {
  state(): DeskState;
  /** Folds the events and sends them to the follower. */
  commit(...events: readonly DeskEvent[]): void;
  now(): number;
}

export interface FakeDeskBridge extends FakeHost {
  readonly bridge: DeskBridge;
  /** Every call that passed validation, in order. */
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  setGauges(gauges: Gauges): void;
  /** Sends any frame as it is, past the numbering. */
  sendRaw(frame: FeedFrame): void;
  command(command: DeskCommand): void;
  /** Snapshots asked for with resync(). */
  resyncs(): number;
  /** Frames sent and not acknowledged. */
  unacknowledged(): number;
}

export interface FakeDeskOptions {
  readonly state?: DeskState;
  readonly gauges?: Gauges | null;
  readonly handlers?: FakeHandlers;
  readonly now?: () => number;
}

export function createFakeDeskBridge(options: FakeDeskOptions = {}): FakeDeskBridge {
  const now = options.now ?? Date.now;
  const handlers: FakeHandlers = { ...gateHandlers, ...options.handlers };
  const calls: { name: string; input: unknown }[] = [];
  const listeners = new Set<(command: DeskCommand) => void>();
  const feed = createFeed(options.state ?? initialState, options.gauges ?? null);
  const host: FakeHost = { state: feed.state, commit: feed.commit, now };

  const stops = new Map<number, AbortController>();

  async function answer(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    const operation = findOperation(name);
    if (!operation) throw new DeskError('UNKNOWN_OPERATION', `There is no operation "${name}".`);
    const parsed = operation.input.safeParse(input ?? {});
    if (!parsed.success) {
      const issues = parsed.error.issues.map((issue) => ({
        field: issue.path.join('.'),
        message: issue.message,
      }));
      throw new DeskError('INVALID_INPUT', issues.map((issue) => issue.message).join('; '), {
        operation: name,
        issues,
      });
    }
    calls.push({ name, input: parsed.data });
    const handler: ((input: never, host: FakeHost, signal: AbortSignal) => unknown) | undefined =
      handlers[operation.name];
    if (!handler) throw new DeskError('INTERNAL', `The fake host has no handler for ${name}.`);
    return Reflect.apply(handler, undefined, [parsed.data, host, signal]);
  }

  return {
    ...host,
    calls,
    setGauges: feed.setGauges,
    sendRaw: feed.sendRaw,
    resyncs: feed.resyncs,
    unacknowledged: feed.unacknowledged,
    command: (command) => listeners.forEach((listener) => listener(command)),
    bridge: {
      platform: { os: 'linux', electron: '0.0.0' },
      subscribe: feed.subscribe,
      async call(name, input, id) {
        const stop = new AbortController();
        if (id !== undefined) stops.set(id, stop);
        try {
          return {
            ok: true,
            value: structuredClone(await answer(name, structuredClone(input), stop.signal)),
          };
        } catch (error) {
          return { ok: false, error: toEnvelope(error) };
        }
      },
      cancel: (id) => stops.get(id)?.abort(),
      onCommand(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}

/** What every host does with the gate, whatever else a test scripts. */
const gateHandlers = {
  'swarm.block': ({ reason }, host) => {
    host.commit({ kind: 'EntriesBlocked', at: host.now(), actor: 'window', reason });
    return { blockedAt: host.now() };
  },
  'swarm.unblock': (_, host) => {
    if (host.state().entries.kind === 'latched')
      throw new DeskError('KILL_LATCHED', 'Trading is latched. Re-arm it.');
    host.commit({ kind: 'EntriesUnblocked', at: host.now(), actor: 'window' });
    return { entries: host.state().entries.kind };
  },
  'swarm.rearm': ({ scope, reason }, host) => {
    if (!latchedScopes(host.state()).includes(scope))
      throw new DeskError('NOT_LATCHED', `${scope} is not latched.`);
    host.commit({ kind: 'Rearmed', at: host.now(), actor: 'window', scope, reason });
    return { scope, rearmedAt: host.now() };
  },
  'notices.dismiss': ({ noticeId }, host) => {
    host.commit({ kind: 'NoticeDismissed', at: host.now(), noticeId });
    return {};
  },
} satisfies FakeHandlers;

function createFeed(startState: DeskState, startGauges: Gauges | null) {
  let state = startState;
  let gauges = startGauges;
  let seq = 0;
  let queue: NumberedEvent[] = [];
  let gaugesPending = false;
  let needsSnapshot = false;
  let awaitingAck = 0;
  let resyncs = 0;
  let send: ((frame: FeedFrame) => void) | null = null;

  function flush(): void {
    if (!send || awaitingAck > 0) return;
    const frame = nextFrame();
    if (frame) deliver(frame);
  }

  function deliver(frame: FeedFrame): void {
    awaitingAck += 1;
    const receiver = send;
    const copy = structuredClone(frame);
    queueMicrotask(() => receiver?.(copy));
  }

  function nextFrame(): FeedFrame | null {
    if (needsSnapshot) {
      needsSnapshot = false;
      queue = [];
      return { kind: 'snapshot', seq, state, gauges };
    }
    const carried = gaugesPending ? gauges : null;
    gaugesPending = false;
    const [first] = queue;
    if (!first) return carried ? { kind: 'gauges', gauges: carried } : null;
    const events = queue;
    queue = [];
    return { kind: 'events', from: first.seq, events, gauges: carried };
  }

  return {
    state: () => state,
    resyncs: () => resyncs,
    unacknowledged: () => awaitingAck,
    commit(...events: readonly DeskEvent[]) {
      for (const event of events) {
        state = reduce(state, event);
        seq += 1;
        queue.push({ seq, event });
      }
      flush();
    },
    setGauges(next: Gauges) {
      gauges = next;
      gaugesPending = true;
      flush();
    },
    sendRaw: deliver,
    subscribe(onFrame: (frame: FeedFrame) => void) {
      send = onFrame;
      needsSnapshot = true;
      awaitingAck = 0;
      flush();
      return {
        ack() {
          awaitingAck = Math.max(0, awaitingAck - 1);
          flush();
        },
        resync() {
          resyncs += 1;
          needsSnapshot = true;
        },
        setVisible() {},
        close() {
          send = null;
        },
      };
    },
  };
}
