// Starts the demo broker: opens the account, lets the market run, and serves both APIs and both streams on one
// loopback port.
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { MarketChoice } from '../../contract/market.ts';
import { createAccountStore } from './account-store.ts';
import { createBroker } from './broker.ts';
import type { BrokerKeys } from './broker-keys.ts';
import type { BrokerNative, RecoveringJournal } from './broker-native.ts';
import { createBrokerStreams } from './broker-streams.ts';
import type { Clock } from './clock.ts';
import { addControlRoutes } from './control-routes.ts';
import { addMarketDataRoutes } from './market-data-routes.ts';
import { createMarketView } from './market-view.ts';
import { openMarket } from './open-market.ts';
import { timeframeOf } from './read-bars.ts';
import { createRateLimit } from './rate-limit.ts';
import { feesOf } from './regulatory-fees.ts';
import { createRestServer } from './rest-server.ts';
import { createMarketRun } from './run-market.ts';
import { addTradingRoutes, type TradingRouteDeps } from './trading-routes.ts';

export interface BrokerOptions {
  readonly dataDir: string;
  readonly market: MarketChoice;
  readonly startingCashMicros: number;
  /** Beyond them requests are refused. */
  readonly requestsPerMinute: number;
  /** Whether the market moves only when told to. */
  readonly stepped: boolean;
  /** Whether a simulated market also trades before and after its sessions. */
  readonly extendedHours: boolean;
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

/** Starts the broker. Throws MARKET_FILE_INVALID, DATA_DIR_UNWRITABLE, JOURNAL_CORRUPT, or HOST_RUNNING while another process has the account. */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { keys, report } = options;
  const { description, account, exchange } = await openMarket({ ...options, choice: options.market });
  const { book, journal } = account;
  reportDamage(journal.recovery(), report);

  const store = createAccountStore(journal, book);
  const streams = createBrokerStreams(keys, options.clock);
  const view = createMarketView(exchange);
  const broker = createBroker({
    exchange,
    book,
    store,
    newId: randomUUID,
    feesOf: feesOf(description.source === 'simulator' ? description.fills : 'alpaca-paper'),
    onTradeUpdate: streams.publishUpdate,
  });

  const server = serveApis(options, {
    broker,
    book,
    store,
    exchange,
    view,
    extendedHours: options.extendedHours,
    demo: { marketId: description.id, label: description.label },
    listSessions: options.native.tradingSessions,
    newId: randomUUID,
  });
  const market = createMarketRun({ options, exchange, book, broker, view, streams });
  addControlRoutes(server, { exchange, streams, step: options.stepped ? market.step : null });
  streams.attach(server.server);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const stopMarket = market.start();

  async function close(): Promise<void> {
    stopMarket();
    streams.close();
    await server.close();
    await store.settled().catch(report);
    account.close();
  }
  let closing: Promise<void> | undefined;
  return {
    url,
    dataStreamUrl: `${url.replace('http://', 'ws://')}/v2/iex`,
    tradingStreamUrl: `${url.replace('http://', 'ws://')}/stream`,
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

function serveApis(
  { keys, requestsPerMinute, clock }: BrokerOptions,
  deps: TradingRouteDeps,
): FastifyInstance {
  const rateLimit = createRateLimit(requestsPerMinute, clock);
  const server = createRestServer({ keys, store: deps.store, rateLimit });
  addTradingRoutes(server, deps);
  addMarketDataRoutes(server, deps.view);
  return server;
}

function reportDamage(
  recovery: ReturnType<RecoveringJournal['recovery']>,
  report: (error: unknown) => void,
): void {
  if (recovery.reason === null) return;
  report(new Error(`The demo account lost ${recovery.droppedEvents} events: ${recovery.reason}`));
}

function wallBarMs(choice: MarketChoice, barS: number): number {
  return choice.source === 'simulator' ? (barS * 1_000) / choice.speed : 1_000 / choice.barsPerSecond;
}
