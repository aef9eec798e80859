//! Statistical arbitrage of Avellaneda and Lee, "Statistical arbitrage in the U.S. equities market", Quantitative
//! Finance 10 (2010): what is left of a stock's return after common factors is traded back to its mean.
//!
//! At every instant:
//! - The factors are the first principal components of the correlation of the last `window` returns that explain
//!   `explainedPct` of their variance; an eigenportfolio holds v / sigma of each symbol.
//! - The last `regression` returns of each symbol are regressed on those of the eigenportfolios and a constant. The sums
//!   of what is left are fitted as an Ornstein-Uhlenbeck process: level m, deviation s, b kept a step. It counts when
//!   it reverts in less than half of the regression window: -ln b > 2 / `regression`.
//! - The score is -(m - mean of all m) / s: the sums end at 0, so that is where the stock stands now.
//! - Opens long below -`openZ`, short above `openZ`; leaves a long above -`closeLongZ`, a short below `closeShortZ`, and
//!   either when its process no longer counts.
//! - A position is a dollar of the stock less its betas in the eigenportfolios. The hedges of all are summed; the
//!   whole book is scaled so that its largest position is the limit, or less.
//!
//! Beyond the paper: the scale by the position limit instead of a leverage, the shared resize band and drawdown stop. A
//! book is aimed at anew only when a position opens or closes, as betas change little in between. There is no drift
//! term in the score.

mod book;
mod factors;
mod spec;

use std::collections::{BTreeMap, VecDeque};

use self::book::{Bounds, book};
use self::factors::{Residual, Rules as FactorRules, residuals};
use self::spec::PARAMS;
pub(super) use self::spec::SPEC;
use super::basket::{Basket, Brought};
use super::params::parse;
use super::sizing::Sizing;
use super::{BarRefused, Decision, Reason, Strategy, StrategyError, Unit};
use crate::bars::Bar;
use crate::money::{Micros, PriceTicks, QtyNanos};

/// Statistical arbitrage over the symbols of an agent.
#[derive(Debug, Clone)]
pub struct Arbitrage {
    forming: FactorRules,
    bounds: Bounds,
    before: Vec<PriceTicks>,     // closes of the last whole instant
    returns: Vec<VecDeque<f64>>, // the last `window` of each symbol
    found: Option<Vec<Residual>>,
    sides: Vec<f64>, // of each symbol's residual: 1, -1 or 0
    weights: Vec<f64>,
    basket: Basket,
    rule: Rule,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Warming,
    NoFactors,
    Aimed,
    Holds,
    DrawnDown,
}

impl Rule {
    fn name(self) -> &'static str {
        match self {
            Self::Warming => "warming",
            Self::NoFactors => "returns have no factors",
            Self::Aimed => "positions changed",
            Self::Holds => "no position changed",
            Self::DrawnDown => "rests after a drawdown",
        }
    }
}

impl Arbitrage {
    /// Builds the strategy over `symbols` symbols, flat and cold. Refuses parameters outside [`PARAMS`] and bounds in the
    /// wrong order.
    pub fn new(
        symbols: usize,
        params: &BTreeMap<String, f64>,
        max_position: Micros,
    ) -> Result<Self, StrategyError> {
        let [window, regression, explained, open_z, close_long_z, close_short_z, drawdown, rearm] =
            parse(PARAMS, params)?;
        StrategyError::check_order(("regression", regression), ("window", window + 1.0))?;
        StrategyError::check_order(("closeLongZ", close_long_z), ("openZ", open_z))?;
        StrategyError::check_order(("closeShortZ", close_short_z), ("openZ", open_z))?;
        let sizing = Sizing::new(max_position, 1.0)?;
        Ok(Self {
            forming: FactorRules {
                window: window as usize,
                regression: regression as usize,
                explained: explained / 100.0,
            },
            bounds: Bounds { open: open_z, close_long: close_long_z, close_short: close_short_z },
            before: Vec::with_capacity(symbols),
            returns: vec![VecDeque::with_capacity(window as usize); symbols],
            found: None,
            sides: vec![0.0; symbols],
            weights: vec![0.0; symbols],
            basket: Basket::new(symbols, symbols, sizing, drawdown, rearm as usize),
            rule: Rule::Warming,
        })
    }

    /// How many whole instants it takes before the first decision; that one is decided on.
    pub fn warm_up_instants(&self) -> usize {
        self.forming.window + 1
    }

    fn step(&mut self) {
        for (symbol, before) in self.before.iter().enumerate() {
            let returns = &mut self.returns[symbol];
            if returns.len() == self.forming.window {
                returns.pop_front();
            }
            returns.push_back(self.basket.closes()[symbol] as f64 / *before as f64 - 1.0);
        }
        self.before.clear();
        self.before.extend(self.basket.closes());
    }

    fn act(&mut self, decisions: &mut Vec<(usize, Decision)>) -> Rule {
        if self.basket.instants_seen() < self.warm_up_instants() {
            self.basket.warm(decisions);
            return Rule::Warming;
        }
        let returns: Vec<Vec<f64>> = self.returns.iter().map(|past| past.iter().copied().collect()).collect();
        self.found = residuals(&returns, &self.forming);
        let Some(found) = &self.found else {
            // A symbol that does not move, or moves wholly with others: nothing can be told.
            self.sides.fill(0.0);
            self.basket.leave(decisions);
            return Rule::NoFactors;
        };
        if self.basket.is_resting() {
            self.sides.fill(0.0);
            self.basket.leave(decisions);
            return Rule::DrawnDown;
        }
        let before = self.sides.clone();
        for (side, residual) in self.sides.iter_mut().zip(found) {
            *side = self.bounds.side(*side, residual.score);
        }
        if self.sides == before {
            self.basket.keep(decisions);
            return Rule::Holds;
        }
        self.weights = book(&self.sides, found);
        let weights: Vec<Option<f64>> = self.weights.iter().copied().map(Some).collect();
        self.basket.aim(&weights, decisions);
        Rule::Aimed
    }
}

impl Strategy for Arbitrage {
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
            ("side", self.sides[symbol], Unit::Number),
            ("weight", self.weights[symbol], Unit::Number),
        ]);
        let Some(residual) = self.found.as_ref().map(|found| &found[symbol]) else { return reason };
        let reason = reason.and(&[("factors", residual.factors as f64, Unit::Count)]);
        let Some(process) = residual.process else { return reason };
        let measures = [("kappa", process.kappa), ("level", process.level), ("deviation", process.deviation)];
        let scored = residual.score.map(|score| ("score", score));
        measures
            .into_iter()
            .chain(scored)
            .fold(reason, |reason, (name, value)| reason.and(&[(name, value, Unit::Number)]))
    }
}
