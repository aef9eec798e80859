//! Pairs: of two prices that move together, the dear one is sold short and the cheap one held until they meet.
//!
//! Every `trading` instants the pairs are formed anew on the closes of the last `formation` instants and positions of
//! the old ones are left. Each symbol is in one pair at most. `method` chooses the spread:
//!
//! - 0, distance (Gatev, Goetzmann and Rouwenhorst, Review of Financial Studies 19, 2006): prices divided by those at
//!   the start of the formation period; the pairs with the least squared distance. Opens when the spread is beyond
//!   `entryZ` of its deviations in that period, leaves when the prices cross. Equal dollars on both sides.
//! - 1, cointegration (Engle and Granger, Econometrica 55, 1987): residual of the regression of log prices, for pairs
//!   whose test has p <= `cointP`, ranked by its statistic. Opens beyond `entryZ` deviations, leaves within `exitZ`,
//!   beyond `stopZ`, and when the test over the last `formation` instants, made every 21, fails. Dollars 1 : slope.
//! - 2, Kalman (Chan, Algorithmic Trading, 2013): innovation of a regression whose slope and intercept wander, over
//!   indices of 100 points at the start of the formation period, which the filter runs through first; pairs as by
//!   distance. Opens beyond one deviation that the filter expects, leaves when the innovation changes its sign. Chan's
//!   `delta` suits daily prices; on minutes it lets the hedge follow every move, and nothing is opened.
//!
//! The larger leg is of the position limit. A pair stopped beyond `stopZ` is opened again only after it was within
//! `exitZ`. A hedge ratio that is not positive is no hedge: such a pair is not opened. Sizes stay as they were opened.

mod formation;
mod pair;
mod rules;
mod spec;
mod spread;

use std::collections::BTreeMap;

use self::formation::{Rules as FormationRules, cointegrated, form};
use self::pair::{Pair, Rule};
use self::rules::{Bounds, Given};
pub(super) use self::spec::SPEC;
use self::spread::{Method, Standing};
use super::basket::{Basket, Brought};
use super::sizing::Sizing;
use super::tail::Tail;
use super::{BarRefused, Decision, Reason, Strategy, StrategyError, Unit};
use crate::bars::Bar;
use crate::money::{Micros, QtyNanos};

/// From one test of an old pair, or search for a first one, to the next.
const CHECK_EVERY: usize = 21;

/// Pairs among the symbols of an agent.
#[derive(Debug, Clone)]
pub struct Pairs {
    formation: usize,
    trading: usize,
    bounds: Bounds,
    forming: FormationRules,
    past: Vec<Tail>,  // the last `formation` values of each symbol that spreads are made of
    latest: Vec<f64>, // of these
    pairs: Vec<Pair>,
    since_formed: usize,
    is_formed: bool,
    basket: Basket,
    weights: Vec<Option<f64>>, // of this instant; `None` keeps the position
    is_warming: bool,
}

impl Pairs {
    /// Builds the strategy over `symbols` symbols (at least 2), flat and cold. Refuses parameters out of range and
    /// bounds in the wrong order.
    pub fn new(
        symbols: usize,
        params: &BTreeMap<String, f64>,
        max_position: Micros,
    ) -> Result<Self, StrategyError> {
        let Given { formation, trading, bounds, forming, drawdown_pct, rearm_bars } = rules::read(params)?;
        let legs = 2 * forming.most.min(symbols / 2);
        let sizing = Sizing::new(max_position, 1.0)?;
        Ok(Self {
            formation,
            trading,
            bounds,
            forming,
            past: (0..symbols).map(|_| Tail::new(formation)).collect(),
            latest: vec![0.0; symbols],
            pairs: Vec::new(),
            since_formed: 0,
            is_formed: false,
            basket: Basket::new(symbols, legs, sizing, drawdown_pct, rearm_bars),
            weights: vec![None; symbols],
            is_warming: true,
        })
    }

    /// Takes in a whole instant and forms or tests pairs when it is time.
    fn step(&mut self) {
        for ((past, latest), close) in self.past.iter_mut().zip(&mut self.latest).zip(self.basket.closes()) {
            *latest = self.forming.method.value(*close as f64);
            past.push(*latest);
        }
        for Pair { spread, standing, y, x, .. } in &mut self.pairs {
            *standing = spread.push(self.latest[*y], self.latest[*x]);
        }
        if self.basket.instants_seen() < self.formation {
            return;
        }
        self.since_formed += 1;
        // Without any pair the next search comes sooner.
        let wait = if self.pairs.is_empty() { CHECK_EVERY.min(self.trading) } else { self.trading };
        if !self.is_formed || self.since_formed >= wait {
            self.form();
        } else if self.forming.method == Method::Cointegration
            && self.since_formed.is_multiple_of(CHECK_EVERY)
        {
            self.test();
        }
    }

    /// Replaces all pairs; what the old ones held is left at the next decision.
    fn form(&mut self) {
        let past: Vec<&[f64]> = self.past.iter().map(Tail::values).collect();
        for old in &self.pairs {
            (self.weights[old.y], self.weights[old.x]) = (Some(0.0), Some(0.0));
        }
        let formed = form(&past, &self.forming).into_iter();
        self.pairs = formed.map(Pair::new).collect();
        (self.since_formed, self.is_formed) = (0, true);
    }

    /// Marks the pairs that are no longer cointegrated.
    fn test(&mut self) {
        let series = |symbol: usize| self.past[symbol].values();
        for pair in &mut self.pairs {
            pair.is_broken |= cointegrated(series(pair.y), series(pair.x), self.forming.coint_p).is_none();
        }
    }

    fn act(&mut self, decisions: &mut Vec<(usize, Decision)>) {
        self.is_warming = !self.is_formed;
        if self.is_warming {
            self.basket.warm(decisions);
            return;
        }
        let is_resting = self.basket.is_resting();
        for pair in &mut self.pairs {
            let before = pair.side;
            let hedge = pair.act(is_resting, self.forming.method, &self.bounds);
            if pair.side == before {
                continue;
            }
            let size = (1.0 / hedge).min(1.0);
            let legs = (pair.side * size, -pair.side * size * hedge);
            if pair.side != 0.0 && !(self.basket.buys(pair.y, legs.0) && self.basket.buys(pair.x, legs.1)) {
                (pair.side, pair.rule) = (0.0, Rule::Unaffordable);
                continue;
            }
            (self.weights[pair.y], self.weights[pair.x]) = (Some(legs.0), Some(legs.1));
        }
        if is_resting {
            self.basket.leave(decisions);
        } else {
            self.basket.aim(&self.weights, decisions);
        }
        self.weights.fill(None);
    }
}

impl Strategy for Pairs {
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
            self.act(decisions);
        }
        Ok(())
    }

    fn is_warm(&self) -> bool {
        self.basket.instants_seen() + 1 >= self.formation
    }

    fn target_qty_nanos(&self, symbol: usize) -> QtyNanos {
        self.basket.qty_nanos(symbol)
    }

    fn reason(&self, symbol: usize) -> Reason {
        if self.is_warming {
            return Reason::warming(self.basket.instants_seen(), self.formation);
        }
        let Some(pair) = self.pairs.iter().find(|pair| pair.y == symbol || pair.x == symbol) else {
            return self.basket.reason("in no pair", symbol);
        };
        let partner = if pair.y == symbol { pair.x } else { pair.y };
        let reason = self.basket.reason(pair.rule.name(), symbol).and(&[
            ("with symbol", partner as f64, Unit::Count),
            ("rank", pair.rank, Unit::Number),
            ("side of y", pair.side, Unit::Number),
        ]);
        let Some(Standing { z, hedge }) = pair.standing else { return reason };
        reason.and(&[("z", z, Unit::Number), ("hedge", hedge, Unit::Number)])
    }
}
