//! The exits that all strategies share, seen at closes: a stop some ATR from the entry, a time stop, and a drawdown
//! stop on the strategy's own equity.
//!
//! That equity is the largest value of all its positions plus what it has won and lost at the closes, without costs:
//! a strategy sees no account. Once it is down from its peak by more than the limit, the strategy goes flat and rests.
//! After `rearmBars` bars in which it was flat it is armed again, and the peak starts from what is left.

use super::ParamSpec;
use crate::indicators::greater;

/// Ranges that the stop's ATR is averaged over.
pub(super) const ATR_PERIOD: usize = 14;

/// The distance of the stop.
pub(super) const fn stop_atr(default: f64) -> ParamSpec {
    ParamSpec::number(
        "stopAtr",
        "ATR",
        [default, 0.0, 20.0],
        "Distance of the stop from the entry; 0 for none.",
    )
}

/// The most that may be lost at the stop.
pub(super) const MAX_LOSS: ParamSpec = ParamSpec::number(
    "maxLossPct",
    "%",
    [5.0, 0.1, 100.0],
    "Largest loss at the stop, of the position limit; bounds the size.",
);

/// The drawdown that sends the strategy to rest.
pub(super) const DRAWDOWN: ParamSpec = ParamSpec::number(
    "drawdownPct",
    "%",
    [10.0, 0.5, 100.0],
    "Goes flat when its own equity is down from its peak by more.",
);

/// How long it rests.
pub(super) const REARM: ParamSpec = ParamSpec::bars(
    "rearmBars",
    20.0,
    1.0,
    100_000.0,
    "Flat bars before a strategy that was drawn down trades again.",
);

/// Why a position was left whatever the signal said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forced {
    Stopped,
    TimedOut,
    DrawnDown,
}

impl Forced {
    pub fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::TimedOut => "held long enough",
            Self::DrawnDown => "drawn down",
        }
    }
}

/// The equity as the strategy marks it itself, in ticks x shares.
#[derive(Debug, Clone)]
pub(super) struct Drawdown {
    equity: f64,
    peak: f64,
    most: f64, // share of the peak, above 0 and at most 1
    rest_bars: usize,
    rest_left: usize, // above 0 while it rests
}

impl Drawdown {
    /// Starts armed, with the largest value of all positions as equity.
    pub fn new(base: f64, most_pct: f64, rest_bars: usize) -> Self {
        Self { equity: base, peak: base, most: most_pct / 100.0, rest_bars, rest_left: 0 }
    }

    /// Takes in what a bar with a position won or lost.
    #[inline]
    pub fn mark(&mut self, gain: f64) {
        self.equity += gain;
        if self.rest_left == 0 {
            self.peak = greater(self.peak, self.equity);
            if self.depth() > self.most {
                self.rest_left = self.rest_bars;
            }
        }
    }

    /// Takes in a bar without a position, of which the equity knows nothing. Only these bars of rest count.
    #[inline]
    pub fn pass(&mut self) {
        if self.rest_left > 0 {
            self.rest_left -= 1;
            if self.rest_left == 0 {
                self.peak = self.equity;
            }
        }
    }

    /// Whether the strategy must be flat.
    pub fn is_resting(&self) -> bool {
        self.rest_left > 0
    }

    /// How far the equity is below its peak, as a share of it. All of it once nothing is left to lose.
    pub fn depth(&self) -> f64 {
        if self.peak > 0.0 { 1.0 - self.equity / self.peak } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_after_a_drawdown_for_flat_bars_only_and_starts_a_new_peak() {
        let mut drawdown = Drawdown::new(100.0, 10.0, 2);
        drawdown.mark(20.0);
        drawdown.pass();
        drawdown.mark(-12.0);
        assert!(!drawdown.is_resting()); // exactly a tenth below 120
        drawdown.mark(-1.0);
        assert!(drawdown.is_resting());
        drawdown.mark(0.0); // still to be sold
        drawdown.pass();
        assert!(drawdown.is_resting());
        drawdown.pass();
        assert!(!drawdown.is_resting());
        assert_eq!(drawdown.depth(), 0.0);
    }
}
