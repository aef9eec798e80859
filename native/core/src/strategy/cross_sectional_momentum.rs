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

use std::collections::{BTreeMap, VecDeque};

use super::basket::{Basket, Brought};
use super::exits;
use super::params::parse;
use super::sizing::{self, Sizing, scaled_to_volatility};
use super::{
    BarRefused, Decision, MOST_SYMBOLS, ParamSpec, Reason, Strategy, StrategyError, StrategySpec, Unit,
};
use crate::bars::Bar;
use crate::money::{Micros, PriceTicks, QtyNanos};

/// What it is.
pub(super) const SPEC: StrategySpec = StrategySpec {
    id: "cross-sectional-momentum",
    title: "Cross-sectional momentum",
    summary: "Ranks its symbols by their past return, holds the best and is short the worst, in overlapping tranches.",
    source: "Jegadeesh and Titman, Returns to buying winners and selling losers, Journal of Finance 48 (1993); crash \
             control of Barroso and Santa-Clara, Momentum has its moments, Journal of Financial Economics 116 (2015)",
    symbols: (2, MOST_SYMBOLS),
    params: PARAMS,
    all_in: false,
};

/// The parameters, in the order in which [`CrossSectionalMomentum::new`] reads them.
pub const PARAMS: &[ParamSpec; 11] = &[
    ParamSpec::bars("formation", 126.0, 1.0, 10_000.0, "Period whose return ranks the symbols."),
    ParamSpec::bars("skip", 21.0, 0.0, 1_000.0, "Left out between the formation period and now."),
    ParamSpec::bars("every", 21.0, 1.0, 10_000.0, "From one rebalance to the next."),
    ParamSpec::whole(
        "tranches",
        "tranches",
        [6.0, 1.0, 24.0],
        "Overlapping portfolios; one is replaced at a rebalance.",
    ),
    ParamSpec::number(
        "sharePct",
        "%",
        [10.0, 1.0, 50.0],
        "Part of the symbols held on each side; at least one.",
    ),
    ParamSpec::whole(
        "crashControl",
        "choice",
        [0.0, 0.0, 1.0],
        "1 scales to the volatility of winners less losers.",
    ),
    sizing::volatility_target(12.0),
    sizing::max_weight(1.0),
    sizing::BARS_A_YEAR,
    exits::DRAWDOWN,
    exits::REARM,
];

/// Returns that the volatility of winners less losers is taken over: half a year of days.
const VARIANCE_WINDOW: usize = 126;

/// Cross-sectional momentum over the symbols of an agent.
#[derive(Debug, Clone)]
pub struct CrossSectionalMomentum {
    formation: usize,
    skip: usize,
    every: usize,
    most_tranches: usize,
    a_side: usize,       // symbols on each side, at least 1, at most half
    target: Option<f64>, // yearly volatility; `None` without crash control
    most_weight: f64,
    a_year: f64,
    history: VecDeque<Vec<PriceTicks>>, // closes of the last `formation + skip + 1` whole instants
    tranches: VecDeque<Vec<f64>>,       // 1, 0 or -1 a symbol; oldest first
    spreads: VecDeque<f64>,             // last returns of winners less losers
    since_rebalance: usize,
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
        let sizing = Sizing::new(max_position, most_weight)?;
        Ok(Self {
            formation: formation as usize,
            skip: skip as usize,
            every: every as usize,
            most_tranches: tranches as usize,
            a_side,
            target: (crash == 1.0).then_some(target / 100.0),
            most_weight,
            a_year,
            history: VecDeque::new(),
            tranches: VecDeque::new(),
            spreads: VecDeque::with_capacity(VARIANCE_WINDOW),
            since_rebalance: 0,
            is_due: false,
            basket: Basket::new(symbols, 2 * a_side, sizing, drawdown, rearm as usize),
            rule: Rule::Warming,
            weights: vec![0.0; symbols],
        })
    }

    /// How many whole instants it takes before the first decision; that one is decided on.
    pub fn warm_up_instants(&self) -> usize {
        self.formation + self.skip + 1
    }

    /// Takes in a whole instant: the returns of the tranches, and a new tranche when it is time.
    fn step(&mut self) {
        let before = self.history.back();
        if let (Some(before), false) = (before, self.tranches.is_empty()) {
            let held = self.mean_tranche(self.tranches.len());
            let changes = self
                .basket
                .closes()
                .iter()
                .zip(before)
                .map(|(now, before)| *now as f64 / *before as f64 - 1.0);
            let spread = held.iter().zip(changes).map(|(part, change)| part * change).sum::<f64>()
                / self.a_side as f64;
            if self.spreads.len() == VARIANCE_WINDOW {
                self.spreads.pop_front();
            }
            self.spreads.push_back(spread);
        }
        if self.history.len() == self.warm_up_instants() {
            self.history.pop_front();
        }
        self.history.push_back(self.basket.closes().to_vec());
        if self.history.len() < self.warm_up_instants() {
            return;
        }
        self.since_rebalance += 1;
        if self.tranches.is_empty() || self.since_rebalance >= self.every {
            self.form();
        }
    }

    /// Forms a tranche of the symbols that rank first and last.
    fn form(&mut self) {
        let returns: Vec<f64> = (0..self.weights.len()).map(|symbol| self.ranked_by(symbol)).collect();
        let mut order: Vec<usize> = (0..returns.len()).collect();
        order.sort_by(|left, right| returns[*right].total_cmp(&returns[*left]));
        let mut tranche = vec![0.0; returns.len()];
        for place in 0..self.a_side {
            tranche[order[place]] = 1.0;
            tranche[order[order.len() - 1 - place]] = -1.0;
        }
        if self.tranches.len() == self.most_tranches {
            self.tranches.pop_front();
        }
        self.tranches.push_back(tranche);
        self.since_rebalance = 0;
        self.is_due = true;
    }

    /// The return that ranks the symbol; 0 until warm.
    fn ranked_by(&self, symbol: usize) -> f64 {
        let from = self.history.front();
        let to = self.history.get(self.formation);
        from.zip(to).map_or(0.0, |(from, to)| to[symbol] as f64 / from[symbol] as f64 - 1.0)
    }

    /// Each symbol's sum over the tranches divided by `count`.
    fn mean_tranche(&self, count: usize) -> Vec<f64> {
        let sum = |symbol: usize| self.tranches.iter().map(|tranche| tranche[symbol]).sum::<f64>();
        (0..self.weights.len()).map(|symbol| sum(symbol) / count as f64).collect()
    }

    /// The yearly volatility of winners less losers; `None` until enough returns have passed.
    fn volatility(&self) -> Option<f64> {
        let squares = self.spreads.iter().map(|spread| spread * spread).sum::<f64>();
        (self.spreads.len() == VARIANCE_WINDOW)
            .then(|| (squares / VARIANCE_WINDOW as f64 * self.a_year).sqrt())
    }

    fn scale(&self) -> f64 {
        self.target.map_or(1.0, |target| {
            self.volatility()
                .map_or(0.0, |volatility| scaled_to_volatility(target, volatility, self.most_weight))
        })
    }

    fn act(&mut self, decisions: &mut Vec<(usize, Decision)>) -> Rule {
        if self.tranches.is_empty() {
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
        self.weights = self.mean_tranche(self.most_tranches).iter().map(|part| part * scale).collect();
        self.basket.aim(&self.weights, decisions);
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
            ("ranked by", 100.0 * self.ranked_by(symbol), Unit::Percent),
            ("tranches", self.tranches.len() as f64, Unit::Count),
            ("in", self.mean_tranche(self.most_tranches)[symbol], Unit::Number),
            ("weight", self.weights[symbol], Unit::Number),
        ]);
        match self.volatility() {
            Some(volatility) => reason.and(&[("volatility", 100.0 * volatility, Unit::Percent)]),
            None => reason,
        }
    }
}
