// The market data stream: one authenticated connection a key, subscriptions, and frames of what the market did.
import type { IncomingMessage } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { type BrokerKeys, keysMatch } from './broker-keys.ts';
import { chooseDataCodec } from './data-codec.ts';
import { createDataConnection, type DataConnection, type MarketNews } from './data-connection.ts';
import { createDataSubscriptions } from './data-subscriptions.ts';
import { answersPing, watchSockets } from './socket-liveness.ts';

export interface DataStream {
  readonly server: WebSocketServer;
  publish(news: MarketNews): void;
  /** Tells the client that it is too slow and lets go of it. */
  failSlow(): void;
  close(): void;
}

export interface DataStreamOptions {
  readonly keys: BrokerKeys;
  /** Most distinct symbols a connection may subscribe. */
  readonly symbolLimit: number;
  /** Whether the account may have the stream; otherwise who authenticates is told so and let go. */
  readonly isEntitled?: boolean;
  /** How long a client may take to authenticate, wall ms. */
  readonly authWithinMs?: number;
  /** How soon the older connection must answer a ping to keep a newer one out, wall ms. */
  readonly aliveWithinMs?: number;
}

const WATCH_MS = 10_000;

/** Creates the stream; the caller hands it upgraded requests through `server`. */
export function createDataStream(options: DataStreamOptions): DataStream {
  const { keys, symbolLimit, isEntitled = true, authWithinMs = 10_000, aliveWithinMs = 1_000 } = options;
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const stopWatching = watchSockets(server.clients, WATCH_MS);
  let incumbent: DataConnection | null = null;

  // A client that lost its connection comes back before this side has noticed: ask the old socket whether it lives.
  async function admit(connection: DataConnection): Promise<boolean> {
    const older = incumbent;
    if (older && (await answersPing(older.socket, aliveWithinMs))) return false;
    if (incumbent !== older || connection.socket.readyState !== WebSocket.OPEN) return false;
    older?.socket.terminate();
    incumbent = connection;
    return true;
  }

  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const connection = createDataConnection({
      socket,
      codec: chooseDataCodec(request),
      subscriptions: createDataSubscriptions(symbolLimit),
      authWithinMs,
      isEntitled,
      keysMatch: (keyId, secret) => keysMatch(keys, keyId, secret),
      admit: () => admit(connection),
    });
    socket.on('close', () => {
      if (incumbent === connection) incumbent = null;
    });
    connection.greet(request.headers['apca-api-key-id'], request.headers['apca-api-secret-key']);
  });

  return {
    server,
    publish: (news) => incumbent?.publish(news),
    failSlow: () => incumbent?.failSlow(),
    close() {
      stopWatching();
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
