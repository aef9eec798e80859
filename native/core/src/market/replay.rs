//! Bars from a file, one after the other. Nobody sees a bar before it is complete.

use thiserror::Error;

use super::tape::{Clock, Quote};
use crate::bars::{Bar, BarSeries, BarWindow, SeriesError, TradedBar};
use crate::money::PriceTicks;

/// Bars that are history when a replay starts; half of a file that is shorter than twice that.
const WARM_BARS: usize = 120;

/// Why bars cannot be replayed.
#[derive(Debug, Clone, Copy, Error, PartialEq, Eq)]
pub enum ReplayError {
    /// One bar cannot be both history and market.
    #[error("the file has {0} bar; a replay needs at least 2")]
    TooFewBars(usize),
}

/// One instrument whose prices are those of a file.
#[derive(Debug, Clone)]
pub struct Replay {
    bars: Vec<Bar>,
    bar_ms: i64,
    /// Index of the bar to come.
    next: usize,
    history: BarSeries,
    quote: Quote,
}

impl Replay {
    /// Starts after the first 120 bars, which are history. `bars` rise in time.
    ///
    /// # Errors
    /// Fewer than two bars.
    pub fn new(bars: Vec<Bar>) -> Result<Self, ReplayError> {
        let warm = WARM_BARS.min(bars.len() / 2);
        let Some(last) = warm.checked_sub(1).and_then(|index| bars.get(index)).copied() else {
            return Err(ReplayError::TooFewBars(bars.len()));
        };
        let bar_ms = median_gap(&bars);
        let mut history = BarSeries::new(bar_ms, usize::MAX);
        bars.iter().take(warm).for_each(|bar| history.push(TradedBar::untold(*bar)));
        let mut replay =
            Self { bars, bar_ms, next: warm, history, quote: quote_at(last.close_ticks, last.at_ms) };
        replay.quote.at_ms = replay.end_ms(warm - 1);
        Ok(replay)
    }

    /// Size of the file's bars: the median distance between them.
    pub fn bar_ms(&self) -> i64 {
        self.bar_ms
    }

    /// The bar to come, for the one who matches orders against it; `None` at the end of the file.
    pub fn upcoming(&self) -> Option<Bar> {
        self.bars.get(self.next).copied()
    }

    /// Opens the bar to come: the clock and the quote are those of its opening.
    pub fn open(&mut self) -> Option<Quote> {
        let bar = self.upcoming()?;
        self.quote = quote_at(bar.open_ticks, bar.at_ms);
        Some(self.quote)
    }

    /// Completes the bar to come: it becomes history and its close the quote.
    pub fn complete(&mut self) -> Option<(TradedBar, Quote)> {
        let bar = TradedBar::untold(self.upcoming()?);
        self.quote = quote_at(bar.bar.close_ticks, self.end_ms(self.next));
        self.history.push(bar);
        self.next += 1;
        Some((bar, self.quote))
    }

    /// The market's time and hours: open until the file ends.
    pub fn clock(&self) -> Clock {
        let is_open = self.next < self.bars.len();
        let next_close_ms = is_open.then(|| self.end_ms(self.bars.len() - 1));
        Clock {
            now_ms: self.quote.at_ms,
            is_open,
            next_open_ms: None,
            next_close_ms,
            extended_until_ms: None,
        }
    }

    /// The price that the replay is at.
    pub fn quote(&self) -> Quote {
        self.quote
    }

    /// Completed bars of the file's size or a multiple.
    ///
    /// # Errors
    /// The size is not a multiple.
    pub fn bars(&self, bar_s: i64, window: BarWindow) -> Result<Vec<TradedBar>, SeriesError> {
        self.history.query(bar_s, window, self.quote.at_ms)
    }

    /// A bar ends when its size says, or when the next one starts if that is sooner.
    fn end_ms(&self, index: usize) -> i64 {
        let start = self.bars.get(index).map_or(0, |bar| bar.at_ms);
        let next = self.bars.get(index + 1).map_or(i64::MAX, |bar| bar.at_ms);
        (start + self.bar_ms).min(next)
    }
}

fn quote_at(price: PriceTicks, at_ms: i64) -> Quote {
    Quote {
        symbol: 0,
        bid_ticks: price,
        ask_ticks: price,
        bid_shares: 0,
        ask_shares: 0,
        last_ticks: price,
        at_ms,
    }
}

fn median_gap(bars: &[Bar]) -> i64 {
    let mut gaps: Vec<i64> = bars.windows(2).map(|pair| pair[1].at_ms - pair[0].at_ms).collect();
    gaps.sort_unstable();
    // A whole second at least: sizes are asked for in seconds.
    gaps.get(gaps.len() / 2).map_or(1_000, |gap| (gap / 1_000 * 1_000).max(1_000))
}
