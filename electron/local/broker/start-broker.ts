// Starts the demo broker: opens the account, lets the market run, and serves both APIs and both streams on one
// loopback port.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import type { MarketChoice } from '../../contract/market.ts';
import { createAccountStore } from './account-store.ts';
import { createBroker } from './broker.ts';
import type { BrokerKeys } from './broker-keys.ts';
import type { BrokerNative } from './broker-native.ts';
import type { Clock } from './clock.ts';
import { createDataStream } from './data-stream.ts';
import type { ExchangeStep } from './exchange.ts';
import { addMarketDataRoutes } from './market-data-routes.ts';
import { type Pace, startMarketPacer } from './market-pacer.ts';
import { createMarketView } from './market-view.ts';
import { openMarket } from './open-market.ts';
import { timeframeOf } from './read-bars.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRestServer } from './rest-server.ts';
import { addTradingRoutes } from './trading-routes.ts';
import { createTradingStream } from './trading-stream.ts';

export interface BrokerOptions {
  readonly dataDir: string;
  readonly market: MarketChoice;
  readonly startingCashMicros: number;
  readonly keys: BrokerKeys;
  readonly native: BrokerNative;
  readonly clock: Clock;
  /** Told why the market stands still, for example a full disk, and what damage the account's file had. */
  readonly report: (error: unknown) => void;
}

export interface RunningBroker {
  readonly url: string;
  readonly dataStreamUrl: string;
  readonly tradingStreamUrl: string;
  readonly market: {
    readonly source: 'simulator' | 'replay';
    readonly label: string;
    readonly symbols: string[];
    /** Of the market's own bars, in the words of the data API. */
    readonly timeframe: string;
    /** Wall milliseconds between bars. */
    readonly barMs: number;
  };
  /** Journals where the market is and lets go of everything; idempotent. */
  close(): Promise<void>;
}

const CHECKPOINT_MS = 5_000;
/** Those of the paid data plan; a swarm asks often, and the client has a limit of its own. */
const REQUESTS_PER_MINUTE = 10_000;
/** Symbols of the free plan's stream. */
const IEX_SYMBOLS = 30;

/** Starts the broker. Throws MARKET_FILE_INVALID, DATA_DIR_UNWRITABLE, JOURNAL_CORRUPT. */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { keys, clock, report } = options;
  const { description, account, exchange } = await openMarket({ ...options, choice: options.market });
  const { book, journal } = account;
  const damage = journal.recovery();
  if (damage.reason !== null) report(new Error(`The demo account lost ${damage.droppedEvents} events: ${damage.reason}`));

  const store = createAccountStore(journal, book);
  const trading = createTradingStream(keys);
  const iex = createDataStream({ keys, symbolLimit: IEX_SYMBOLS });
  const sip = createDataStream({ keys, symbolLimit: Number.POSITIVE_INFINITY });
  const view = createMarketView(exchange);
  const broker = createBroker({ exchange, book, store, newId: randomUUID, onTradeUpdate: trading.publish });

  const server = createRestServer({ keys, store, rateLimit: createRateLimit(REQUESTS_PER_MINUTE, clock) });
  addTradingRoutes(server, { broker, book, exchange, view, demo: { marketId: description.id, label: description.label } });
  addMarketDataRoutes(server, view);
  routeUpgrades(server.server, { '/stream': trading.server, '/v2/iex': iex.server, '/v2/sip': sip.server });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });

  function onStep(step: ExchangeStep): void {
    broker.absorb(step);
    const news = { trades: view.absorb(step), quotes: step.quotes, bars: step.bars, dayBar: view.dayBar };
    iex.publish(news);
    sip.publish(news);
  }
  const stopMarket = startMarketPacer({ exchange, pace: paceOf(options.market), clock, onStep, onFailure: report });
  const checkpoints = setInterval(() => attempt(broker.checkpoint, report), CHECKPOINT_MS);

  async function close(): Promise<void> {
    stopMarket();
    clearInterval(checkpoints);
    for (const stream of [trading, iex, sip]) stream.close();
    await server.close();
    attempt(broker.checkpoint, report);
    await store.settled().catch(report);
    account.close();
  }
  let closing: Promise<void> | undefined;

  const streams = url.replace('http://', 'ws://');
  return {
    url,
    dataStreamUrl: `${streams}/v2/iex`,
    tradingStreamUrl: `${streams}/stream`,
    market: {
      source: description.source,
      label: description.label,
      symbols: exchange.symbols().map(({ symbol }) => symbol),
      timeframe: timeframeOf(exchange.barS()),
      barMs: wallBarMs(options.market, exchange.barS()),
    },
    close: () => (closing ??= close()),
  };
}

function paceOf(choice: MarketChoice): Pace {
  return choice.source === 'simulator'
    ? { source: 'simulator', speed: choice.speed }
    : { source: 'replay', barsPerSecond: choice.barsPerSecond };
}

function wallBarMs(choice: MarketChoice, barS: number): number {
  return choice.source === 'simulator' ? (barS * 1_000) / choice.speed : 1_000 / choice.barsPerSecond;
}

function attempt(action: () => void, report: (error: unknown) => void): void {
  try {
    action();
  } catch (error) {
    report(error);
  }
}

/** Hands each upgrade to the stream of its path; any other path is refused. */
function routeUpgrades(
  server: { on(event: 'upgrade', listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): unknown },
  streams: Readonly<Record<string, WebSocketServer>>,
): void {
  server.on('upgrade', (request, socket, head) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const stream = streams[path];
    if (!stream) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    stream.handleUpgrade(request, socket, head, (client) => stream.emit('connection', client, request));
  });
}
