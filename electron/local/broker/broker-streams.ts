// The broker's three streams and the paths at which clients find them.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TradeUpdate } from './order-journal.ts';
import type { BrokerKeys } from './broker-keys.ts';
import type { MarketNews } from './data-connection.ts';
import { createDataStream } from './data-stream.ts';
import { createTradingStream } from './trading-stream.ts';

/** Symbols of the free plan's stream; the paid one has no limit. */
const IEX_SYMBOLS = 30;

export interface BrokerStreams {
  publishUpdate(update: TradeUpdate): void;
  publishNews(news: MarketNews): void;
  /** Takes the server's upgrade requests; those for any other path are refused. */
  attach(server: Server): void;
  /** Keeps every connection open without news, or lets the news through again; what was not sent stays unsent. */
  silence(isSilent: boolean): void;
  /** Treats the market data clients as too slow, now. */
  failSlow(): void;
  /** Cuts every connection, without a closing handshake. */
  drop(): void;
  close(): void;
}

/** Creates the streams; nobody is connected yet. */
export function createBrokerStreams(keys: BrokerKeys): BrokerStreams {
  const trading = createTradingStream(keys);
  const iex = createDataStream({ keys, symbolLimit: IEX_SYMBOLS });
  const sip = createDataStream({ keys, symbolLimit: Number.POSITIVE_INFINITY });
  const byPath = new Map([
    ['/stream', trading.server],
    ['/v2/iex', iex.server],
    ['/v2/sip', sip.server],
  ]);

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const stream = byPath.get(pathname);
    if (stream) {
      stream.handleUpgrade(request, socket, head, (client) => stream.emit('connection', client, request));
    } else {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    }
  }

  let isSilent = false;
  return {
    publishUpdate(update) {
      if (!isSilent) trading.publish(update);
    },
    publishNews(news) {
      if (isSilent) return;
      iex.publish(news);
      sip.publish(news);
    },
    silence(wanted) {
      isSilent = wanted;
    },
    failSlow() {
      iex.failSlow();
      sip.failSlow();
    },
    drop() {
      for (const { server } of [trading, iex, sip]) {
        for (const socket of server.clients) socket.terminate();
      }
    },
    attach: (server) => void server.on('upgrade', upgrade),
    close() {
      for (const stream of [trading, iex, sip]) stream.close();
    },
  };
}
