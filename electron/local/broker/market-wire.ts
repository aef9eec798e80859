// Bars, trades, quotes and assets as Alpaca writes them. Market data carries prices as numbers, unlike trading.
import { TICKS_PER_USD } from '../../contract/money.ts';
import { assetId } from './asset-id.ts';
import type { ListSessions } from './calendar.ts';
import type { ExchangeBar, ExchangeClock, ExchangeQuote, ExchangeStatus, ListedSymbol } from './exchange.ts';
import type { LatestView } from './feed-view.ts';
import { nextBoundaryMs, phaseOf } from './market-phase.ts';
import type { NumberedTrade } from './market-view.ts';
import { isoTime } from './order-wire.ts';
import { DAY_S, newYorkMidnightMs } from './session-day.ts';

/** Letters of the one venue and the one tape there are: those of IEX and of Nasdaq-listed shares. */
const VENUE = 'V';
const TAPE = 'C';

/** Writes a time as the transport wants it: text over HTTP and JSON, a timestamp in msgpack. */
export type WriteTime<T> = (atMs: number) => T;

const dollars = (ticks: number) => ticks / TICKS_PER_USD;

/** Writes a bar; `t` is its start. */
export function barToWire<T>(bar: ExchangeBar, time: WriteTime<T>) {
  return {
    t: time(bar.atMs),
    o: dollars(bar.openTicks),
    h: dollars(bar.highTicks),
    l: dollars(bar.lowTicks),
    c: dollars(bar.closeTicks),
    v: bar.volume,
    n: bar.tradeCount,
    vw: dollars(bar.vwapTicks),
  };
}

/** Writes a trade. */
export function tradeToWire<T>(trade: NumberedTrade, time: WriteTime<T>) {
  return {
    t: time(trade.atMs),
    x: VENUE,
    p: dollars(trade.priceTicks),
    s: trade.qty,
    c: ['@'],
    i: trade.id,
    z: TAPE,
  };
}

/** Writes a quote. */
export function quoteToWire<T>(quote: ExchangeQuote, time: WriteTime<T>) {
  return {
    t: time(quote.atMs),
    ax: VENUE,
    ap: dollars(quote.askTicks),
    as: quote.askQty,
    bx: VENUE,
    bp: dollars(quote.bidTicks),
    bs: quote.bidQty,
    c: ['R'],
    z: TAPE,
  };
}

/** Writes a pause of trading or its end, in the codes of Nasdaq's tape; the only reason here is an extreme move. */
export function statusToWire<T>(status: ExchangeStatus, time: WriteTime<T>) {
  const reason = 'Volatility Trading Pause';
  return {
    t: time(status.atMs),
    sc: status.halted ? 'P' : 'T',
    sm: status.halted ? reason : 'Trading Resumption',
    rc: 'LUDP',
    rm: reason,
    z: TAPE,
  };
}

/** Writes the snapshot of a symbol; what has not happened yet is left out. */
export function snapshotToWire(view: LatestView, symbol: string) {
  const quote = view.latestQuote(symbol);
  const trade = view.latestTrade(symbol);
  const minuteBar = view.latestBar(symbol);
  const dailyBar = view.dayBar(symbol);
  const prevDailyBar = view.previousDayBar(symbol);
  return {
    ...(quote && { latestQuote: quoteToWire(quote, isoTime) }),
    ...(trade && { latestTrade: tradeToWire(trade, isoTime) }),
    ...(minuteBar && { minuteBar: barToWire(minuteBar, isoTime) }),
    ...(dailyBar && { dailyBar: barToWire(dailyBar, isoTime) }),
    ...(prevDailyBar && { prevDailyBar: barToWire(prevDailyBar, isoTime) }),
  };
}

/**
 * Writes a listed symbol as an asset: everything listed can be traded, on margin, short and in fractions. A paused one
 * stays tradable, since its orders are taken; the attribute that tells of the pause is the demo's own.
 */
export function assetToWire({ symbol, name, exchange, halted }: ListedSymbol) {
  return {
    id: assetId(symbol),
    class: 'us_equity',
    exchange,
    symbol,
    name,
    status: 'active',
    tradable: true,
    marginable: true,
    shortable: true,
    easy_to_borrow: true,
    borrow_status: 'easy_to_borrow',
    fractionable: true,
    maintenance_margin_requirement: 30,
    margin_requirement_long: '30',
    margin_requirement_short: '30',
    attributes: halted ? ['trading_paused'] : [],
  };
}

/** Clients expect a time even where a market never opens or closes again. */
const NEVER = '9999-12-31T00:00:00.000Z';

function timeOrNever(atMs: number | null): string {
  return atMs === null ? NEVER : isoTime(atMs);
}

/** Writes the clock of /v2/clock. */
export function clockToWire({ nowMs, isOpen, nextOpenMs, nextCloseMs }: ExchangeClock) {
  return {
    timestamp: isoTime(nowMs),
    is_open: isOpen,
    next_open: timeOrNever(nextOpenMs),
    next_close: timeOrNever(nextCloseMs),
  };
}

export interface MarketHours {
  /** Whether the market trades before and after its sessions. */
  readonly extendedHours: boolean;
  readonly listSessions: ListSessions;
}

/** Writes the clock of /v3/clock, which lists one entry a market. */
export function marketClocksToWire(clock: ExchangeClock, { extendedHours, listSessions }: MarketHours) {
  const { timestamp, next_open: nextOpen, next_close: nextClose } = clockToWire(clock);
  const phase = phaseOf(clock);
  const untilMs = phase === 'closed' && !extendedHours ? clock.nextOpenMs : nextBoundaryMs(clock);
  const midnightMs = newYorkMidnightMs(clock.nowMs);
  const isMarketDay =
    phase !== 'closed' || listSessions(midnightMs, midnightMs + DAY_S * 1_000 - 1).length > 0;
  return {
    clocks: [
      {
        market: { acronym: 'DEMO', name: 'Demo market', timezone: 'America/New_York' },
        timestamp,
        is_market_day: isMarketDay,
        phase,
        phase_until: timeOrNever(untilMs),
        next_market_open: nextOpen,
        next_market_close: nextClose,
      },
    ],
  };
}
