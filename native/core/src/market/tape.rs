//! What a market says.

use crate::bars::TradedBar;
use crate::money::PriceTicks;

/// The best prices of one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// Index of the instrument.
    pub symbol: usize,
    /// Best price to sell at; below the ask in the simulator, equal to it in a replay.
    pub bid_ticks: PriceTicks,
    /// Best price to buy at.
    pub ask_ticks: PriceTicks,
    /// Shares displayed at the bid; 0 in a replay, where the file does not tell.
    pub bid_shares: i64,
    /// Shares displayed at the ask; 0 in a replay, where the file does not tell.
    pub ask_shares: i64,
    /// Price of the last trade before this quote.
    pub last_ticks: PriceTicks,
    /// When, on the market's clock.
    pub at_ms: i64,
}

/// One trade between others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Print {
    /// Index of the instrument.
    pub symbol: usize,
    /// Its price.
    pub price_ticks: PriceTicks,
    /// Above 0.
    pub shares: i64,
    /// When, on the market's clock.
    pub at_ms: i64,
}

/// A completed bar of the market's own size: a minute in the simulator, the file's size in a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SymbolBar {
    /// Index of the instrument.
    pub symbol: usize,
    /// The bar.
    pub bar: TradedBar,
}

/// Trading in one instrument stopped or began again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TradingStatus {
    /// Index of the instrument.
    pub symbol: usize,
    /// Whether it stopped; its last quote is void until the next one.
    pub halted: bool,
    /// When, on the market's clock.
    pub at_ms: i64,
}

/// One thing that happened, in order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarketEvent {
    /// New best prices.
    Quote(Quote),
    /// A trade.
    Print(Print),
    /// A bar was completed.
    Bar(SymbolBar),
    /// Trading in a stock was paused or resumed; one that is paused at the close resumes there.
    Status(TradingStatus),
    /// Trading before or after the regular session begins: quotes and trades are thin, and most orders wait.
    ExtendedOpened,
    /// The session, regular or extended, ended; the last quotes are void.
    Closed,
}

/// The market's clock and hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Milliseconds since 1970 on the market's clock.
    pub now_ms: i64,
    /// Whether orders can trade.
    pub is_open: bool,
    /// When the market opens next; `None` in a replay, which never opens again.
    pub next_open_ms: Option<i64>,
    /// When the running or next session ends; in a replay the end of the file, `None` beyond it.
    pub next_close_ms: Option<i64>,
    /// When the running hours before or after a session end; `None` at any other time.
    pub extended_until_ms: Option<i64>,
}
