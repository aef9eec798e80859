//! Bindings of the demo exchange.

mod shapes;

use std::fs::File;

use desk_core::bars::date::DAY_MS;
use desk_core::bars::{BarWindow, read_bars};
use desk_core::exchange::{Exchange, ExchangeError, Step};
use desk_core::market::Session;
use desk_core::matching::OrderEvent;
use napi_derive::napi;

use crate::errors::{INVALID_INPUT, Result, coded};
use crate::numbers::require;
use shapes::{
    ExchangeAnswer, ExchangeBar, ExchangeClock, ExchangeOrder, ExchangeOrderEvent, ExchangeQuote,
    ExchangeStep, ExchangeSymbol, TradingSession, exchange_bar, exchange_order_event, exchange_quote,
    exchange_status, exchange_trade, parse_order, parse_profile,
};

const MARKET_FILE_INVALID: &str = "MARKET_FILE_INVALID";

/// The market of the demo broker: simulated, or replayed from a file.
#[napi]
pub struct DemoExchange {
    exchange: Exchange,
}

#[napi]
impl DemoExchange {
    /// Opens the simulated market of a seed, on 2026-01-05 at 09:30 in New York or at a later `startMs`; with
    /// `extendedHours` it also trades before and after its sessions.
    #[napi(factory)]
    pub fn simulated(
        seed: f64,
        #[napi(ts_arg_type = "number | null")] start_ms: Option<f64>,
        #[napi(ts_arg_type = "'alpaca-paper' | 'realistic'")] fills: String,
        extended_hours: Option<bool>,
    ) -> Result<Self> {
        let profile =
            parse_profile(&fills).ok_or_else(|| coded(INVALID_INPUT, format!("no fill profile {fills}")))?;
        let seed = require("seed", seed)?.cast_unsigned();
        let start_ms = start_ms.map(|at| require("startMs", at)).transpose()?;
        let opened = match extended_hours {
            Some(true) => Exchange::simulated_with_extended_hours(seed, start_ms, profile),
            _ => Exchange::simulated(seed, start_ms, profile),
        };
        Ok(Self { exchange: opened.map_err(invalid)? })
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
            let halted = self.exchange.is_halted(&symbol);
            Ok(ExchangeSymbol { symbol, name, exchange: listing.exchange.clone(), last_ticks, halted })
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
            Ok(events) => ExchangeAnswer { accepted: true, reason: None, orders: self.order_events(events) },
            Err(reason) => ExchangeAnswer { accepted: false, reason: Some(reason), orders: Vec::new() },
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
            extended_until_ms: clock.extended_until_ms,
        }
    }

    fn step(&self, step: Step) -> ExchangeStep {
        let clock = self.exchange.clock();
        ExchangeStep {
            now_ms: clock.now_ms,
            is_open: clock.is_open,
            quotes: step.quotes.iter().map(|quote| exchange_quote(self.name(quote.symbol), quote)).collect(),
            trades: step.trades.iter().map(|print| exchange_trade(self.name(print.symbol), print)).collect(),
            statuses: step
                .statuses
                .iter()
                .map(|status| exchange_status(self.name(status.symbol), status))
                .collect(),
            bars: step.bars.iter().map(|bar| exchange_bar(self.name(bar.symbol), &bar.bar)).collect(),
            orders: self.order_events(step.orders),
        }
    }

    fn order_events(&self, events: Vec<OrderEvent>) -> Vec<ExchangeOrderEvent> {
        events.into_iter().map(|event| exchange_order_event(event, |symbol| self.name(symbol))).collect()
    }

    fn name(&self, symbol: usize) -> &str {
        self.exchange.listings().get(symbol).map_or("", |listing| &listing.symbol)
    }
}

/// Lists the sessions that open from `startMs` to `endMs`, both inclusive and at most 20 years apart.
#[napi]
pub fn trading_sessions(start_ms: f64, end_ms: f64) -> Result<Vec<TradingSession>> {
    let (start_ms, end_ms) = (require("startMs", start_ms)?, require("endMs", end_ms)?);
    if end_ms.saturating_sub(start_ms) > 20 * 366 * DAY_MS {
        return Err(coded(INVALID_INPUT, "sessions are listed for at most 20 years"));
    }
    let first = Session::on_or_after(start_ms.div_euclid(DAY_MS) - 1);
    let sessions = std::iter::successors(Some(first), |session| Some(session.next()));
    let listed = sessions.skip_while(|session| session.open_ms < start_ms);
    let listed = listed.take_while(|session| session.open_ms <= end_ms);
    Ok(listed.map(|Session { open_ms, close_ms, .. }| TradingSession { open_ms, close_ms }).collect())
}

fn invalid(error: ExchangeError) -> napi::Error<&'static str> {
    coded(INVALID_INPUT, error)
}
