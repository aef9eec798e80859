//! Price bars: what one is, how a file of them is read, how they are kept and asked for.

pub mod date;
pub mod decimal;
mod read;
mod series;
#[cfg(test)]
mod series_tests;

pub use read::{BarFileError, MAX_PRICE_TICKS, read_bars};
pub use series::{BarSeries, BarWindow, SeriesError};

use crate::money::PriceTicks;

/// One price bar. `low <= open, close <= high` holds for every bar that the simulator makes; for a bar read
/// from a file only `0 < low <= high` has been checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// Start of the bar in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// First price.
    pub open_ticks: PriceTicks,
    /// Highest price.
    pub high_ticks: PriceTicks,
    /// Lowest price.
    pub low_ticks: PriceTicks,
    /// Last price.
    pub close_ticks: PriceTicks,
    /// Whole shares traded, at least 0.
    pub volume: i64,
}

impl Bar {
    /// Adds the bar after it, so that one bar stands for both; the start stays.
    pub fn extend(&mut self, later: &Self) {
        self.high_ticks = self.high_ticks.max(later.high_ticks);
        self.low_ticks = self.low_ticks.min(later.low_ticks);
        self.close_ticks = later.close_ticks;
        self.volume = self.volume.saturating_add(later.volume);
    }
}

/// A bar with what is known about the trades inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TradedBar {
    /// The prices and the volume.
    pub bar: Bar,
    /// Trades inside the bar; 0 when the bar comes from a file, which does not tell.
    pub trade_count: i64,
    /// Volume-weighted average price; the close when the bar comes from a file, which does not tell.
    pub vwap_ticks: PriceTicks,
}

impl TradedBar {
    /// Wraps a bar about whose trades nothing is known.
    pub fn untold(bar: Bar) -> Self {
        Self { bar, trade_count: 0, vwap_ticks: bar.close_ticks }
    }
}
