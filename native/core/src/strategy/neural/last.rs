//! What the last decision rested on, kept for its reason.

use super::super::exits::Forced;

#[derive(Debug, Clone, Copy)]
pub struct Last {
    pub rule: Rule,
    pub stop: Option<f64>,
    pub reading: Option<Reading>,
    pub weight: f64,
}

#[derive(Debug, Clone, Copy)]
pub struct Reading {
    pub forecast: f64,   // in volatilities
    pub volatility: f64, // of a bar
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Warming,
    NothingSeen,
    Unproven,
    Resting,
    AwaitsTurn,
    Forecast,
    Forced(Forced),
}

impl Rule {
    pub fn name(self) -> &'static str {
        match self {
            Self::Warming => "warming",
            Self::NothingSeen => "nothing moves",
            Self::Unproven => "no proven skill",
            Self::Resting => "rests after a drawdown",
            Self::AwaitsTurn => "awaits another forecast after its stop",
            Self::Forecast => "forecast",
            Self::Forced(forced) => forced.name(),
        }
    }
}
