//! The demo exchange: a market, the orders that wait in it, and the fills. Deterministic: the same market and the
//! same calls give the same answers. What a fill costs and whether an account may order is the broker's business.

mod displayed;
mod floor;
mod orders;
mod replayed;
mod simulated;

use thiserror::Error;

use crate::bars::{Bar, BarWindow, SeriesError, TradedBar};
use crate::market::{Clock, Print, Quote, ReplayError, Simulator, SymbolBar, TradingStatus};
use crate::matching::{NewOrder, OrderEvent, Refusal};
use replayed::ReplayedExchange;
use simulated::SimulatedExchange;

/// An instrument as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Ticker.
    pub symbol: String,
    /// For people; says where the prices come from.
    pub name: String,
    /// Exchange that lists it; `REPLAY` for a file.
    pub exchange: String,
}

/// How orders fill in the simulated market. In a replay they fill as its file proves, whatever the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FillProfile {
    /// As documented of Alpaca's paper accounts: at the quote, regardless of size, one in ten in part.
    AlpacaPaper,
    /// For the displayed size, then at worse prices, 50 ms after the order was sent.
    Realistic,
}

/// What happened between two looks at the market, each list in order of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Every quote that was shown.
    pub quotes: Vec<Quote>,
    /// Trades between others; a replay has none, its file does not tell.
    pub trades: Vec<Print>,
    /// Pauses of trading that began or ended; a replay has none.
    pub statuses: Vec<TradingStatus>,
    /// Bars that were completed.
    pub bars: Vec<SymbolBar>,
    /// What became of our orders.
    pub orders: Vec<OrderEvent>,
}

/// Why the exchange could not answer.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum ExchangeError {
    /// The simulation would take too long.
    #[error("market time {wanted_ms} is {days} days ahead of {now_ms}; go at most {limit_days} days at once")]
    TooFar {
        /// Asked for.
        wanted_ms: i64,
        /// The market's time.
        now_ms: i64,
        /// The distance, rounded down.
        days: i64,
        /// The rule.
        limit_days: i64,
    },
    /// No such instrument.
    #[error("there is no instrument {0} in this market")]
    UnknownSymbol(String),
    /// The bars of this size do not exist.
    #[error(transparent)]
    BarSize(#[from] SeriesError),
    /// The file cannot be replayed.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

/// The exchange over either kind of market.
#[derive(Debug, Clone)]
pub struct Exchange {
    venue: Venue,
}

#[derive(Debug, Clone)]
enum Venue {
    Simulated(Box<SimulatedExchange>),
    Replayed(Box<ReplayedExchange>),
}

impl Exchange {
    /// Opens the simulated market of a seed on 2026-01-05 at 09:30 in New York, or later at `start_ms`. An
    /// earlier start than that moves nothing.
    ///
    /// # Errors
    /// A start more than four years later.
    pub fn simulated(seed: u64, start_ms: Option<i64>, profile: FillProfile) -> Result<Self, ExchangeError> {
        Self::over(Simulator::new(seed), seed, start_ms, profile)
    }

    /// Opens the same market with trading before and after its sessions too, for the orders that ask for it.
    ///
    /// # Errors
    /// A start more than four years later.
    pub fn simulated_with_extended_hours(
        seed: u64,
        start_ms: Option<i64>,
        profile: FillProfile,
    ) -> Result<Self, ExchangeError> {
        Self::over(Simulator::new(seed).with_extended_hours(seed), seed, start_ms, profile)
    }

    fn over(
        simulator: Simulator,
        seed: u64,
        start_ms: Option<i64>,
        profile: FillProfile,
    ) -> Result<Self, ExchangeError> {
        let exchange = SimulatedExchange::new(simulator, seed, start_ms, profile)?;
        Ok(Self { venue: Venue::Simulated(Box::new(exchange)) })
    }

    /// Opens a market of one instrument whose bars, rising in time, come from a file.
    ///
    /// # Errors
    /// Fewer than two bars.
    pub fn replayed(bars: Vec<Bar>, symbol: &str) -> Result<Self, ExchangeError> {
        Ok(Self { venue: Venue::Replayed(Box::new(ReplayedExchange::new(bars, symbol)?)) })
    }

    /// The instruments; the index of each is what quotes, bars and fills carry.
    pub fn listings(&self) -> &[Listing] {
        match &self.venue {
            Venue::Simulated(exchange) => exchange.listings(),
            Venue::Replayed(exchange) => exchange.listings(),
        }
    }

    /// Runs the simulated market up to and including a time. Does nothing in a replay, or for a time not ahead.
    ///
    /// # Errors
    /// A time more than seven days ahead.
    pub fn advance(&mut self, market_ms: i64) -> Result<Step, ExchangeError> {
        match &mut self.venue {
            Venue::Simulated(exchange) => exchange.advance(market_ms),
            Venue::Replayed(_) => Ok(Step::default()),
        }
    }

    /// Plays the next bar of a replay: first its opening, then its range, then its close. Does nothing in the
    /// simulated market, or at the end of the file.
    pub fn advance_bar(&mut self) -> Step {
        match &mut self.venue {
            Venue::Simulated(_) => Step::default(),
            Venue::Replayed(exchange) => exchange.advance_bar(),
        }
    }

    /// Takes an order, or says why not. In the open simulated market it trades with what is displayed, at once or
    /// when it arrives; otherwise it waits: while its stock is halted for the resumption, in a replay for the next
    /// bar's opening.
    ///
    /// # Errors
    /// The order is refused and leaves no trace.
    pub fn submit(&mut self, order: &NewOrder) -> Result<Vec<OrderEvent>, Refusal> {
        match &mut self.venue {
            Venue::Simulated(exchange) => exchange.submit(order),
            Venue::Replayed(exchange) => exchange.submit(order).map(|()| Vec::new()),
        }
    }

    /// Takes a working order out; `false` when there is none of this id, for example because it is filled.
    pub fn cancel(&mut self, order_id: &str) -> bool {
        match &mut self.venue {
            Venue::Simulated(exchange) => exchange.cancel(order_id),
            Venue::Replayed(exchange) => exchange.cancel(order_id),
        }
    }

    /// Ids of the working orders by instrument, buys then sells, each in price-time order.
    pub fn working(&self) -> Vec<String> {
        match &self.venue {
            Venue::Simulated(exchange) => exchange.working(),
            Venue::Replayed(exchange) => exchange.working(),
        }
    }

    /// Completed bars of `bar_s` seconds, oldest first. Simulated: whole minutes below a day, or 86400 for days
    /// stamped at midnight in New York. Replay: the size of the file's bars or a multiple.
    ///
    /// # Errors
    /// Unknown instrument or size.
    pub fn bars(&self, symbol: &str, bar_s: i64, window: BarWindow) -> Result<Vec<TradedBar>, ExchangeError> {
        let index = self.index_of(symbol)?;
        let found = match &self.venue {
            Venue::Simulated(exchange) => exchange.bars(index, bar_s, window),
            Venue::Replayed(exchange) => Some(exchange.bars(bar_s, window)),
        };
        Ok(found.ok_or_else(|| ExchangeError::UnknownSymbol(symbol.to_owned()))??)
    }

    /// The last quote of an instrument; in the simulated market it is stale while closed.
    ///
    /// # Errors
    /// Unknown instrument.
    pub fn quote(&self, symbol: &str) -> Result<Quote, ExchangeError> {
        let index = self.index_of(symbol)?;
        let found = match &self.venue {
            Venue::Simulated(exchange) => exchange.quote(index),
            Venue::Replayed(exchange) => Some(exchange.quote()),
        };
        found.ok_or_else(|| ExchangeError::UnknownSymbol(symbol.to_owned()))
    }

    /// Whether trading in an instrument is paused; never in a replay, nor for one that does not exist.
    pub fn is_halted(&self, symbol: &str) -> bool {
        match (&self.venue, self.index_of(symbol)) {
            (Venue::Simulated(exchange), Ok(index)) => exchange.is_halted(index),
            _ => false,
        }
    }

    /// The market's time and hours.
    pub fn clock(&self) -> Clock {
        match &self.venue {
            Venue::Simulated(exchange) => exchange.clock(),
            Venue::Replayed(exchange) => exchange.clock(),
        }
    }

    /// Size of the bars that steps carry, in seconds.
    pub fn bar_s(&self) -> i64 {
        match &self.venue {
            Venue::Simulated(_) => 60,
            Venue::Replayed(exchange) => exchange.bar_s(),
        }
    }

    fn index_of(&self, symbol: &str) -> Result<usize, ExchangeError> {
        let found = self.listings().iter().position(|listing| listing.symbol == symbol);
        found.ok_or_else(|| ExchangeError::UnknownSymbol(symbol.to_owned()))
    }
}

#[cfg(test)]
mod extended_tests;
#[cfg(test)]
mod order_kind_tests;
#[cfg(test)]
mod replay_tests;
#[cfg(test)]
mod simulated_tests;
