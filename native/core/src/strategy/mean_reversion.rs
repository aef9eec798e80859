//! Mean reversion to a Bollinger band's middle (J. Bollinger, "Bollinger on Bollinger Bands", 2001), in markets that
//! are found to revert as an Ornstein-Uhlenbeck process does (E. P. Chan, "Algorithmic Trading", 2013).
//!
//! - z = (close - mean) / population deviation of the last `period` closes.
//! - Enters long when z < -`entryZ` and short when z > `entryZ`, not beyond `stopZ`, and only through the gate.
//! - The gate looks at the last `gateWindow` closes: it is open when their half-life is in its range, or else the
//!   Dickey-Fuller test (constant, one lag) rejects a unit root at `adfP`, or else Hurst's exponent is below its bound;
//!   the first that holds decides. It is looked at when an entry is wanted, at most every `gateEvery` bars.
//! - Leaves when |z| < `exitZ`, when |z| > `stopZ`, after `halfLives` half-lives (of the largest allowed when the gate
//!   opened without one), and by the shared exits. A side that was left otherwise than at the mean is entered again
//!   only after |z| < `exitZ`.
//! - The weight is target / volatility x min(|z| / `fullZ`, 1), set at the entry: linear in -z, and not changed while
//!   the position is held.

use std::collections::BTreeMap;

use super::exits::{self, Forced};
use super::params::parse;
use super::position::{ExitRules, Position};
use super::reverting::{Gate, GateRules, Verdict};
use super::sizing::{self, Sizing, scaled_to_volatility};
use super::{
    Action, BarRefused, Decision, MOST_SYMBOLS, ParamSpec, Reason, StrategyError, StrategySpec,
    SymbolStrategy, Unit,
};
use crate::bars::Bar;
use crate::indicators::{Bias, Divisor, EwmaVolatility, RollingMoments};
use crate::money::{Micros, QtyNanos};

/// What it is.
pub(super) const SPEC: StrategySpec = StrategySpec {
    id: "mean-reversion",
    title: "Mean reversion",
    summary: "Buys what has fallen far below its average and sells short what has risen far above it, where prices \
              are found to revert; leaves at the average, at a stop or after two half-lives.",
    source: "Bollinger, Bollinger on Bollinger Bands (2001); half-life and gate after Chan, Algorithmic Trading (2013)",
    symbols: (1, MOST_SYMBOLS),
    params: PARAMS,
    all_in: false,
};

/// The parameters, in the order in which [`MeanReversion::new`] reads them.
pub const PARAMS: &[ParamSpec; 20] = &[
    ParamSpec::bars("period", 20.0, 2.0, 1_000.0, "Closes of the band."),
    ParamSpec::number("entryZ", "deviations", [2.0, 0.1, 10.0], "Enters beyond this distance from the mean."),
    ParamSpec::number("exitZ", "deviations", [0.5, 0.0, 10.0], "Leaves within this distance; below entryZ."),
    ParamSpec::number("stopZ", "deviations", [3.5, 0.1, 40.0], "Leaves beyond this distance; above entryZ."),
    ParamSpec::number("fullZ", "deviations", [3.0, 0.1, 40.0], "Distance at which the size is full."),
    ParamSpec::whole("gate", "choice", [1.0, 0.0, 1.0], "1 enters only where prices revert, 0 everywhere."),
    ParamSpec::bars("gateWindow", 250.0, 50.0, 5_000.0, "Closes that the gate looks at."),
    ParamSpec::bars("gateEvery", 250.0, 1.0, 10_000.0, "The gate's finding is good for so long."),
    ParamSpec::bars("halfLifeMin", 2.0, 0.0, 1_000.0, "Shortest half-life that opens the gate."),
    ParamSpec::bars("halfLifeMax", 60.0, 1.0, 1_000.0, "Longest half-life that opens the gate."),
    ParamSpec::number(
        "adfP",
        "probability",
        [0.05, 0.0, 1.0],
        "A unit root less likely than this opens the gate.",
    ),
    ParamSpec::number("hurst", "exponent", [0.45, 0.0, 1.0], "A Hurst exponent below this opens the gate."),
    ParamSpec::number("halfLives", "half-lives", [2.0, 0.0, 100.0], "Longest time in a position; 0 for any."),
    sizing::volatility_target(40.0),
    sizing::max_weight(2.0),
    sizing::BARS_A_YEAR,
    exits::stop_atr(3.0),
    exits::MAX_LOSS,
    exits::DRAWDOWN,
    exits::REARM,
];

const CENTRE_OF_MASS: f64 = 60.0;
/// Returns before the volatility is believed.
const LEAST_RETURNS: usize = 20;

/// Mean reversion on one symbol.
#[derive(Debug, Clone)]
pub struct MeanReversion {
    bands: RollingMoments,
    rules: Rules,
    gate: Option<Gate>,
    volatility: EwmaVolatility,
    last_close: f64, // 0 before the first
    bars_seen: usize,
    position: Position,
    left: Option<f64>, // sign of the side not to be entered before the mean is reached
    last: Last,
}

#[derive(Debug, Clone, Copy)]
struct Rules {
    period: usize,
    entry_z: f64,
    exit_z: f64,
    stop_z: f64,
    full_z: f64,
    half_lives: f64,
    half_life_max: f64,
    target: f64, // yearly volatility
    most_weight: f64,
    a_year: f64,
}

/// What the last decision rested on.
#[derive(Debug, Clone, Copy)]
struct Last {
    rule: Rule,
    stop: Option<f64>,
    reading: Option<Reading>,
    verdict: Option<Verdict>,
    weight: f64,
}

#[derive(Debug, Clone, Copy)]
struct Reading {
    mean: f64,
    deviation: f64,
    z: f64,          // 0 when nothing varies
    volatility: f64, // of a bar
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
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
    fn name(self) -> &'static str {
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

impl MeanReversion {
    /// Builds the strategy, flat and cold. Refuses parameters outside [`PARAMS`] and bounds in the wrong order.
    pub fn new(params: &BTreeMap<String, f64>, max_position: Micros) -> Result<Self, StrategyError> {
        let [
            period,
            entry_z,
            exit_z,
            stop_z,
            full_z,
            gate,
            window,
            every,
            half_life_min,
            half_life_max,
            adf_p,
            hurst,
            half_lives,
            target,
            most_weight,
            a_year,
            stop_atr,
            max_loss_pct,
            drawdown,
            rearm,
        ] = parse(PARAMS, params)?;
        StrategyError::check_order(("exitZ", exit_z), ("entryZ", entry_z))?;
        StrategyError::check_order(("entryZ", entry_z), ("stopZ", stop_z))?;
        StrategyError::check_order(("halfLifeMin", half_life_min), ("halfLifeMax", half_life_max))?;
        let exits = ExitRules { stop_atr, max_loss_pct, most_bars: 0 };
        let gate_rules =
            GateRules { every: every as usize, half_life: (half_life_min, half_life_max), adf_p, hurst };
        Ok(Self {
            bands: RollingMoments::new(period as usize),
            rules: Rules {
                period: period as usize,
                entry_z,
                exit_z,
                stop_z,
                full_z,
                half_lives,
                half_life_max,
                target: target / 100.0,
                most_weight,
                a_year,
            },
            gate: (gate == 1.0).then(|| Gate::new(window as usize, gate_rules)),
            volatility: EwmaVolatility::new(CENTRE_OF_MASS, LEAST_RETURNS, Bias::Kept),
            last_close: 0.0,
            bars_seen: 0,
            position: Position::new(Sizing::new(max_position, most_weight)?, exits, drawdown, rearm as usize),
            left: None,
            last: Last { rule: Rule::Warming, stop: None, reading: None, verdict: None, weight: 0.0 },
        })
    }

    /// How many bars it takes before the first decision; that bar is decided on.
    pub fn warm_up_bars(&self) -> usize {
        self.rules.period.max(LEAST_RETURNS + 1).max(self.gate.as_ref().map_or(0, Gate::window))
    }

    fn take(&mut self, bar: &Bar) -> Result<Option<Reading>, BarRefused> {
        self.position.take(bar)?;
        self.bars_seen += 1;
        let close = bar.close_ticks as f64;
        let volatility =
            if self.last_close > 0.0 { self.volatility.push(close / self.last_close - 1.0) } else { None };
        self.last_close = close;
        if let Some(gate) = &mut self.gate {
            gate.push(close);
        }
        let (Some(spread), Some(volatility)) = (self.bands.push(close), volatility) else { return Ok(None) };
        if self.bars_seen < self.warm_up_bars() {
            return Ok(None);
        }
        let deviation = spread.deviation(Divisor::Population);
        let z = if deviation > 0.0 { (close - spread.mean) / deviation } else { 0.0 };
        if z.abs() < self.rules.exit_z {
            self.left = None;
        }
        Ok(Some(Reading { mean: spread.mean, deviation, z, volatility }))
    }

    fn act(&mut self, bar: &Bar, reading: &Reading) -> (Action, Rule) {
        let Some(held) = self.position.held() else { return self.act_flat(bar, reading) };
        let side = held.shares.signum() as f64;
        let z = reading.z.abs();
        // The mean may have been crossed within one bar.
        let rule = if z < self.rules.exit_z || reading.z * side > 0.0 {
            Rule::ReachedMean
        } else if z > self.rules.stop_z {
            Rule::TooFar
        } else if let Some(forced) = self.position.forced_out(bar.close_ticks) {
            Rule::Forced(forced)
        } else {
            return (Action::Hold, Rule::Holds);
        };
        self.left = (rule != Rule::ReachedMean).then_some(side);
        (self.position.leave(), rule)
    }

    fn act_flat(&mut self, bar: &Bar, reading: &Reading) -> (Action, Rule) {
        let Rules { entry_z, stop_z, .. } = self.rules;
        let (z, side) = (reading.z.abs(), -reading.z.signum());
        if z <= entry_z || z > stop_z {
            return (Action::Hold, Rule::NoEntry);
        }
        if self.position.is_resting() {
            return (Action::Hold, Rule::Resting);
        }
        if self.left == Some(side) {
            return (Action::Hold, Rule::AwaitsMean);
        }
        let verdict = self.gate.as_mut().map(Gate::verdict);
        self.last.verdict = verdict;
        if verdict.is_some_and(|verdict| !verdict.is_open()) {
            return (Action::Hold, Rule::GateShut);
        }
        self.enter(bar, side, reading, verdict)
    }

    fn enter(&mut self, bar: &Bar, side: f64, reading: &Reading, verdict: Option<Verdict>) -> (Action, Rule) {
        let Rules { full_z, half_lives, half_life_max, target, most_weight, a_year, .. } = self.rules;
        let half_life =
            verdict.and_then(|verdict| verdict.half_life).unwrap_or(half_life_max).min(half_life_max);
        self.position.hold_at_most((half_lives * half_life).ceil() as usize);
        let size = scaled_to_volatility(target, reading.volatility * a_year.sqrt(), most_weight);
        self.last.weight = side * size * (reading.z.abs() / full_z).min(1.0);
        match self.position.aim(self.last.weight, bar.close_ticks) {
            Action::Hold => (Action::Hold, Rule::Unaffordable),
            action => (action, Rule::Entered),
        }
    }
}

impl SymbolStrategy for MeanReversion {
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused> {
        self.take(bar).map(drop)
    }

    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused> {
        let reading = self.take(bar)?;
        let stop = self.position.held().and_then(|held| held.stop);
        let (action, rule) =
            reading.as_ref().map_or((Action::Warming, Rule::Warming), |reading| self.act(bar, reading));
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
        let Last { rule, stop, reading, verdict, weight } = self.last;
        let Some(reading) = reading else {
            return Reason::warming(self.bars_seen, self.warm_up_bars());
        };
        let volatility = 100.0 * reading.volatility * self.rules.a_year.sqrt();
        let reason = self.position.reason(rule.name(), stop).and(&[
            ("mean", reading.mean, Unit::Ticks),
            ("deviation", reading.deviation, Unit::Ticks),
            ("z", reading.z, Unit::Number),
            ("volatility", volatility, Unit::Percent),
            ("weight", weight, Unit::Number),
        ]);
        let Some(held) = self.position.held() else { return reason.and(&gate_measures(verdict)) };
        reason
            .and(&gate_measures(verdict))
            .and(&[("held", held.bars as f64, Unit::Count), ("at most", held.most_bars as f64, Unit::Count)])
    }
}

/// What the gate last found, as far as it looked.
fn gate_measures(verdict: Option<Verdict>) -> Vec<(&'static str, f64, Unit)> {
    let Some(verdict) = verdict else { return Vec::new() };
    let found = [("half-life", verdict.half_life), ("adf p", verdict.adf_p), ("hurst", verdict.hurst)];
    found.into_iter().filter_map(|(name, value)| Some((name, value?, Unit::Number))).collect()
}
