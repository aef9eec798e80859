//! One pair: when it is opened and when it is left.

use super::formation::Formed;
use super::rules::Bounds;
use super::spread::{Method, Spread, Standing};

/// A pair that is traded.
#[derive(Debug, Clone)]
pub struct Pair {
    pub y: usize,
    pub x: usize,
    pub rank: f64,
    pub spread: Spread,
    pub standing: Option<Standing>,
    pub side: f64, // of y: 1, -1, or 0 when flat
    is_blocked: bool,
    pub is_broken: bool,
    pub rule: Rule,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Together,
    Opened,
    Holds,
    Met,
    TooFar,
    Broken,
    AwaitsMeeting,
    NoHedge,
    Unaffordable,
    DrawnDown,
}

impl Rule {
    pub fn name(self) -> &'static str {
        match self {
            Self::Together => "no entry",
            Self::Opened => "came apart",
            Self::Holds => "holds",
            Self::Met => "met",
            Self::TooFar => "too far apart",
            Self::Broken => "no longer cointegrated",
            Self::AwaitsMeeting => "awaits a meeting after its stop",
            Self::NoHedge => "no hedge",
            Self::Unaffordable => "the limit buys no share",
            Self::DrawnDown => "rests after a drawdown",
        }
    }
}

impl Pair {
    /// Starts flat.
    pub fn new(formed: Formed) -> Self {
        let Formed { y, x, rank, spread } = formed;
        Self {
            y,
            x,
            rank,
            spread,
            standing: None,
            side: 0.0,
            is_blocked: false,
            is_broken: false,
            rule: Rule::Together,
        }
    }

    /// Decides on the side of y and gives the hedge that belongs to it, above 0.
    pub fn act(&mut self, is_resting: bool, method: Method, bounds: &Bounds) -> f64 {
        let Some(Standing { z, hedge }) = self.standing else { return 1.0 };
        let (entry, exit, stop) = match method {
            Method::Distance => (bounds.entry_z, 0.0, f64::INFINITY),
            Method::Cointegration => (bounds.entry_z, bounds.exit_z, bounds.stop_z),
            Method::Kalman => (1.0, 0.0, f64::INFINITY),
        };
        if z.abs() < bounds.exit_z {
            self.is_blocked = false;
        }
        if self.side != 0.0 {
            // y is held while it is cheap: its side is opposite to the spread's sign until they meet.
            self.rule = if is_resting {
                Rule::DrawnDown
            } else if z * self.side >= 0.0 || z.abs() < exit {
                Rule::Met
            } else if z.abs() > stop {
                Rule::TooFar
            } else if self.is_broken {
                Rule::Broken
            } else {
                Rule::Holds
            };
            if self.rule != Rule::Holds {
                self.is_blocked = self.rule == Rule::TooFar;
                self.side = 0.0;
            }
            return 1.0;
        }
        self.rule = if z.abs() <= entry || z.abs() > stop {
            Rule::Together
        } else if is_resting {
            Rule::DrawnDown
        } else if self.is_broken {
            Rule::Broken
        } else if self.is_blocked {
            Rule::AwaitsMeeting
        } else if hedge > 0.0 && hedge.is_finite() {
            self.side = -z.signum();
            Rule::Opened
        } else {
            Rule::NoHedge
        };
        if self.rule == Rule::Opened { hedge } else { 1.0 }
    }
}
