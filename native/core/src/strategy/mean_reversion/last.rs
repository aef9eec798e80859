//! What the last decision rested on, kept for its reason.

use super::super::Unit;
use super::super::exits::Forced;
use super::gate::Verdict;

/// What the last decision rested on.
#[derive(Debug, Clone, Copy)]
pub struct Last {
    pub rule: Rule,
    pub stop: Option<f64>,
    pub reading: Option<Reading>,
    pub verdict: Option<Verdict>,
    pub weight: f64,
}

#[derive(Debug, Clone, Copy)]
pub struct Reading {
    pub mean: f64,
    pub deviation: f64,
    pub z: f64, // 0 when nothing varies
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Warming,
    NoEntry,
    AwaitsMean,
    GateShut,
    Resting,
    Entered,
    Unaffordable,
    Holds,
    ReachedMean,
    TooFar,
    Forced(Forced),
}

impl Rule {
    pub fn name(self) -> &'static str {
        match self {
            Self::Warming => "warming",
            Self::NoEntry => "no entry",
            Self::AwaitsMean => "awaits the mean after its stop",
            Self::GateShut => "prices do not revert",
            Self::Resting => "rests after a drawdown",
            Self::Entered => "far from the mean",
            Self::Unaffordable => "the size buys no share",
            Self::Holds => "holds",
            Self::ReachedMean => "reached the mean",
            Self::TooFar => "too far from the mean",
            Self::Forced(forced) => forced.name(),
        }
    }
}

/// What the gate last found, as far as it looked.
pub fn gate_measures(verdict: Option<Verdict>) -> impl Iterator<Item = (&'static str, f64, Unit)> {
    let Verdict { half_life, adf_p, hurst, .. } = verdict.unwrap_or_default();
    let found = [("half-life", half_life), ("adf p", adf_p), ("hurst", hurst)].into_iter();
    found.filter_map(|(name, value)| Some((name, value?, Unit::Number)))
}
