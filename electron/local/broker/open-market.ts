// Opens an account and its market at the market time where they were left.
import { randomUUID } from 'node:crypto';
import type { FillProfile, MarketChoice } from '../../contract/market.ts';
import { fromNativeError } from '../../native/native-error.ts';
import { type AccountFile, openAccountFile } from './account-file.ts';
import type { BrokerNative } from './broker-native.ts';
import { delayCancels } from './delay-cancels.ts';
import { describeMarket, type MarketDescription } from './describe-market.ts';
import type { Exchange } from './exchange.ts';

export interface OpenMarket {
  readonly description: MarketDescription;
  readonly account: AccountFile;
  readonly exchange: Exchange;
}

export interface OpenMarketOptions {
  readonly native: BrokerNative;
  readonly dataDir: string;
  readonly choice: MarketChoice;
  readonly startingCashMicros: number;
  readonly extendedHours: boolean;
}

/** Opens both. A replay that has reached the end of its file starts over, with a new account; the old file is put aside. */
export async function openMarket(options: OpenMarketOptions): Promise<OpenMarket> {
  const description = describeMarket(options.choice);
  const opened = await openOnce(options, description);
  if (opened.exchange.clock().isOpen || description.source === 'simulator') return opened;
  opened.account.retire(opened.account.book.marketMs());
  return openOnce(options, description);
}

async function openOnce(options: OpenMarketOptions, description: MarketDescription): Promise<OpenMarket> {
  const { native, dataDir, startingCashMicros } = options;
  const account = await openAccountFile(native, dataDir, description.id);
  try {
    const known = account.book.account();
    const exchange = openExchange(options, description, known ? account.book.marketMs() : null);
    if (!known) await openAccount(account, description.id, startingCashMicros, exchange.clock().nowMs);
    return { description, account, exchange };
  } catch (error) {
    account.close();
    throw fromNativeError(error);
  }
}

async function openAccount(
  account: AccountFile,
  marketId: string,
  cashMicros: number,
  marketMs: number,
): Promise<void> {
  const event = {
    kind: 'accountOpened',
    version: 1,
    marketId,
    accountId: randomUUID(),
    cashMicros,
    marketMs,
  } as const;
  await account.journal.append([JSON.stringify(event)]);
  account.book.apply(event);
}

function openExchange(
  options: OpenMarketOptions,
  description: MarketDescription,
  resumeMs: number | null,
): Exchange {
  if (description.source === 'simulator') return openSimulated(options, description, resumeMs);
  const exchange = options.native.DemoExchange.replay(description.file, description.symbol);
  while (resumeMs !== null && exchange.clock().isOpen && exchange.clock().nowMs < resumeMs)
    exchange.advanceBar();
  return exchange;
}

function openSimulated(
  { native: { DemoExchange }, extendedHours }: OpenMarketOptions,
  { seed, fills }: { readonly seed: number; readonly fills: FillProfile },
  resumeMs: number | null,
): Exchange {
  const exchange = DemoExchange.simulated(seed, resumeMs, fills, extendedHours);
  return fills === 'realistic' ? delayCancels(exchange) : exchange;
}
