// The host's door for other processes of the same user: calls and the feed, over a unix socket or named pipe.
import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import {
  createMessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
  type CancellationToken,
} from 'vscode-jsonrpc/node';
import type { Desk, Subscription } from '../contract/desk.ts';
import { DeskError, toEnvelope } from '../contract/errors.ts';
import { findOperation } from '../contract/operations.ts';
import {
  ackNotice,
  CallParams,
  type CallReply,
  callRequest,
  frameNotice,
  resyncNotice,
  subscribeRequest,
  unsubscribeNotice,
  visibleNotice,
} from './control-protocol.ts';
import { isListening, systemCode } from './socket-address.ts';

// A client that does not read its last answers is cut off after this.
const farewellMs = 500;

interface ControlSocket {
  /** Ends every connection after its pending answers are written, and removes the socket. */
  close(): Promise<void>;
}

/** Serves the desk at `path`, which only this user can open. Fails with HOST_RUNNING when somebody answers there. */
export async function serveControlSocket(desk: Desk, path: string): Promise<ControlSocket> {
  const open = new Set<() => Promise<void>>();
  const server = createServer((socket) => {
    const end = serveConnection(desk, socket);
    open.add(end);
    socket.once('close', () => open.delete(end));
  });
  await claim(server, path);
  if (!isPipe(path)) chmodSync(path, 0o600);

  let closing: Promise<void> | null = null;
  return {
    close() {
      closing ??= (async () => {
        const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
        await Promise.all([...open].map((end) => end()));
        await stopped;
      })();
      return closing;
    },
  };
}

async function claim(server: Server, path: string): Promise<void> {
  try {
    await listen(server, path);
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') throw error;
    if (await isListening(path)) {
      throw new DeskError(
        'HOST_RUNNING',
        `A host answers at ${path} already. Use it, or end it with: neural-trader down`,
        { path },
      );
    }
    // A host that crashed leaves its socket behind. Anything else at that path is not ours to delete.
    if (isPipe(path) || !lstatSync(path).isSocket()) throw error;
    unlinkSync(path);
    await listen(server, path);
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Serves one client until it leaves; returns what ends it from this side. */
function serveConnection(desk: Desk, socket: Socket): () => Promise<void> {
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new SocketMessageWriter(socket),
  );
  const left = new AbortController();
  let subscription: Subscription | null = null;
  const unsubscribe = (): void => {
    subscription?.close();
    subscription = null;
  };

  connection.onRequest(callRequest, (params, token) => answerCall(desk, params, token, left.signal));
  connection.onRequest(subscribeRequest, () => {
    unsubscribe();
    subscription = desk.subscribe((frame) => {
      // Fails only when the client has left, and then `close` below has the last word.
      connection.sendNotification(frameNotice, frame).catch(() => socket.destroy());
    });
    return true;
  });
  connection.onNotification(unsubscribeNotice, unsubscribe);
  connection.onNotification(ackNotice, () => subscription?.ack());
  connection.onNotification(resyncNotice, () => subscription?.resync());
  connection.onNotification(visibleNotice, (visible) => subscription?.setVisible(visible === true));

  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      unsubscribe();
      left.abort();
      connection.dispose();
      resolve();
    });
  });
  connection.listen();

  return async () => {
    unsubscribe();
    left.abort();
    await answersWritten();
    socket.end();
    const timer = setTimeout(() => socket.destroy(), farewellMs);
    await closed;
    clearTimeout(timer);
  };
}

/** Lets answers that are ready pass through the connection's own queue before the stream ends. */
function answersWritten(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

async function answerCall(
  desk: Desk,
  params: unknown,
  token: CancellationToken,
  left: AbortSignal,
): Promise<CallReply> {
  const cancelled = new AbortController();
  const listener = token.onCancellationRequested(() => cancelled.abort());
  if (token.isCancellationRequested) cancelled.abort();
  try {
    const { name, input } = parseCall(params);
    // What stops risk or spend runs to its end even when the terminal that asked is gone.
    const survives = findOperation(name)?.effect === 'stops';
    const signal = survives ? cancelled.signal : AbortSignal.any([cancelled.signal, left]);
    return { ok: true, value: await desk.call(name, input, 'cli', signal) };
  } catch (error) {
    const { code, message, detail } = toEnvelope(error);
    return { ok: false, error: { code, message, detail: { ...detail } } };
  } finally {
    listener.dispose();
  }
}

function parseCall(params: unknown): { name: string; input: unknown } {
  const parsed = CallParams.safeParse(params);
  if (!parsed.success)
    throw new DeskError('INVALID_INPUT', 'desk/call takes {name, input}; give the name of an operation.');
  return { name: parsed.data.name, input: parsed.data.input };
}

function isPipe(path: string): boolean {
  return path.startsWith('\\\\.\\pipe\\');
}
