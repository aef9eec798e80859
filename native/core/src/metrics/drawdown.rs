//! The deepest fall from a peak, and the longest time below one.

use super::curve::{CurvePoint, extremes};
use crate::money::Micros;

/// A place in the run.
#[derive(Debug, Clone, Copy)]
struct Place {
    at_ms: i64,
    instant: u64, // counted from 0
}

#[derive(Debug, Clone, Copy)]
pub struct Drawdown {
    peak: Micros,
    peaked: Option<Place>,
    trough: Micros, // the lowest since the peak
    deepest: f64,   // before this peak, as a part of the peak then, at most 0
    longest_ms: i64,
    longest_bars: u64,
}

impl Drawdown {
    /// Starts at an equity above 0.
    pub fn new(equity: Micros) -> Self {
        Self { peak: equity, peaked: None, trough: equity, deepest: 0.0, longest_ms: 0, longest_bars: 0 }
    }

    /// Adds the ends of instants, of which the first has the number `instant`.
    pub fn push_all(&mut self, ends: &[CurvePoint], instant: u64) {
        let (low, high) = extremes(ends);
        if high < self.peak {
            self.trough = self.trough.min(low);
            return;
        }
        for (end, instant) in ends.iter().zip(instant..) {
            self.push(end.at_ms, instant, end.equity_micros);
        }
    }

    fn push(&mut self, at_ms: i64, instant: u64, equity: Micros) {
        if equity < self.peak {
            self.trough = self.trough.min(equity);
            return;
        }
        if self.trough < self.peak {
            (self.longest_ms, self.longest_bars) = self.longest(at_ms, instant);
            self.deepest = self.deepest();
        }
        (self.peak, self.trough) = (equity, equity);
        self.peaked = Some(Place { at_ms, instant });
    }

    /// The highest equity.
    pub fn peak(&self) -> Micros {
        self.peak
    }

    /// The deepest fall as a part of the peak before it, at most 0.
    pub fn deepest(&self) -> f64 {
        // Below one peak the lowest equity is the deepest fall: one division a peak, not one an instant.
        self.deepest.min((self.trough - self.peak) as f64 / self.peak as f64)
    }

    /// The longest way from a peak back to its height, in milliseconds and bars. A fall that is not made up counts
    /// to the end of the run, which the caller gives.
    pub fn longest(&self, end_ms: i64, end_instant: u64) -> (i64, u64) {
        let (ms, bars) =
            self.peaked.map_or((0, 0), |peaked| (end_ms - peaked.at_ms, end_instant - peaked.instant));
        (self.longest_ms.max(ms), self.longest_bars.max(bars))
    }
}
