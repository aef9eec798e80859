// A running demo broker and the real Alpaca client in front of it.
import { Alpaca, ApiError } from '@alpacahq/alpaca-trade-api';
import { onTestFinished } from 'vitest';
import type { MarketChoice } from '../../../electron/contract/market.ts';
import { startBroker } from '../../../electron/local/broker/start-broker.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

export const keys = { keyId: 'DEMOKEY', secret: 'demo-secret' };

/** The hosts that the client is built for; whatever else it asked for would be an error. */
const expectedHosts = ['paper-api.alpaca.markets', 'data.alpaca.markets'];

export interface OpenBrokerOptions {
  readonly dataDir?: string;
  readonly market?: MarketChoice;
  readonly startingCashMicros?: number;
  readonly stepped?: boolean;
  readonly extendedHours?: boolean;
  readonly credentials?: typeof keys;
}

/** Starts a broker that ends with the test. */
export async function openBroker(options: OpenBrokerOptions = {}) {
  const { dataDir = temporaryDirectory() } = options;
  const market = options.market ?? { source: 'simulator', seed: 1, speed: 60 };
  const failures: unknown[] = [];
  const running = await startBroker({
    dataDir,
    market,
    startingCashMicros: options.startingCashMicros ?? 100_000_000_000,
    stepped: options.stepped ?? false,
    extendedHours: options.extendedHours ?? false,
    requestsPerMinute: 600_000,
    keys: options.credentials ?? keys,
    native: loadNative(),
    clock: { now: Date.now },
    report: (error) => failures.push(error),
  });
  onTestFinished(() => running.close());
  return { ...running, failures, alpaca: connectClient(running.url) };
}

/** Creates a client whose requests go to the broker's port and nowhere else. */
export function connectClient(url: string, credentials = keys): Alpaca {
  return new Alpaca({
    ...credentials,
    paper: true,
    rateLimit: false,
    fetchApi: (input, init) => {
      const asked = new URL(String(input));
      if (!expectedHosts.includes(asked.host)) throw new Error(`${asked.host} must not be contacted`);
      return fetch(url + asked.pathname + asked.search, init);
    },
  });
}

/** The client's trading stream, connected and listening. */
export async function openTradingStream(alpaca: Alpaca, url: string) {
  const stream = alpaca.trading.stream({ url, reconnect: false });
  onTestFinished(() => stream.disconnect());
  const listening = new Promise((resolve) => stream.on('subscription', resolve));
  stream.onConnect(() => stream.subscribeTradeUpdates());
  stream.connect();
  await listening;
  return stream;
}

/** The client's market data stream, authenticated. */
export async function openDataStream(alpaca: Alpaca, url: string) {
  const stream = alpaca.marketData.stockStream({ url, reconnect: false });
  onTestFinished(() => stream.disconnect());
  stream.connect();
  const isOpen = await stream.waitForAuthentication(5_000);
  return { stream, isOpen };
}

/** A request without the client, for what the client hides; a body is sent as JSON. */
export function request(url: string, path: string, body?: string): Promise<Response> {
  const headers = { 'APCA-API-KEY-ID': keys.keyId, 'APCA-API-SECRET-KEY': keys.secret };
  if (body === undefined) return fetch(url + path, { headers });
  return fetch(url + path, {
    method: 'POST',
    body,
    headers: { ...headers, 'Content-Type': 'application/json' },
  });
}

/** A request of any method without the client; the answer's body is read as JSON. */
export async function send(url: string, method: string, path: string, body?: unknown) {
  const response = await fetch(url + path, {
    method,
    headers: {
      'APCA-API-KEY-ID': keys.keyId,
      'APCA-API-SECRET-KEY': keys.secret,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed: unknown = text === '' ? null : JSON.parse(text);
  return { status: response.status, body: parsed };
}

/** What the client was refused with. */
export async function refusalOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`expected an ApiError, got ${String(error)}`);
  return { status: error.status, code: error.code, message: error.message, name: error.name };
}
