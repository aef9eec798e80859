// One connection to a broker, and what was learnt over it. All of it ends with the connection.
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { AccountReading } from './risk/account-reading.ts';
import type { Asset } from './broker.ts';
import { createMarketClock, type MarketClock } from './market-clock.ts';
import { createDoubts, type Doubts } from './reconcile/doubts.ts';
import { createTimers, type Timers } from './timers.ts';
import type { TradingSession } from './alpaca/trading-session.ts';

export interface FloorSession {
  readonly session: TradingSession;
  readonly timeframe: string;
  readonly timers: Timers;
  readonly market: MarketClock;
  readonly doubts: Doubts;
  assets: ReadonlyMap<string, Asset>;
  /** Of the positions, when the account was last read. */
  prices: ReadonlyMap<string, number>;
  /** Null before the first. */
  reading: AccountReading | null;
  readonly openedAt: number;
  /** When orders, fills and account were last read without a failure; null before. */
  reconciledAt: number | null;
}

/** Begins with nothing read. */
export function openFloorSession(
  session: TradingSession,
  timeframe: string,
  clock: Clock,
  log: Log,
): FloorSession {
  return {
    session,
    timeframe,
    timers: createTimers(log),
    market: createMarketClock(clock),
    doubts: createDoubts(),
    assets: new Map(),
    prices: new Map(),
    reading: null,
    openedAt: clock.now(),
    reconciledAt: null,
  };
}
