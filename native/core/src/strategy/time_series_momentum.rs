//! Time-series momentum of Moskowitz, Ooi and Pedersen, "Time series momentum", Journal of Financial Economics 104
//! (2012): a market that has risen over the past year is held, one that has fallen is sold short.
//!
//! Every `every` bars the position becomes sign(close / close `lookback` bars ago - 1) x target / volatility, the
//! volatility being the exponentially weighted one (centre of mass 60 bars, around its own mean, as in the paper) of
//! simple returns, annualised. With `scaled` 0 the weight is 1 instead, the variant that shows how much of a result is
//! the scaling. Between rebalances the position stands; one that was stopped waits for the next rebalance. A
//! rebalance that falls into a pause is made at the first bar after it.
//!
//! Beyond the paper, which has neither: a resize band, and the shared exits (the ATR stop is off by default).

mod spec;

use std::collections::{BTreeMap, VecDeque};

use self::spec::PARAMS;
pub(super) use self::spec::SPEC;
use super::exits::Forced;
use super::params::parse;
use super::position::{ExitRules, Position};
use super::sizing::{Sizing, scaled_to_volatility};
use super::{Action, BarRefused, Decision, Reason, StrategyError, SymbolStrategy, Unit};
use crate::bars::Bar;
use crate::indicators::{Bias, EwmaVolatility};
use crate::money::{Micros, PriceTicks, QtyNanos};

const CENTRE_OF_MASS: f64 = 60.0;
/// Returns before the volatility is believed.
const LEAST_RETURNS: usize = 20;

/// Time-series momentum on one symbol.
#[derive(Debug, Clone)]
pub struct TimeSeriesMomentum {
    every: usize,
    target: Option<f64>, // yearly volatility, `None` unscaled
    most_weight: f64,
    a_year: f64,
    closes: VecDeque<PriceTicks>, // the last `lookback` + 1
    lookback: usize,
    volatility: EwmaVolatility,
    bars_seen: usize,
    since_rebalance: usize, // bars since the last rebalance, or `every` before the first
    position: Position,
    last: Last,
}

/// What the last decision rested on.
#[derive(Debug, Clone, Copy)]
struct Last {
    rule: Rule,
    stop: Option<f64>,
    reading: Option<Reading>,
    weight: f64,
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    trailing: f64,   // return over the lookback
    volatility: f64, // a year
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Warming,
    Rebalanced,
    Holds,
    Resting,
    Forced(Forced),
}

impl Rule {
    fn name(self) -> &'static str {
        match self {
            Self::Warming => "warming",
            Self::Rebalanced => "rebalanced",
            Self::Holds => "holds until the next rebalance",
            Self::Resting => "rests after a drawdown",
            Self::Forced(forced) => forced.name(),
        }
    }
}

impl TimeSeriesMomentum {
    /// Builds the strategy, flat and cold. Refuses parameters outside [`PARAMS`].
    pub fn new(params: &BTreeMap<String, f64>, max_position: Micros) -> Result<Self, StrategyError> {
        let [lookback, every, scaled, target, most_weight, a_year, stop_atr, max_loss_pct, drawdown, rearm] =
            parse(PARAMS, params)?;
        let rules = ExitRules { stop_atr, max_loss_pct, most_bars: 0 };
        let position =
            Position::new(Sizing::new(max_position, most_weight)?, rules, drawdown, rearm as usize);
        Ok(Self {
            every: every as usize,
            target: (scaled == 1.0).then_some(target / 100.0),
            most_weight,
            a_year,
            closes: VecDeque::with_capacity(lookback as usize + 1),
            lookback: lookback as usize,
            volatility: EwmaVolatility::new(CENTRE_OF_MASS, LEAST_RETURNS, Bias::Kept),
            bars_seen: 0,
            since_rebalance: every as usize,
            position,
            last: Last { rule: Rule::Warming, stop: None, reading: None, weight: 0.0 },
        })
    }

    /// How many bars it takes before the first decision; that bar is decided on.
    pub fn warm_up_bars(&self) -> usize {
        self.lookback.max(LEAST_RETURNS) + 1
    }

    fn take(&mut self, bar: &Bar) -> Result<Option<Reading>, BarRefused> {
        self.position.take(bar)?;
        self.bars_seen += 1;
        self.since_rebalance = self.since_rebalance.saturating_add(1);
        let change = |before: PriceTicks| bar.close_ticks as f64 / before as f64 - 1.0;
        if let Some(before) = self.closes.back() {
            self.volatility.push(change(*before));
        }
        if self.closes.len() > self.lookback {
            self.closes.pop_front();
        }
        self.closes.push_back(bar.close_ticks);
        if self.bars_seen < self.warm_up_bars() {
            return Ok(None);
        }
        let volatility = self.volatility.annualised(self.a_year);
        let trailing = self.closes.front().map(|before| change(*before));
        Ok(trailing.zip(volatility).map(|(trailing, volatility)| Reading { trailing, volatility }))
    }

    fn weight(&self, reading: &Reading) -> f64 {
        let size = self
            .target
            .map_or(1.0, |target| scaled_to_volatility(target, reading.volatility, self.most_weight));
        if reading.trailing == 0.0 { 0.0 } else { size.copysign(reading.trailing) }
    }

    fn act(&mut self, bar: &Bar, reading: Option<Reading>) -> (Action, Rule) {
        let Some(reading) = reading else { return (Action::Warming, Rule::Warming) };
        if let Some(forced) = self.position.forced_out(bar.close_ticks) {
            return (self.position.leave(), Rule::Forced(forced));
        }
        if self.position.is_resting() {
            return (Action::Hold, Rule::Resting);
        }
        if self.since_rebalance < self.every {
            return (Action::Hold, Rule::Holds);
        }
        self.since_rebalance = 0;
        self.last.weight = self.weight(&reading);
        (self.position.aim(self.last.weight, bar.close_ticks), Rule::Rebalanced)
    }
}

impl SymbolStrategy for TimeSeriesMomentum {
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused> {
        self.take(bar).map(drop)
    }

    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused> {
        let reading = self.take(bar)?;
        let stop = self.position.held().and_then(|held| held.stop);
        let (action, rule) = self.act(bar, reading);
        let stop = self.position.held().map_or(stop, |held| held.stop);
        self.last = Last { rule, stop, reading, ..self.last };
        Ok(Decision { action, target_qty_nanos: self.target_qty_nanos() })
    }

    fn is_warm(&self) -> bool {
        self.bars_seen + 1 >= self.warm_up_bars()
    }

    fn target_qty_nanos(&self) -> QtyNanos {
        self.position.qty_nanos()
    }

    fn reason(&self) -> Reason {
        let Last { rule, stop, reading, weight } = self.last;
        let Some(reading) = reading else {
            return Reason::warming(self.bars_seen, self.warm_up_bars());
        };
        self.position.reason(rule.name(), stop).and(&[
            ("trailing", 100.0 * reading.trailing, Unit::Percent),
            ("volatility", 100.0 * reading.volatility, Unit::Percent),
            ("weight", weight, Unit::Number),
            ("since", self.since_rebalance as f64, Unit::Count),
        ])
    }
}
