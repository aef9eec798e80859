//! Bindings of the demo exchange.

use std::fs::File;

use desk_core::bars::{BarWindow, TradedBar, read_bars};
use desk_core::book::Side;
use desk_core::exchange::{Exchange, ExchangeError, Step};
use desk_core::market::{Print, Quote};
use desk_core::matching::{Fill, NewOrder, OrderKind};
use napi_derive::napi;

use crate::errors::{INVALID_INPUT, Result, coded};
use crate::numbers::{integer, require};

const MARKET_FILE_INVALID: &str = "MARKET_FILE_INVALID";

/// An instrument and its last price.
#[napi(object)]
pub struct ExchangeSymbol {
    pub symbol: String,
    pub name: String,
    pub exchange: String,
    pub last_ticks: i64,
}

/// The best prices. Quantities are whole shares; 0 in a replay, where they are not known.
#[napi(object)]
pub struct ExchangeQuote {
    pub symbol: String,
    pub bid_ticks: i64,
    pub ask_ticks: i64,
    pub bid_qty: i64,
    pub ask_qty: i64,
    pub last_ticks: i64,
    pub at_ms: i64,
}

/// One trade between others; `qty` is whole shares.
#[napi(object)]
pub struct ExchangeTrade {
    pub symbol: String,
    pub price_ticks: i64,
    pub qty: i64,
    pub at_ms: i64,
}

/// A completed bar. In a replay `tradeCount` is 0 and `vwapTicks` the close: the file does not tell.
#[napi(object)]
pub struct ExchangeBar {
    pub symbol: String,
    /// Start of the bar.
    pub at_ms: i64,
    pub open_ticks: i64,
    pub high_ticks: i64,
    pub low_ticks: i64,
    pub close_ticks: i64,
    pub volume: i64,
    pub trade_count: i64,
    pub vwap_ticks: i64,
}

/// One execution of one of our orders.
#[napi(object)]
pub struct ExchangeFill {
    pub order_id: String,
    pub symbol: String,
    #[napi(ts_type = "'buy' | 'sell'")]
    pub side: String,
    pub qty_nanos: i64,
    pub price_ticks: i64,
    pub at_ms: i64,
    pub leaves_nanos: i64,
}

/// What happened, each list in order of time.
#[napi(object)]
pub struct ExchangeStep {
    pub now_ms: i64,
    pub is_open: bool,
    pub quotes: Vec<ExchangeQuote>,
    pub trades: Vec<ExchangeTrade>,
    pub bars: Vec<ExchangeBar>,
    pub fills: Vec<ExchangeFill>,
}

/// An order to submit.
#[napi(object)]
pub struct ExchangeOrder {
    pub order_id: String,
    pub symbol: String,
    #[napi(ts_type = "'buy' | 'sell'")]
    pub side: String,
    #[napi(ts_type = "'market' | 'limit'")]
    pub kind: String,
    pub qty_nanos: f64,
    /// Required for a limit order.
    pub limit_ticks: Option<f64>,
}

/// The answer to an order. A refusal's `reason` is DUPLICATE_ORDER_ID, UNKNOWN_SYMBOL, QTY_INVALID, LIMIT_INVALID,
/// MARKET_ENDED, SIDE_INVALID or KIND_INVALID.
#[napi(object)]
pub struct ExchangeAnswer {
    pub accepted: bool,
    pub reason: Option<String>,
    pub fills: Vec<ExchangeFill>,
}

/// The market's clock and hours. A replay never opens again, and has no close once the file has ended.
#[napi(object, use_nullable = true)]
pub struct ExchangeClock {
    pub now_ms: i64,
    pub is_open: bool,
    pub next_open_ms: Option<i64>,
    pub next_close_ms: Option<i64>,
}

/// The market of the demo broker: simulated, or replayed from a file.
#[napi]
pub struct DemoExchange {
    exchange: Exchange,
}

#[napi]
impl DemoExchange {
    /// Opens the simulated market of a seed, on 2026-01-05 at 09:30 in New York or at a later `startMs`.
    #[napi(factory)]
    pub fn simulated(
        seed: f64,
        #[napi(ts_arg_type = "number | null")] start_ms: Option<f64>,
    ) -> Result<Self> {
        let seed = require("seed", seed)?.cast_unsigned();
        let start_ms = start_ms.map(|at| require("startMs", at)).transpose()?;
        Ok(Self { exchange: Exchange::simulated(seed, start_ms).map_err(invalid)? })
    }

    /// Opens a market of one instrument from a CSV file; MARKET_FILE_INVALID names the line that is wrong.
    #[napi(factory)]
    pub fn replay(path: String, symbol: String) -> Result<Self> {
        let refuse = |reason: String| coded(MARKET_FILE_INVALID, format!("{path}: {reason}"));
        let file = File::open(&path).map_err(|error| refuse(error.to_string()))?;
        let bars = read_bars(file).map_err(|error| refuse(error.to_string()))?;
        let exchange = Exchange::replayed(bars, &symbol).map_err(|error| refuse(error.to_string()))?;
        Ok(Self { exchange })
    }

    /// Lists the instruments.
    #[napi]
    pub fn symbols(&self) -> Result<Vec<ExchangeSymbol>> {
        let listings = self.exchange.listings().iter();
        let listed = listings.map(|listing| {
            let last_ticks = self.exchange.quote(&listing.symbol).map_err(invalid)?.last_ticks;
            let (symbol, name) = (listing.symbol.clone(), listing.name.clone());
            Ok(ExchangeSymbol { symbol, name, exchange: listing.exchange.clone(), last_ticks })
        });
        listed.collect()
    }

    /// Size of the bars that steps carry, in seconds: 60 in the simulator, the file's own in a replay.
    #[napi]
    pub fn bar_s(&self) -> i64 {
        self.exchange.bar_s()
    }

    /// Runs the simulated market to a time at most seven days ahead; does nothing in a replay.
    #[napi]
    pub fn advance(&mut self, market_ms: f64) -> Result<ExchangeStep> {
        let step = self.exchange.advance(require("marketMs", market_ms)?).map_err(invalid)?;
        Ok(self.step(step))
    }

    /// Plays the next bar of a replay; does nothing in the simulated market or at the end of the file.
    #[napi]
    pub fn advance_bar(&mut self) -> ExchangeStep {
        let step = self.exchange.advance_bar();
        self.step(step)
    }

    /// Submits an order; in a replay it waits for the next opening.
    #[napi]
    pub fn submit(&mut self, order: ExchangeOrder) -> ExchangeAnswer {
        let answer = parse_order(order)
            .and_then(|order| self.exchange.submit(&order).map_err(|refusal| refusal.to_string()));
        match answer {
            Ok(fills) => ExchangeAnswer { accepted: true, reason: None, fills: self.fills(fills) },
            Err(reason) => ExchangeAnswer { accepted: false, reason: Some(reason), fills: Vec::new() },
        }
    }

    /// Cancels a working order; false when it is filled, cancelled or unknown.
    #[napi]
    pub fn cancel(&mut self, order_id: String) -> bool {
        self.exchange.cancel(&order_id)
    }

    /// Ids of the working orders.
    #[napi]
    pub fn working(&self) -> Vec<String> {
        self.exchange.working()
    }

    /// Completed bars that start from `startMs` to `endMs`, both inclusive, oldest first, at most `limit`.
    #[napi]
    pub fn bars(
        &self,
        symbol: String,
        bar_s: f64,
        start_ms: f64,
        end_ms: f64,
        limit: f64,
    ) -> Result<Vec<ExchangeBar>> {
        let (start_ms, end_ms) = (require("startMs", start_ms)?, require("endMs", end_ms)?);
        let limit = usize::try_from(require("limit", limit)?).unwrap_or(0);
        let window = BarWindow { start_ms, end_ms, limit };
        let bars = self.exchange.bars(&symbol, require("barS", bar_s)?, window).map_err(invalid)?;
        Ok(bars.iter().map(|bar| exchange_bar(&symbol, bar)).collect())
    }

    /// The last quote; in the simulated market it is stale while closed.
    #[napi]
    pub fn quote(&self, symbol: String) -> Result<ExchangeQuote> {
        Ok(exchange_quote(&symbol, &self.exchange.quote(&symbol).map_err(invalid)?))
    }

    /// The market's clock and hours.
    #[napi]
    pub fn clock(&self) -> ExchangeClock {
        let clock = self.exchange.clock();
        ExchangeClock {
            now_ms: clock.now_ms,
            is_open: clock.is_open,
            next_open_ms: clock.next_open_ms,
            next_close_ms: clock.next_close_ms,
        }
    }

    fn step(&self, step: Step) -> ExchangeStep {
        let clock = self.exchange.clock();
        ExchangeStep {
            now_ms: clock.now_ms,
            is_open: clock.is_open,
            quotes: step.quotes.iter().map(|quote| exchange_quote(self.name(quote.symbol), quote)).collect(),
            trades: step.trades.iter().map(|print| exchange_trade(self.name(print.symbol), print)).collect(),
            bars: step.bars.iter().map(|bar| exchange_bar(self.name(bar.symbol), &bar.bar)).collect(),
            fills: self.fills(step.fills),
        }
    }

    fn fills(&self, fills: Vec<Fill>) -> Vec<ExchangeFill> {
        let named = fills.into_iter().map(|fill| exchange_fill(self.name(fill.symbol), fill));
        named.collect()
    }

    fn name(&self, symbol: usize) -> &str {
        self.exchange.listings().get(symbol).map_or("", |listing| &listing.symbol)
    }
}

fn invalid(error: ExchangeError) -> napi::Error<&'static str> {
    coded(INVALID_INPUT, error)
}

fn parse_order(order: ExchangeOrder) -> std::result::Result<NewOrder, String> {
    let side = match order.side.as_str() {
        "buy" => Side::Buy,
        "sell" => Side::Sell,
        _ => return Err("SIDE_INVALID".to_owned()),
    };
    let kind = match order.kind.as_str() {
        "market" => OrderKind::Market,
        "limit" => OrderKind::Limit(order.limit_ticks.and_then(integer).ok_or("LIMIT_INVALID")?),
        _ => return Err("KIND_INVALID".to_owned()),
    };
    let qty = integer(order.qty_nanos).ok_or("QTY_INVALID")?;
    Ok(NewOrder { order_id: order.order_id, symbol: order.symbol, side, kind, qty })
}

fn exchange_quote(symbol: &str, quote: &Quote) -> ExchangeQuote {
    ExchangeQuote {
        symbol: symbol.to_owned(),
        bid_ticks: quote.bid_ticks,
        ask_ticks: quote.ask_ticks,
        bid_qty: quote.bid_shares,
        ask_qty: quote.ask_shares,
        last_ticks: quote.last_ticks,
        at_ms: quote.at_ms,
    }
}

fn exchange_trade(symbol: &str, print: &Print) -> ExchangeTrade {
    let Print { price_ticks, shares, at_ms, .. } = *print;
    ExchangeTrade { symbol: symbol.to_owned(), price_ticks, qty: shares, at_ms }
}

fn exchange_bar(symbol: &str, traded: &TradedBar) -> ExchangeBar {
    let bar = traded.bar;
    ExchangeBar {
        symbol: symbol.to_owned(),
        at_ms: bar.at_ms,
        open_ticks: bar.open_ticks,
        high_ticks: bar.high_ticks,
        low_ticks: bar.low_ticks,
        close_ticks: bar.close_ticks,
        volume: bar.volume,
        trade_count: traded.trade_count,
        vwap_ticks: traded.vwap_ticks,
    }
}

fn exchange_fill(symbol: &str, fill: Fill) -> ExchangeFill {
    let side = if fill.side == Side::Buy { "buy" } else { "sell" };
    ExchangeFill {
        order_id: fill.order_id,
        symbol: symbol.to_owned(),
        side: side.to_owned(),
        qty_nanos: fill.qty,
        price_ticks: fill.price_ticks,
        at_ms: fill.at_ms,
        leaves_nanos: fill.leaves,
    }
}
