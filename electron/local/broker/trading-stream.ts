// The trading stream: JSON in binary frames, one authorization, and trade_updates for who listens.
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { TradeUpdate } from './order-journal.ts';
import { type BrokerKeys, keysMatch } from './broker-keys.ts';
import { tradeUpdateToWire } from './order-wire.ts';
import { watchSockets } from './socket-liveness.ts';

const TRADE_UPDATES = 'trade_updates';
const WATCH_MS = 10_000;

const Message = z.discriminatedUnion('action', [
  z.object({ action: z.literal('auth'), key: z.string(), secret: z.string() }),
  z.object({
    action: z.literal('authenticate'),
    data: z.object({ key_id: z.string(), secret_key: z.string() }),
  }),
  z.object({ action: z.literal('listen'), data: z.object({ streams: z.array(z.string()) }) }),
]);
type Message = z.infer<typeof Message>;

export interface TradingStream {
  readonly server: WebSocketServer;
  publish(update: TradeUpdate): void;
  close(): void;
}

/** Creates the stream; the caller hands it upgraded requests through `server`. */
export function createTradingStream(keys: BrokerKeys): TradingStream {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const stopWatching = watchSockets(server.clients, WATCH_MS);
  const listeners = new Set<WebSocket>();

  server.on('connection', (socket: WebSocket) => {
    serveConnection(socket, keys, (listens) => {
      if (listens) listeners.add(socket);
      else listeners.delete(socket);
    });
    socket.on('close', () => listeners.delete(socket));
    socket.on('error', () => socket.terminate());
  });

  return {
    server,
    publish(update) {
      if (listeners.size === 0) return;
      const frame = encodeFrame({ stream: TRADE_UPDATES, data: tradeUpdateToWire(update) });
      for (const socket of listeners) socket.send(frame);
    },
    close() {
      stopWatching();
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

function serveConnection(
  socket: WebSocket,
  keys: BrokerKeys,
  setListening: (listens: boolean) => void,
): void {
  let authorized = false;
  const send = (stream: string, data: unknown) => socket.send(encodeFrame({ stream, data }));

  function authorize(action: string, keyId: string, secret: string): void {
    authorized = authorized || keysMatch(keys, keyId, secret);
    send('authorization', { status: authorized ? 'authorized' : 'unauthorized', action });
    if (!authorized) socket.close();
  }

  function listen(streams: readonly string[]): void {
    if (!authorized) return send('authorization', { status: 'unauthorized', action: 'listen' });
    const known = streams.filter((stream) => stream === TRADE_UPDATES);
    setListening(known.length > 0);
    send('listening', { streams: known });
  }

  socket.on('message', (data: Buffer) => {
    const message = decodeMessage(data);
    if (!message) {
      socket.send(encodeFrame({ action: 'error', data: { error_message: 'invalid syntax' } }));
      return;
    }
    switch (message.action) {
      case 'auth':
        return authorize('authenticate', message.key, message.secret);
      case 'authenticate':
        return authorize('authenticate', message.data.key_id, message.data.secret_key);
      case 'listen':
        return listen(message.data.streams);
    }
  });
}

// Binary as the paper service sends it, so that a client which assumes text is found out here.
function encodeFrame(frame: unknown): Buffer {
  return Buffer.from(JSON.stringify(frame));
}

function decodeMessage(data: Buffer): Message | null {
  try {
    return Message.safeParse(JSON.parse(data.toString())).data ?? null;
  } catch {
    return null;
  }
}
