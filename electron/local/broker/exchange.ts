// The market behind the broker, as the broker sees it. The product's exchange is the native one; every price a
// client ever reads comes from here.

export type Side = 'buy' | 'sell';

export interface ListedSymbol {
  readonly symbol: string;
  readonly name: string;
  readonly exchange: string;
  readonly lastTicks: number;
  /** Whether trading is paused: orders are taken and wait. */
  readonly halted: boolean;
}

export interface ExchangeOrder {
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly kind: 'market' | 'limit';
  readonly qtyNanos: number;
  /** Limit orders only. */
  readonly limitTicks?: number;
  /** Keeps the order out of the market until this price, or one beyond it, is traded. */
  readonly stopTicks?: number;
  /** Distance of a trailing stop, or its share of the price; needs `markTicks`. */
  readonly trailTicks?: number;
  readonly trailMillionths?: number;
  /** The best price that a trailing stop has seen. */
  readonly markTicks?: number;
  /** Rests unless told otherwise; `complete` trades all at once or not at all. */
  readonly lifetime?: 'rest' | 'immediate' | 'complete' | 'opening' | 'closing';
  /** Orders of one group share their quantity, and a stop that is set off takes the others out. */
  readonly group?: string;
  /** Whether it also trades before and after the session. */
  readonly extended?: boolean;
}

/** What became of an order: a part traded, its stop was set off or has moved, or its moment has passed. */
export interface ExchangeOrderEvent {
  readonly kind: 'filled' | 'elected' | 'trailed' | 'ended';
  readonly orderId: string;
  readonly atMs: number;
  /** Of `filled`. */
  readonly fill?: ExchangeFill;
  /** Of `trailed`. */
  readonly trail?: { readonly markTicks: number; readonly stopTicks: number };
}

export interface ExchangeFill {
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qtyNanos: number;
  readonly priceTicks: number;
  readonly atMs: number;
  /** What remains to be filled after this fill. */
  readonly leavesNanos: number;
}

export interface ExchangeQuote {
  readonly symbol: string;
  readonly bidTicks: number;
  readonly askTicks: number;
  /** Shares shown at the bid; 0 in a replay, whose file does not tell. */
  readonly bidQty: number;
  readonly askQty: number;
  readonly lastTicks: number;
  readonly atMs: number;
}

export interface ExchangeTrade {
  readonly symbol: string;
  readonly priceTicks: number;
  /** Shares. */
  readonly qty: number;
  readonly atMs: number;
}

/** A pause of trading that began (`halted`) or ended. */
export interface ExchangeStatus {
  readonly symbol: string;
  readonly halted: boolean;
  readonly atMs: number;
}

export interface ExchangeBar {
  readonly symbol: string;
  /** Start of the bar. */
  readonly atMs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volume: number;
  readonly tradeCount: number;
  readonly vwapTicks: number;
}

export interface ExchangeStep {
  readonly nowMs: number;
  readonly isOpen: boolean;
  readonly quotes: readonly ExchangeQuote[];
  readonly trades: readonly ExchangeTrade[];
  readonly statuses: readonly ExchangeStatus[];
  readonly bars: readonly ExchangeBar[];
  /** In the order in which it happened. */
  readonly orders: readonly ExchangeOrderEvent[];
}

export interface ExchangeClock {
  readonly nowMs: number;
  readonly isOpen: boolean;
  /** Null when the market never opens again: a replay has one session. */
  readonly nextOpenMs: number | null;
  /** End of the running or next session; null when there is none. */
  readonly nextCloseMs: number | null;
  /** When the running hours before or after a session end; null at any other time, and in a market without them. */
  readonly extendedUntilMs?: number | null;
}

export interface Exchange {
  symbols(): readonly ListedSymbol[];
  /** Seconds of the bars that steps carry, the finest there are. */
  barS(): number;
  /** Runs a simulated market to this market time, at most seven days ahead. */
  advance(marketMs: number): ExchangeStep;
  /** Plays the next bar of a replayed market. */
  advanceBar(): ExchangeStep;
  submit(order: ExchangeOrder): {
    readonly accepted: boolean;
    readonly reason?: string | null;
    readonly orders: readonly ExchangeOrderEvent[];
  };
  /** False when the exchange holds no such order. */
  cancel(orderId: string): boolean;
  /** Where cancels take time: cancels an order a moment later, which its `ended` event tells; nothing happens if it has filled by then. */
  cancelLater?(orderId: string): void;
  /** Completed bars of a multiple of `barS` that start within [startMs, endMs], oldest first; `limit` counts from the oldest. */
  bars(symbol: string, barS: number, startMs: number, endMs: number, limit: number): readonly ExchangeBar[];
  quote(symbol: string): ExchangeQuote;
  clock(): ExchangeClock;
}
