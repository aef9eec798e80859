//! Average true range, Wilder's form.

use super::average::Average;
use crate::bars::Bar;

/// The greater of two numbers, neither of them NaN: what the processor does in one step.
#[inline]
pub(crate) fn greater(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The less of two numbers, neither of them NaN.
#[inline]
pub(crate) fn less(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The range of a bar including the gap from the close before it.
#[inline]
pub fn true_range(bar: &Bar, previous_close: f64) -> f64 {
    let (high, low) = (bar.high_ticks as f64, bar.low_ticks as f64);
    high.max(previous_close) - low.min(previous_close)
}

/// Wilder's average of the true range. The first bar has no close before it and therefore no true range.
#[derive(Debug, Clone)]
pub struct Atr {
    previous_close: Option<f64>,
    average: Average,
}

impl Atr {
    /// Makes an average over `period` true ranges. A period of 0 is taken as 1.
    pub fn new(period: usize) -> Self {
        Self { previous_close: None, average: Average::wilder(period) }
    }

    /// Takes in the next bar and gives the average in ticks, `None` for the first `period` bars.
    #[inline]
    pub fn push(&mut self, bar: &Bar) -> Option<f64> {
        let before = self.previous_close.replace(bar.close_ticks as f64);
        self.average.take(true_range(bar, before?))
    }

    /// The current average in ticks, `None` until warm.
    pub fn value(&self) -> Option<f64> {
        self.average.value()
    }

    /// The average beneath.
    pub(crate) fn average(&self) -> &Average {
        &self.average
    }

    /// How many bars pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.average.warm_up() + 1
    }
}
