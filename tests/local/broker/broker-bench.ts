// The broker over the real exchange, without HTTP and with market time in the test's hands.
import { randomUUID } from 'node:crypto';
import type { FillProfile } from '../../../electron/contract/market.ts';
import { createAccountBook } from '../../../electron/local/broker/account-book.ts';
import {
  type AccountStore,
  createAccountStore,
  replayJournal,
} from '../../../electron/local/broker/account-store.ts';
import { type Broker, createBroker } from '../../../electron/local/broker/broker.ts';
import type { TradeUpdate } from '../../../electron/local/broker/order-journal.ts';
import { BrokerRefusal } from '../../../electron/local/broker/broker-refusal.ts';
import type { AccountBook } from '../../../electron/local/broker/account-book.ts';
import { delayCancels } from '../../../electron/local/broker/delay-cancels.ts';
import type { Exchange } from '../../../electron/local/broker/exchange.ts';
import { marketOrder, type OrderRequest } from '../../../electron/local/broker/parse-order-request.ts';
import { feesOf } from '../../../electron/local/broker/regulatory-fees.ts';
import { loadNative } from '../../../electron/native/load.ts';
import { createMemoryJournal, type MemoryJournal } from './memory-journal.ts';

export const SHARE = 1_000_000_000;
export const USD = 1_000_000;
export const native = loadNative();

export interface Bench {
  readonly exchange: Exchange;
  readonly journal: MemoryJournal;
  readonly book: AccountBook;
  readonly store: AccountStore;
  readonly broker: Broker;
  /** In the order of publication. */
  readonly updates: TradeUpdate[];
  /** Lets this much market time pass, at most to the next open or close. */
  pass(ms: number): void;
  /** Runs to the close, or on to the next open. */
  passToClose(): void;
  passToOpen(): void;
  /** The status and message of a refused call. */
  refusal(action: () => unknown): { status: number; code: number | null; message: string };
}

export interface BenchOptions {
  readonly cashMicros?: number;
  readonly exchange?: Exchange;
  readonly fills?: FillProfile;
  /** An account to rebuild instead of opening one. */
  readonly journal?: MemoryJournal;
}

/** Sets the bench up with an account of $100,000 in the simulated market of seed 1. */
export function createBench(options: BenchOptions = {}): Bench {
  const { cashMicros = 100_000 * USD, fills = 'alpaca-paper' } = options;
  const exchange = options.exchange ?? openExchange(fills);
  const journal = options.journal ?? createMemoryJournal();
  const book = createAccountBook(native.applyFill);
  const store = createAccountStore(journal, book);
  const updates: TradeUpdate[] = [];
  replayJournal(journal, book);
  if (!options.journal) {
    const accountId = randomUUID();
    const marketMs = exchange.clock().nowMs;
    store.record({
      kind: 'accountOpened',
      version: 1,
      marketId: 'simulator-1',
      accountId,
      cashMicros,
      marketMs,
    });
  }
  const broker = createBroker({
    exchange,
    book,
    store,
    newId: randomUUID,
    feesOf: feesOf(fills),
    onTradeUpdate: (update) => updates.push(update),
  });
  const advance = (marketMs: number) => broker.absorb(exchange.advance(marketMs));
  const known = (atMs: number | null) => {
    if (atMs === null) throw new Error('the market has ended');
    return atMs;
  };
  return {
    exchange,
    journal,
    book,
    store,
    broker,
    updates,
    pass: (ms) => advance(exchange.clock().nowMs + ms),
    passToClose: () => advance(known(exchange.clock().nextCloseMs)),
    passToOpen: () => advance(known(exchange.clock().nextOpenMs)),
    refusal(action) {
      try {
        action();
      } catch (error) {
        if (error instanceof BrokerRefusal)
          return { status: error.status, code: error.code, message: error.message };
        throw error;
      }
      throw new Error('nothing was refused');
    },
  };
}

/** The simulated market as the broker opens it. */
export function openExchange(fills: FillProfile, startMs: number | null = null): Exchange {
  const exchange = native.DemoExchange.simulated(1, startMs, fills);
  return fills === 'realistic' ? delayCancels(exchange) : exchange;
}

/** A market order for whole shares of AAPL, changed as the test wants. */
export function anOrder(changes: Partial<OrderRequest> & { shares?: number } = {}): OrderRequest {
  const { shares = 10, ...rest } = changes;
  const kind = rest.limitTicks == null ? 'market' : 'limit';
  return { ...marketOrder('AAPL', 'buy', shares * SHARE), kind, ...rest };
}
