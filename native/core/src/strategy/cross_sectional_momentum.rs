//! Cross-sectional momentum of Jegadeesh and Titman, "Returns to buying winners and selling losers", Journal of
//! Finance 48 (1993): the best of the past are held, the worst are sold short.
//!
//! - Every `every` instants the symbols are ranked by close `skip` ago / close `skip + formation` ago - 1, the
//!   return of the formation period, which ends `skip` instants ago. The top share is a long portfolio, the bottom
//!   share as many shorts, equally weighted. Of equal returns the symbol earlier in the list ranks higher.
//! - Such a portfolio is one of `tranches` overlapping ones and is held for that many rebalances; then it makes place.
//!   A symbol's weight is its mean over all tranches; one not formed yet is cash.
//! - With `crashControl` 1 all weights are scaled by target / volatility of the winners less the losers over the
//!   last 126 instants (Barroso and Santa-Clara, "Momentum has its moments", Journal of Financial Economics 116, 2015:
//!   the realised variance around 0, annualised). Until those have passed, the weight is 0.
//!
//! Beyond the papers: at each rebalance the tranches are brought back to equal weights instead of drifting, at least
//! one symbol is held on each side however few there are, small changes of size are left, and a drawdown stop.

mod spec;
mod tranches;

use std::collections::BTreeMap;

use self::spec::PARAMS;
pub(super) use self::spec::SPEC;
use self::tranches::{Schedule, Tranches};
use super::basket::{Basket, Brought};
use super::params::parse;
use super::sizing::{Sizing, scaled_to_volatility};
use super::{BarRefused, Decision, Reason, Strategy, StrategyError, Unit};
use crate::bars::Bar;
use crate::money::{Micros, QtyNanos};

/// Cross-sectional momentum over the symbols of an agent.
#[derive(Debug, Clone)]
pub struct CrossSectionalMomentum {
    tranches: Tranches,
    target: Option<f64>, // yearly volatility; `None` without crash control
    most_weight: f64,
    a_year: f64,
    is_due: bool, // a rebalance has not been acted on
    basket: Basket,
    rule: Rule,
    weights: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Warming,
    Rebalanced,
    Holds,
    DrawnDown,
}

impl Rule {
    fn name(self) -> &'static str {
        match self {
            Self::Warming => "warming",
            Self::Rebalanced => "rebalanced",
            Self::Holds => "holds until the next rebalance",
            Self::DrawnDown => "rests after a drawdown",
        }
    }
}

impl CrossSectionalMomentum {
    /// Builds the strategy over `symbols` symbols (at least 2), flat and cold. Refuses parameters outside [`PARAMS`].
    pub fn new(
        symbols: usize,
        params: &BTreeMap<String, f64>,
        max_position: Micros,
    ) -> Result<Self, StrategyError> {
        let [formation, skip, every, tranches, share, crash, target, most_weight, a_year, drawdown, rearm] =
            parse(PARAMS, params)?;
        let a_side = ((symbols as f64 * share / 100.0) as usize).max(1).min(symbols / 2);
        let schedule = Schedule {
            formation: formation as usize,
            skip: skip as usize,
            every: every as usize,
            most: tranches as usize,
            a_side,
        };
        let sizing = Sizing::new(max_position, most_weight)?;
        Ok(Self {
            tranches: Tranches::new(symbols, schedule),
            target: (crash == 1.0).then_some(target / 100.0),
            most_weight,
            a_year,
            is_due: false,
            basket: Basket::new(symbols, 2 * a_side, sizing, drawdown, rearm as usize),
            rule: Rule::Warming,
            weights: vec![0.0; symbols],
        })
    }

    /// How many whole instants it takes before the first decision; that one is decided on.
    pub fn warm_up_instants(&self) -> usize {
        self.tranches.schedule().warm_up_instants()
    }

    fn step(&mut self) {
        self.is_due |= self.tranches.push(self.basket.closes());
    }

    /// The yearly volatility of winners less losers; `None` until enough returns have passed.
    fn volatility(&self) -> Option<f64> {
        self.tranches.volatility(self.a_year)
    }

    fn scale(&self) -> f64 {
        self.target.map_or(1.0, |target| {
            self.volatility()
                .map_or(0.0, |volatility| scaled_to_volatility(target, volatility, self.most_weight))
        })
    }

    fn act(&mut self, decisions: &mut Vec<(usize, Decision)>) -> Rule {
        if self.tranches.count() == 0 {
            self.basket.warm(decisions);
            return Rule::Warming;
        }
        if self.basket.is_resting() {
            self.basket.leave(decisions);
            self.is_due = true; // back in as soon as it is armed again
            return Rule::DrawnDown;
        }
        if !self.is_due {
            self.basket.keep(decisions);
            return Rule::Holds;
        }
        self.is_due = false;
        let scale = self.scale();
        self.weights = self.tranches.parts().iter().map(|part| part * scale).collect();
        let weights: Vec<Option<f64>> = self.weights.iter().copied().map(Some).collect();
        self.basket.aim(&weights, decisions);
        Rule::Rebalanced
    }
}

impl Strategy for CrossSectionalMomentum {
    fn observe(&mut self, symbol: usize, bar: &Bar) -> Result<(), BarRefused> {
        if self.basket.take(symbol, bar)? != Brought::Nothing {
            self.step();
        }
        Ok(())
    }

    fn decide(
        &mut self,
        symbol: usize,
        bar: &Bar,
        decisions: &mut Vec<(usize, Decision)>,
    ) -> Result<(), BarRefused> {
        let brought = self.basket.take(symbol, bar)?;
        if brought != Brought::Nothing {
            self.step();
        }
        if brought == Brought::New {
            self.rule = self.act(decisions);
        }
        Ok(())
    }

    fn is_warm(&self) -> bool {
        self.basket.instants_seen() + 1 >= self.warm_up_instants()
    }

    fn target_qty_nanos(&self, symbol: usize) -> QtyNanos {
        self.basket.qty_nanos(symbol)
    }

    fn reason(&self, symbol: usize) -> Reason {
        if self.rule == Rule::Warming {
            return Reason::warming(self.basket.instants_seen(), self.warm_up_instants());
        }
        let reason = self.basket.reason(self.rule.name(), symbol).and(&[
            ("ranked by", 100.0 * self.tranches.ranked_by(symbol), Unit::Percent),
            ("tranches", self.tranches.count() as f64, Unit::Count),
            ("in", self.tranches.parts()[symbol], Unit::Number),
            ("weight", self.weights[symbol], Unit::Number),
        ]);
        match self.volatility() {
            Some(volatility) => reason.and(&[("volatility", 100.0 * volatility, Unit::Percent)]),
            None => reason,
        }
    }
}
