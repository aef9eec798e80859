// The broker's streams and the paths at which clients find them.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TradeUpdate } from './order-journal.ts';
import type { BrokerKeys } from './broker-keys.ts';
import type { Clock } from './clock.ts';
import type { MarketNews } from './data-connection.ts';
import { createDataStream } from './data-stream.ts';
import { delayNews } from './delay-news.ts';
import { createTestStream } from './test-stream.ts';
import { createTradingStream } from './trading-stream.ts';

/** Symbols of the free plan's stream; the paid one has no limit. */
const IEX_SYMBOLS = 30;

export interface BrokerStreams {
  publishUpdate(update: TradeUpdate): void;
  /** `nowMs` is the market time that the news goes up to. */
  publishNews(news: MarketNews, nowMs: number): void;
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
export function createBrokerStreams(keys: BrokerKeys, clock: Clock): BrokerStreams {
  const trading = createTradingStream(keys);
  const unlimited = { keys, symbolLimit: Number.POSITIVE_INFINITY };
  const iex = createDataStream({ keys, symbolLimit: IEX_SYMBOLS });
  const sip = createDataStream(unlimited);
  const delayed = createDataStream(unlimited);
  // No venue of this market is read through these.
  const closed = createDataStream({ ...unlimited, isEntitled: false });
  const test = createTestStream(keys, clock);
  const market = [iex, sip, delayed];
  const all = [trading, ...market, closed, test];
  const byPath = new Map([
    ['/stream', trading.server],
    ['/v2/iex', iex.server],
    ['/v2/sip', sip.server],
    ['/v2/delayed_sip', delayed.server],
    ['/v2/test', test.server],
    ['/v2/otc', closed.server],
    ['/v1beta1/boats', closed.server],
    ['/v1beta1/overnight', closed.server],
  ]);
  let isSilent = false;
  const publishDelayed = delayNews(
    (news) => {
      if (!isSilent) delayed.publish(news);
    },
    () => delayed.server.clients.size > 0,
  );

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const stream = byPath.get(pathname);
    if (stream) {
      stream.handleUpgrade(request, socket, head, (client) => stream.emit('connection', client, request));
    } else {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    }
  }

  return {
    publishUpdate(update) {
      if (!isSilent) trading.publish(update);
    },
    publishNews(news, nowMs) {
      publishDelayed(news, nowMs);
      if (isSilent) return;
      iex.publish(news);
      sip.publish(news);
    },
    silence(wanted) {
      isSilent = wanted;
    },
    failSlow() {
      for (const stream of [...market, test]) stream.failSlow();
    },
    drop() {
      for (const { server } of all) {
        for (const socket of server.clients) socket.terminate();
      }
    },
    attach: (server) => void server.on('upgrade', upgrade),
    close() {
      for (const stream of all) stream.close();
    },
  };
}
