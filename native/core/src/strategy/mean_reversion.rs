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

mod acting;
mod coasting;
mod gate;
mod last;
mod rules;
mod spec;

use std::collections::BTreeMap;

use self::gate::Gate;
use self::last::{Last, Reading, Rule, gate_measures};
use self::rules::{Given, Rules};
pub(super) use self::spec::SPEC;
use super::position::Position;
use super::sizing::Sizing;
use super::{BarRefused, Decision, Reason, StrategyError, SymbolStrategy, Unit};
use crate::bars::Bar;
use crate::indicators::{Bias, Divisor, EwmaVolatility, RollingMoments};
use crate::money::{Micros, QtyNanos};

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
    warm_up: usize, // bars before the first decision, which counts
    position: Position,
    left: Option<f64>, // sign of the side not to be entered before the mean is reached
    last: Last,
}

impl MeanReversion {
    /// Builds the strategy, flat and cold. Refuses parameters out of range and bounds in the wrong order.
    pub fn new(params: &BTreeMap<String, f64>, max_position: Micros) -> Result<Self, StrategyError> {
        let Given { rules, gate, exits, drawdown_pct, rearm_bars } = rules::read(params)?;
        let sizing = Sizing::new(max_position, rules.most_weight)?;
        let window = gate.as_ref().map_or(0, Gate::window);
        Ok(Self {
            bands: RollingMoments::new(rules.period),
            rules,
            gate,
            volatility: EwmaVolatility::new(CENTRE_OF_MASS, LEAST_RETURNS, Bias::Kept),
            last_close: 0.0,
            bars_seen: 0,
            warm_up: rules.period.max(LEAST_RETURNS + 1).max(window),
            position: Position::new(sizing, exits, drawdown_pct, rearm_bars),
            left: None,
            last: Last { rule: Rule::Warming, stop: None, reading: None, verdict: None, weight: 0.0 },
        })
    }

    /// How many bars it takes before the first decision; that bar is decided on.
    pub fn warm_up_bars(&self) -> usize {
        self.warm_up
    }

    /// Brings everything but the position up to date. Always inline: a call would pass the reading through memory.
    #[inline(always)]
    fn take(&mut self, bar: &Bar) -> Result<Option<Reading>, BarRefused> {
        self.position.take(bar)?;
        self.bars_seen += 1;
        let close = bar.close_ticks as f64;
        if self.last_close > 0.0 {
            self.volatility.push(close / self.last_close - 1.0);
        }
        self.last_close = close;
        if let Some(gate) = &mut self.gate {
            gate.push(close);
        }
        let Some(spread) = self.bands.push(close) else { return Ok(None) };
        if self.bars_seen < self.warm_up {
            return Ok(None);
        }
        let deviation = spread.deviation(Divisor::Population);
        let z = if deviation > 0.0 { (close - spread.mean) / deviation } else { 0.0 };
        if z.abs() < self.rules.exit_z {
            self.left = None;
        }
        Ok(Some(Reading { mean: spread.mean, deviation, z }))
    }
}

impl SymbolStrategy for MeanReversion {
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused> {
        self.take(bar).map(drop)
    }

    #[inline]
    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused> {
        let reading = self.take(bar)?;
        let action = self.conclude(bar, reading);
        Ok(Decision { action, target_qty_nanos: self.target_qty_nanos() })
    }

    fn run_ahead(&mut self, bars: &[Bar]) -> Result<usize, BarRefused> {
        self.coast(bars)
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
        // Worked out only where it is told: it takes a root.
        let volatility = 100.0 * self.volatility.value().unwrap_or(0.0) * self.rules.a_year.sqrt();
        let measures = [
            ("mean", reading.mean, Unit::Ticks),
            ("deviation", reading.deviation, Unit::Ticks),
            ("z", reading.z, Unit::Number),
            ("volatility", volatility, Unit::Percent),
            ("weight", weight, Unit::Number),
        ];
        let held = self.position.held().map(|held| (held.bars as f64, held.most_bars as f64));
        let held = held.map(|(bars, most)| [("held", bars, Unit::Count), ("at most", most, Unit::Count)]);
        let measures = self.position.measures(stop).chain(measures).chain(gate_measures(verdict));
        Reason::of(rule.name(), measures.chain(held.into_iter().flatten()))
    }
}
