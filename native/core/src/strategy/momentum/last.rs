//! What the last decision rested on, kept for its reason.

use super::signals::Reading;
use crate::money::PriceTicks;

/// What the last decision rested on.
#[derive(Debug, Clone, Copy)]
pub struct Last {
    pub rule: Rule,
    pub close: PriceTicks,
    pub stop: Option<f64>,
    pub reading: Option<Reading>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Warming,
    NoEntry,
    AwaitsCross,
    WithTrend,
    Holds,
    Stopped,
    Crossed,
    Unaffordable,
}

impl Rule {
    pub fn name(self) -> &'static str {
        match self {
            Self::Warming => "warming",
            Self::NoEntry => "no entry",
            Self::AwaitsCross => "awaits a cross after its stop",
            Self::WithTrend => "with the trend",
            Self::Holds => "holds",
            Self::Stopped => "stopped",
            Self::Crossed => "crossed",
            Self::Unaffordable => "the limit buys no share",
        }
    }
}
