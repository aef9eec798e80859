// A client of a running host: the same two verbs as the host's Desk, over the control socket.
import { lstatSync } from 'node:fs';
import type { Socket } from 'node:net';
import {
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node';
import type { Subscription } from '../contract/desk.ts';
import { DeskError, fromEnvelope } from '../contract/errors.ts';
import type { FeedFrame } from '../contract/frames.ts';
import {
  ackNotice,
  CallReply,
  callRequest,
  frameNotice,
  resyncNotice,
  subscribeRequest,
  unsubscribeNotice,
  visibleNotice,
  WireFrame,
} from './control-protocol.ts';
import { openSocket, systemCode } from './socket-address.ts';

export interface DeskClient {
  /** Runs one operation. Rejects with the host's DeskError, or HOST_NOT_RUNNING when the host goes away meanwhile. */
  call(name: string, input: unknown, signal?: AbortSignal): Promise<unknown>;
  /**
   * Follows the desk: a snapshot first. One subscription a client; a second one replaces the first.
   * The first frame may come before the promise resolves, so each brings the subscription that acknowledges it.
   */
  subscribe(onFrame: (frame: FeedFrame, subscription: Subscription) => void): Promise<Subscription>;
  /** Resolves when the connection has ended, with the reason; null when this side ended it. */
  readonly whenClosed: Promise<DeskError | null>;
  close(): void;
}

/** Connects to the host at `path`. Fails with HOST_NOT_RUNNING or, when it does not accept in time, TIMED_OUT. */
export async function connectDesk(path: string, timeoutMs: number): Promise<DeskClient> {
  refuseForeignSocket(path);
  const socket = await openSocket(path, timeoutMs).catch((cause: unknown) => {
    throw connectError(path, timeoutMs, cause);
  });
  return createClient(socket);
}

function createClient(socket: Socket): DeskClient {
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new SocketMessageWriter(socket),
  );
  let reason: DeskError | null = lost('its connection ended');
  const whenClosed = new Promise<DeskError | null>((resolve) => socket.once('close', () => resolve(reason)));
  // Pending requests are rejected by dispose alone, not by the end of the stream.
  connection.onClose(() => connection.dispose());
  connection.listen();

  function end(because: DeskError | null): void {
    reason = because;
    connection.dispose();
  }

  return {
    call: (name, input, signal) => callOver(connection, name, input, signal),
    async subscribe(onFrame) {
      const subscription: Subscription = {
        ack: () => send(connection.sendNotification(ackNotice)),
        resync: () => send(connection.sendNotification(resyncNotice)),
        setVisible: (visible) => send(connection.sendNotification(visibleNotice, visible)),
        close: () => send(connection.sendNotification(unsubscribeNotice)),
      };
      connection.onNotification(frameNotice, (params) => {
        const frame = WireFrame.safeParse(params);
        if (frame.success) onFrame(frame.data, subscription);
        else
          end(
            new DeskError(
              'INTERNAL',
              'The host sent a frame of an unknown form. Is it of another version?',
              {},
              { cause: frame.error },
            ),
          );
      });
      await connection.sendRequest(subscribeRequest).catch((cause: unknown) => {
        throw lost('it gave no answer to desk/subscribe', cause);
      });
      return subscription;
    },
    whenClosed,
    close: () => end(null),
  };

  /** A notification that cannot be sent means that the connection is over. */
  function send(sent: Promise<void>): void {
    sent.catch(() => connection.dispose());
  }
}

async function callOver(
  connection: MessageConnection,
  name: string,
  input: unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  const cancellation = new CancellationTokenSource();
  const cancel = (): void => cancellation.cancel();
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  try {
    const answer = await connection
      .sendRequest(callRequest, { name, input }, cancellation.token)
      .catch((cause: unknown) => {
        throw lost(`it gave no answer to ${name}`, cause);
      });
    const reply = CallReply.safeParse(answer);
    if (!reply.success)
      throw new DeskError(
        'INTERNAL',
        `The host answered ${name} in an unknown form. Is it of another version?`,
      );
    if (!reply.data.ok) throw fromEnvelope(reply.data.error);
    return reply.data.value;
  } finally {
    signal?.removeEventListener('abort', cancel);
    cancellation.dispose();
  }
}

function lost(how: string, cause?: unknown): DeskError {
  return new DeskError(
    'HOST_NOT_RUNNING',
    `The host went away: ${how}. Start it with: neural-trader up`,
    {},
    { cause },
  );
}

/** In a directory that others can write to, a socket may be somebody's trap. */
function refuseForeignSocket(path: string): void {
  const self = process.getuid?.();
  const owner = ownerOf(path);
  if (self !== undefined && owner !== null && owner !== self) {
    throw new DeskError(
      'HOST_NOT_RUNNING',
      `The socket ${path} belongs to another user, so no host of yours runs there. Start one with: neural-trader up`,
    );
  }
}

/** Null where there is nothing; connecting then says so better. */
function ownerOf(path: string): number | null {
  try {
    return lstatSync(path).uid;
  } catch {
    return null;
  }
}

function connectError(path: string, timeoutMs: number, cause: unknown): DeskError {
  if (systemCode(cause) === 'ETIMEDOUT') {
    return new DeskError(
      'TIMED_OUT',
      `The host at ${path} did not accept a connection within ${timeoutMs} ms. Look at its log, or try again.`,
      { path },
      { cause },
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DeskError(
    'HOST_NOT_RUNNING',
    `No host runs (${reason}). Start one with: neural-trader up`,
    { path },
    { cause },
  );
}
