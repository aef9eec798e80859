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
//!   distance. Opens beyond one deviation that the filter expects, leaves when the innovation changes its sign.
//!
//! The larger leg is of the position limit. A pair stopped beyond `stopZ` is opened again only after it was within
//! `exitZ`. A hedge ratio that is not positive is no hedge: such a pair is not opened. Sizes stay as they were opened.

mod formation;
mod spread;

use std::collections::{BTreeMap, VecDeque};

use self::formation::{Rules as FormationRules, cointegrated, form};
use self::spread::{Method, Spread, Standing};
use super::basket::{Basket, Brought};
use super::exits;
use super::params::parse;
use super::sizing::Sizing;
use super::{
    BarRefused, Decision, MOST_SYMBOLS, ParamSpec, Reason, Strategy, StrategyError, StrategySpec, Unit,
};
use crate::bars::Bar;
use crate::money::{Micros, QtyNanos};

/// What it is.
pub(super) const SPEC: StrategySpec = StrategySpec {
    id: "pairs",
    title: "Pairs",
    summary: "Finds the symbols that move together; when two come apart, it is short the dear one and holds the cheap \
              one until they meet.",
    source: "Gatev, Goetzmann and Rouwenhorst, Review of Financial Studies 19 (2006); Engle and Granger, Econometrica 55 \
             (1987); Chan, Algorithmic Trading (2013)",
    symbols: (2, MOST_SYMBOLS),
    params: PARAMS,
    all_in: false,
};

/// The parameters, in the order in which [`Pairs::new`] reads them.
pub const PARAMS: &[ParamSpec; 12] = &[
    ParamSpec::whole("method", "choice", [1.0, 0.0, 2.0], "0 distance, 1 cointegration, 2 Kalman hedge."),
    ParamSpec::bars("formation", 252.0, 20.0, 5_000.0, "Instants that pairs are formed on."),
    ParamSpec::bars("trading", 126.0, 1.0, 5_000.0, "Instants that formed pairs are traded."),
    ParamSpec::whole("pairs", "pairs", [1.0, 1.0, 8.0], "Most pairs at once; no symbol is in two."),
    ParamSpec::number(
        "entryZ",
        "deviations",
        [2.0, 0.1, 10.0],
        "Opens beyond this spread; not by Kalman, which takes 1.",
    ),
    ParamSpec::number(
        "exitZ",
        "deviations",
        [0.5, 0.0, 10.0],
        "Leaves within this spread, by cointegration; below entryZ.",
    ),
    ParamSpec::number(
        "stopZ",
        "deviations",
        [4.0, 0.1, 40.0],
        "Leaves beyond this spread, by cointegration; above entryZ.",
    ),
    ParamSpec::number(
        "cointP",
        "probability",
        [0.1, 0.0001, 1.0],
        "Largest p-value of the cointegration test.",
    ),
    ParamSpec::number("delta", "share", [1e-4, 1e-9, 0.5], "How fast the Kalman hedge may drift."),
    ParamSpec::number(
        "noise",
        "points squared",
        [1e-3, 1e-9, 1e3],
        "Variance that the Kalman filter takes for noise.",
    ),
    exits::DRAWDOWN,
    exits::REARM,
];

/// From one test of an old pair, or search for a first one, to the next.
const CHECK_EVERY: usize = 21;

/// Pairs among the symbols of an agent.
#[derive(Debug, Clone)]
pub struct Pairs {
    rules: Rules,
    forming: FormationRules,
    closes: Vec<VecDeque<f64>>, // the last `formation` of each symbol
    pairs: Vec<Pair>,
    since_formed: usize,
    is_formed: bool,
    basket: Basket,
    weights: Vec<Option<f64>>, // of this instant; `None` keeps the position
    is_warming: bool,
}

#[derive(Debug, Clone, Copy)]
struct Rules {
    formation: usize,
    trading: usize,
    entry_z: f64,
    exit_z: f64,
    stop_z: f64,
}

/// A pair that is traded.
#[derive(Debug, Clone)]
struct Pair {
    y: usize,
    x: usize,
    rank: f64,
    spread: Spread,
    standing: Option<Standing>,
    side: f64, // of y: 1, -1, or 0 when flat
    is_blocked: bool,
    is_broken: bool,
    rule: Rule,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
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
    fn name(self) -> &'static str {
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

impl Pairs {
    /// Builds the strategy over `symbols` symbols (at least 2), flat and cold. Refuses parameters outside [`PARAMS`] and
    /// bounds in the wrong order.
    pub fn new(
        symbols: usize,
        params: &BTreeMap<String, f64>,
        max_position: Micros,
    ) -> Result<Self, StrategyError> {
        let [
            method,
            formation,
            trading,
            most,
            entry_z,
            exit_z,
            stop_z,
            coint_p,
            delta,
            noise,
            drawdown,
            rearm,
        ] = parse(PARAMS, params)?;
        StrategyError::check_order(("exitZ", exit_z), ("entryZ", entry_z))?;
        StrategyError::check_order(("entryZ", entry_z), ("stopZ", stop_z))?;
        let method = match method as usize {
            0 => Method::Distance,
            1 => Method::Cointegration,
            _ => Method::Kalman,
        };
        let (formation, most) = (formation as usize, most as usize);
        let legs = 2 * most.min(symbols / 2);
        Ok(Self {
            rules: Rules { formation, trading: trading as usize, entry_z, exit_z, stop_z },
            forming: FormationRules { method, most, coint_p, delta, noise },
            closes: vec![VecDeque::with_capacity(formation); symbols],
            pairs: Vec::new(),
            since_formed: 0,
            is_formed: false,
            basket: Basket::new(symbols, legs, Sizing::new(max_position, 1.0)?, drawdown, rearm as usize),
            weights: vec![None; symbols],
            is_warming: true,
        })
    }

    /// Takes in a whole instant and forms or tests pairs when it is time.
    fn step(&mut self) {
        for (closes, close) in self.closes.iter_mut().zip(self.basket.closes()) {
            if closes.len() == self.rules.formation {
                closes.pop_front();
            }
            closes.push_back(*close as f64);
        }
        for Pair { spread, standing, y, x, .. } in &mut self.pairs {
            *standing = spread.push(self.basket.closes()[*y] as f64, self.basket.closes()[*x] as f64);
        }
        if self.basket.instants_seen() < self.rules.formation {
            return;
        }
        self.since_formed += 1;
        // Without any pair the next search comes sooner.
        let wait =
            if self.pairs.is_empty() { CHECK_EVERY.min(self.rules.trading) } else { self.rules.trading };
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
        let closes: Vec<Vec<f64>> =
            self.closes.iter().map(|closes| closes.iter().copied().collect()).collect();
        for old in &self.pairs {
            (self.weights[old.y], self.weights[old.x]) = (Some(0.0), Some(0.0));
        }
        let formed = form(&closes, &self.forming).into_iter();
        self.pairs = formed
            .map(|formed| Pair {
                y: formed.y,
                x: formed.x,
                rank: formed.rank,
                spread: formed.spread,
                standing: None,
                side: 0.0,
                is_blocked: false,
                is_broken: false,
                rule: Rule::Together,
            })
            .collect();
        (self.since_formed, self.is_formed) = (0, true);
    }

    /// Marks the pairs that are no longer cointegrated.
    fn test(&mut self) {
        let series = |symbol: usize| self.closes[symbol].iter().copied().collect::<Vec<f64>>();
        for pair in &mut self.pairs {
            pair.is_broken |= cointegrated(&series(pair.y), &series(pair.x), self.forming.coint_p).is_none();
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
            let hedge = pair.act(is_resting, self.forming.method, &self.rules);
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

impl Pair {
    /// Decides on the side of y and gives the hedge that belongs to it, above 0.
    fn act(&mut self, is_resting: bool, method: Method, rules: &Rules) -> f64 {
        let Some(Standing { z, hedge }) = self.standing else { return 1.0 };
        let (entry, exit, stop) = match method {
            Method::Distance => (rules.entry_z, 0.0, f64::INFINITY),
            Method::Cointegration => (rules.entry_z, rules.exit_z, rules.stop_z),
            Method::Kalman => (1.0, 0.0, f64::INFINITY),
        };
        if z.abs() < rules.exit_z {
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
        self.basket.instants_seen() + 1 >= self.rules.formation
    }

    fn target_qty_nanos(&self, symbol: usize) -> QtyNanos {
        self.basket.qty_nanos(symbol)
    }

    fn reason(&self, symbol: usize) -> Reason {
        if self.is_warming {
            return Reason::warming(self.basket.instants_seen(), self.rules.formation);
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
