// One connection of the market data stream: greeting, authentication, subscriptions, data, and numbered errors.
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { DataCodec } from './data-codec.ts';
import { type DataSubscriptions, SubscriptionChange } from './data-subscriptions.ts';
import type { ExchangeBar, ExchangeQuote, ExchangeStatus } from './exchange.ts';
import type { NumberedTrade } from './market-view.ts';
import { barToWire, quoteToWire, statusToWire, tradeToWire } from './market-wire.ts';

/** What the market did in one step. */
export interface MarketNews {
  readonly trades: readonly NumberedTrade[];
  readonly quotes: readonly ExchangeQuote[];
  readonly statuses: readonly ExchangeStatus[];
  readonly bars: readonly ExchangeBar[];
  /** The day so far, asked for only where somebody listens. */
  readonly dayBar: (symbol: string) => ExchangeBar | null;
}

const errors = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
  406: 'connection limit exceeded',
  407: 'slow client',
  409: 'insufficient subscription',
} as const;
type ErrorNumber = keyof typeof errors;

/** More than this unsent, and the client cannot keep up. */
const MOST_BUFFERED_BYTES = 4 * 1024 * 1024;
/** For the error to leave before the connection is cut. */
const SLOW_GRACE_MS = 250;

const Auth = z.object({ action: z.literal('auth'), key: z.string(), secret: z.string() });
/** The form of the trading stream, which some clients send here too. */
const Authenticate = z.object({
  action: z.literal('authenticate'),
  data: z.object({ key_id: z.string(), secret_key: z.string() }),
});
const Message = z.union([Auth, Authenticate, SubscriptionChange]);
type Message = z.infer<typeof Message>;

export interface DataConnection {
  readonly socket: WebSocket;
  /** Says hello; keys in the handshake's headers authenticate at once. */
  greet(keyId: unknown, secret: unknown): void;
  publish(news: MarketNews): void;
  /** Tells the client that it is too slow and lets go of it. */
  failSlow(): void;
}

export interface DataConnectionDeps {
  readonly socket: WebSocket;
  readonly codec: DataCodec;
  readonly subscriptions: DataSubscriptions;
  readonly authWithinMs: number;
  /** Whether the account may have the stream at all. */
  readonly isEntitled: boolean;
  readonly keysMatch: (keyId: unknown, secret: unknown) => boolean;
  /** False when another connection holds the only place. */
  readonly admit: () => Promise<boolean>;
}

/** Takes over an opened socket. */
export function createDataConnection(deps: DataConnectionDeps): DataConnection {
  const { socket, codec, subscriptions, authWithinMs, isEntitled, keysMatch, admit } = deps;
  let isAuthenticated = false;
  // Messages are answered one after the other: admitting a client takes a while, and what it sends meanwhile waits.
  let inbox: Promise<void> = Promise.resolve();
  const authTimer = setTimeout(() => failAndClose(404), authWithinMs);

  function send(frames: readonly unknown[]): void {
    socket.send(codec.encode(frames));
  }

  function sendError(code: ErrorNumber): void {
    send([{ T: 'error', code, msg: errors[code] }]);
  }

  function failAndClose(code: ErrorNumber): void {
    sendError(code);
    socket.close();
  }

  /** A closing handshake would wait behind everything that is unsent. */
  function failSlow(): void {
    sendError(407);
    setTimeout(() => socket.terminate(), SLOW_GRACE_MS).unref();
  }

  async function authenticate(keyId: unknown, secret: unknown): Promise<void> {
    if (isAuthenticated) return sendError(403);
    if (!keysMatch(keyId, secret)) return failAndClose(402);
    if (!isEntitled) return failAndClose(409);
    if (!(await admit())) return failAndClose(406);
    clearTimeout(authTimer);
    isAuthenticated = true;
    send([{ T: 'success', msg: 'authenticated' }]);
  }

  async function receive(message: Message | null): Promise<void> {
    if (!message) return sendError(400);
    switch (message.action) {
      case 'auth':
        return authenticate(message.key, message.secret);
      case 'authenticate':
        return authenticate(message.data.key_id, message.data.secret_key);
      default:
        if (!isAuthenticated) return sendError(401);
        if (!subscriptions.apply(message)) return sendError(405);
        send([{ T: 'subscription', ...subscriptions.list() }]);
    }
  }

  function enqueue(answer: () => Promise<void>): void {
    inbox = inbox.then(answer);
  }

  socket.on('close', () => clearTimeout(authTimer));
  // A broken frame closes the socket by itself; without a listener the error would end the process.
  socket.on('error', () => socket.terminate());
  socket.on('message', (data: Buffer) => {
    enqueue(() => receive(decodeMessage(codec, data)));
  });

  return {
    socket,
    greet(keyId, secret) {
      send([{ T: 'success', msg: 'connected' }]);
      if (keyId !== undefined) enqueue(() => authenticate(keyId, secret));
    },
    publish(news) {
      if (!isAuthenticated) return;
      if (socket.bufferedAmount > MOST_BUFFERED_BYTES) return failSlow();
      const frames = selectFrames(news, subscriptions, codec);
      if (frames.length > 0) send(frames);
    },
    failSlow,
  };
}

function decodeMessage(codec: DataCodec, data: Buffer): Message | null {
  try {
    return Message.safeParse(codec.decode(data)).data ?? null;
  } catch {
    return null;
  }
}

function selectFrames(news: MarketNews, subscriptions: DataSubscriptions, { time }: DataCodec): unknown[] {
  const frames: unknown[] = [];
  for (const status of news.statuses) {
    if (subscriptions.includes('statuses', status.symbol))
      frames.push({ T: 's', S: status.symbol, ...statusToWire(status, time) });
  }
  for (const trade of news.trades) {
    if (subscriptions.includes('trades', trade.symbol))
      frames.push({ T: 't', S: trade.symbol, ...tradeToWire(trade, time) });
  }
  for (const quote of news.quotes) {
    if (subscriptions.includes('quotes', quote.symbol))
      frames.push({ T: 'q', S: quote.symbol, ...quoteToWire(quote, time) });
  }
  for (const bar of news.bars) {
    if (subscriptions.includes('bars', bar.symbol))
      frames.push({ T: 'b', S: bar.symbol, ...barToWire(bar, time) });
    const dayBar = subscriptions.includes('dailyBars', bar.symbol) ? news.dayBar(bar.symbol) : null;
    if (dayBar) frames.push({ T: 'd', S: bar.symbol, ...barToWire(dayBar, time) });
  }
  return frames;
}
