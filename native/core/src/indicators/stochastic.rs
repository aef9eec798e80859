//! Stochastic oscillator: where the close lies in the range of the last bars.

use super::extremes::RollingExtremes;
use super::simple::Sma;
use crate::bars::Bar;

/// Both lines at one bar, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StochasticLines {
    /// The place of the close in the range, smoothed.
    pub k: f64,
    /// The mean of the last k.
    pub d: f64,
}

/// The stochastic oscillator with simple averages. A smoothing of 1 makes it the fast one, 3 the usual slow one.
#[derive(Debug, Clone)]
pub struct Stochastic {
    range: RollingExtremes,
    smooth: Sma,
    signal: Sma,
    lines: Option<StochasticLines>,
}

impl Stochastic {
    /// Makes the oscillator: range over `period` bars, k a mean of `smoothing` places, d of `signal` k. 0 is taken as 1.
    pub fn new(period: usize, smoothing: usize, signal: usize) -> Self {
        Self {
            range: RollingExtremes::new(period),
            smooth: Sma::new(smoothing),
            signal: Sma::new(signal),
            lines: None,
        }
    }

    /// Takes in the next bar and gives both lines, `None` until `warm_up` bars have passed.
    pub fn push(&mut self, bar: &Bar) -> Option<StochasticLines> {
        let range = self.range.push(bar.low_ticks as f64, bar.high_ticks as f64)?;
        let k = self.smooth.push(place(bar.close_ticks as f64, *range.start(), *range.end()))?;
        let d = self.signal.push(k)?;
        self.lines = Some(StochasticLines { k, d });
        self.lines
    }

    /// The current lines, `None` until warm.
    pub fn value(&self) -> Option<StochasticLines> {
        self.lines
    }

    /// How many bars pass before the first result: `period + smoothing + signal - 3`.
    pub fn warm_up(&self) -> usize {
        self.range.warm_up() + self.smooth.warm_up() + self.signal.warm_up()
    }
}

/// The place of the close between low and high, in percent; the middle when they are one, where TA-Lib gives 0.
fn place(close: f64, low: f64, high: f64) -> f64 {
    if high > low { 100.0 * (close - low) / (high - low) } else { 50.0 }
}
