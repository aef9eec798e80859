//! A bounded run of bars of one size, and the question "bars of this size from here to there".

use std::collections::VecDeque;

use thiserror::Error;

use super::TradedBar;
use crate::money::divide_half_even;

/// Which bars are wanted.
#[derive(Debug, Clone, Copy)]
pub struct BarWindow {
    /// First start of a bar, inclusive.
    pub start_ms: i64,
    /// Last start of a bar, inclusive.
    pub end_ms: i64,
    /// At most this many, counted from the oldest.
    pub limit: usize,
}

/// Why bars of a size cannot be given.
#[derive(Debug, Clone, Copy, Error, PartialEq, Eq)]
pub enum SeriesError {
    /// The wanted size is no multiple of what is kept.
    #[error("bars of {wanted_s} s cannot be made from bars of {kept_s} s; ask for a multiple of {kept_s}")]
    NotAMultiple {
        /// Asked for.
        wanted_s: i64,
        /// Kept.
        kept_s: i64,
    },
}

/// Completed bars of one size, oldest first. Beyond its capacity it forgets the oldest.
#[derive(Debug, Clone)]
pub struct BarSeries {
    bars: VecDeque<TradedBar>,
    bar_ms: i64,
    capacity: usize,
}

impl BarSeries {
    /// Starts an empty series of bars of `bar_ms` (above 0) that keeps the last `capacity`.
    pub fn new(bar_ms: i64, capacity: usize) -> Self {
        Self { bars: VecDeque::new(), bar_ms, capacity }
    }

    /// Keeps the last `capacity` bars from now on.
    pub fn keep(&mut self, capacity: usize) {
        self.capacity = capacity;
    }

    /// Adds a completed bar, which must start after the last one.
    pub fn push(&mut self, bar: TradedBar) {
        debug_assert!(self.bars.back().is_none_or(|last| last.bar.at_ms < bar.bar.at_ms));
        if self.bars.len() >= self.capacity {
            self.bars.pop_front();
        }
        self.bars.push_back(bar);
    }

    /// The newest bar.
    pub fn last(&self) -> Option<&TradedBar> {
        self.bars.back()
    }

    /// Number of bars kept.
    pub fn len(&self) -> usize {
        self.bars.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.bars.is_empty()
    }

    /// Completed bars of `bar_s` seconds inside the window, oldest first. Larger sizes are made by merging, in
    /// buckets aligned to multiples of the size since 1970; one that ends after `now_ms` is not complete.
    ///
    /// # Errors
    /// The size is not a multiple of the kept size.
    pub fn query(&self, bar_s: i64, window: BarWindow, now_ms: i64) -> Result<Vec<TradedBar>, SeriesError> {
        let wanted_ms = bar_s.saturating_mul(1_000);
        if wanted_ms < self.bar_ms || wanted_ms % self.bar_ms != 0 {
            return Err(SeriesError::NotAMultiple { wanted_s: bar_s, kept_s: self.bar_ms / 1_000 });
        }
        let first = self.bars.partition_point(|bar| bar.bar.at_ms < window.start_ms);
        let inside = self.bars.range(first..);
        if wanted_ms == self.bar_ms {
            let wanted = inside.take_while(|bar| bar.bar.at_ms <= window.end_ms);
            return Ok(wanted.take(window.limit).copied().collect());
        }
        let bucket_of = |at_ms: i64| at_ms - at_ms.rem_euclid(wanted_ms);
        let mut merged: Vec<TradedBar> = Vec::new();
        let mut bucket: Option<TradedBar> = None;
        for bar in inside {
            let at_ms = bucket_of(bar.bar.at_ms);
            let complete = at_ms.saturating_add(wanted_ms) <= now_ms;
            if at_ms < window.start_ms {
                continue;
            }
            if at_ms > window.end_ms || !complete {
                break;
            }
            bucket = match bucket {
                Some(open) if open.bar.at_ms == at_ms => Some(merge(open, bar)),
                finished => {
                    merged.extend(finished);
                    if merged.len() >= window.limit {
                        return Ok(merged);
                    }
                    let mut opened = *bar;
                    opened.bar.at_ms = at_ms;
                    Some(opened)
                }
            };
        }
        merged.extend(bucket);
        merged.truncate(window.limit);
        Ok(merged)
    }
}

fn merge(earlier: TradedBar, later: &TradedBar) -> TradedBar {
    let mut merged = earlier;
    merged.bar.extend(&later.bar);
    merged.trade_count = earlier.trade_count + later.trade_count;
    merged.vwap_ticks =
        if merged.trade_count == 0 { merged.bar.close_ticks } else { merged_vwap(&earlier, later) };
    merged
}

fn merged_vwap(earlier: &TradedBar, later: &TradedBar) -> i64 {
    let value = |bar: &TradedBar| i128::from(bar.vwap_ticks) * i128::from(bar.bar.volume);
    let volume = i128::from(earlier.bar.volume) + i128::from(later.bar.volume);
    if volume == 0 {
        return later.bar.close_ticks;
    }
    // An average of two prices is between them and so fits.
    i64::try_from(divide_half_even(value(earlier) + value(later), volume)).unwrap_or(later.vwap_ticks)
}
