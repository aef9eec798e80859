//! A small network forecasts the next bar's return; it trades only while its past forecasts have proven skill.
//!
//! - The network is a perceptron 16-32-1 (rectified units) or a GRU of 16 cells, over the sixteen features of
//!   `neural/features.rs`, each standardised by all that was seen before. It forecasts the next return in units of the
//!   volatility of the last 20. At each close the last forecast is judged, the network takes one step of stochastic
//!   gradient descent on Huber's loss (P. J. Huber, 1964) at `rate`, and forecasts anew: no outcome is ever seen before
//!   its forecast. Bars that are only observed teach as well.
//! - The gate: over the last `judged` forecasts the mean absolute error is less than that of the naive forecast, which
//!   expects no change (MASE < 1, Hyndman and Koehler, International Journal of Forecasting 22, 2006), and more signs
//!   were right than a fair coin gives in 95 of 100 cases. Otherwise the weight is 0.
//! - The weight is a quarter of Kelly's: 0.25 x forecast / (mean squared error x volatility), at most
//!   target / yearly volatility. It is set anew at each bar, the forecast's horizon; the shared band and exits apply. A
//!   side that was stopped out is entered again only after the forecast has changed its sign.
//!
//! What was learnt is saved and restored in bytes, bit for bit. What the market did is not part of it: that comes
//! with the history, of which the features need 21 bars.

mod features;
mod gate;
mod gru;
mod last;
mod learner;
mod mlp;
mod skill;
mod spec;
mod squash;

use std::collections::BTreeMap;

use self::features::WINDOW;
use self::last::{Last, Reading, Rule};
use self::learner::Learner;
use self::spec::PARAMS;
pub(super) use self::spec::SPEC;
use super::params::parse;
use super::position::{ExitRules, Position};
use super::sizing::{Sizing, fractional_kelly, scaled_to_volatility};
use super::{Action, BarRefused, Decision, Reason, StateRefused, StrategyError, SymbolStrategy, Unit};
use crate::bars::Bar;
use crate::money::{Micros, QtyNanos};

/// The neural forecast on one symbol.
#[derive(Debug, Clone)]
pub struct Neural {
    learner: Learner,
    target: f64, // yearly volatility
    most_weight: f64,
    a_year: f64,
    bars: Vec<Bar>, // the last WINDOW
    bars_seen: usize,
    position: Position,
    stopped: Option<f64>, // sign of the side not to be entered before the forecast changes its sign
    last: Last,
}

impl Neural {
    /// Builds the strategy, flat, cold and knowing nothing. Refuses parameters outside [`PARAMS`].
    pub fn new(params: &BTreeMap<String, f64>, max_position: Micros) -> Result<Self, StrategyError> {
        let [
            network,
            seed,
            rate,
            judged,
            target,
            most_weight,
            a_year,
            stop_atr,
            max_loss_pct,
            drawdown,
            rearm,
        ] = parse(PARAMS, params)?;
        let exits = ExitRules { stop_atr, max_loss_pct, most_bars: 0 };
        Ok(Self {
            learner: Learner::seeded(network == 1.0, seed as u64, rate, judged as usize),
            target: target / 100.0,
            most_weight,
            a_year,
            bars: Vec::with_capacity(WINDOW),
            bars_seen: 0,
            position: Position::new(Sizing::new(max_position, most_weight)?, exits, drawdown, rearm as usize),
            stopped: None,
            last: Last { rule: Rule::Warming, stop: None, reading: None, weight: 0.0 },
        })
    }

    /// How many bars it takes before the first decision; that bar is decided on.
    pub fn warm_up_bars(&self) -> usize {
        WINDOW
    }

    fn take(&mut self, bar: &Bar) -> Result<Option<Reading>, BarRefused> {
        self.position.take(bar)?;
        self.bars_seen += 1;
        let came =
            self.bars.last().map_or(0.0, |last| bar.close_ticks as f64 / last.close_ticks as f64 - 1.0);
        if self.bars.len() == WINDOW {
            self.bars.remove(0); // so few that moving them costs less than a ring
        }
        self.bars.push(*bar);
        let seen = features::look(&self.bars);
        let forecast = self.learner.step(came, seen.as_ref());
        let reading =
            forecast.zip(seen).map(|(forecast, seen)| Reading { forecast, volatility: seen.volatility });
        if reading.is_some_and(|reading| self.stopped.is_some_and(|side| reading.forecast * side < 0.0)) {
            self.stopped = None;
        }
        Ok(reading)
    }

    fn act(&mut self, bar: &Bar, reading: Option<Reading>) -> (Action, Rule) {
        if self.bars_seen < WINDOW {
            return (Action::Warming, Rule::Warming);
        }
        if let Some(forced) = self.position.forced_out(bar.close_ticks) {
            self.stopped = self.position.held().map(|held| held.shares.signum() as f64);
            return (self.position.leave(), Rule::Forced(forced));
        }
        let Some(reading) = reading else { return (self.position.leave(), Rule::NothingSeen) };
        if !self.learner.skill().is_proven() {
            return (self.position.leave(), Rule::Unproven);
        }
        if self.position.is_resting() {
            return (Action::Hold, Rule::Resting);
        }
        self.last.weight = self.weight(&reading);
        if self.stopped.is_some() {
            return (Action::Hold, Rule::AwaitsTurn);
        }
        (self.position.aim(self.last.weight, bar.close_ticks), Rule::Forecast)
    }

    fn weight(&self, reading: &Reading) -> f64 {
        let Reading { forecast, volatility } = *reading;
        let most = scaled_to_volatility(self.target, volatility * self.a_year.sqrt(), self.most_weight);
        let variance = self.learner.skill().variance() * volatility * volatility;
        fractional_kelly(forecast * volatility, variance, most)
    }
}

impl SymbolStrategy for Neural {
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused> {
        self.take(bar).map(drop)
    }

    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused> {
        let reading = self.take(bar)?;
        self.last.weight = 0.0;
        let stop = self.position.held().and_then(|held| held.stop);
        let (action, rule) = self.act(bar, reading);
        let stop = self.position.held().map_or(stop, |held| held.stop);
        self.last = Last { rule, stop, reading, ..self.last };
        Ok(Decision { action, target_qty_nanos: self.target_qty_nanos() })
    }

    fn is_warm(&self) -> bool {
        self.bars_seen + 1 >= WINDOW
    }

    fn target_qty_nanos(&self) -> QtyNanos {
        self.position.qty_nanos()
    }

    fn reason(&self) -> Reason {
        let Last { rule, stop, reading, weight } = self.last;
        if rule == Rule::Warming {
            return Reason::warming(self.bars_seen, WINDOW);
        }
        let skill = self.learner.skill();
        let reason = self.position.reason(rule.name(), stop).and(&[
            ("forecasts", skill.seen(), Unit::Count),
            ("mase", skill.mase(), Unit::Number),
            ("hits", 100.0 * skill.hit_rate(), Unit::Percent),
            ("error", skill.variance().sqrt(), Unit::Number),
            ("weight", weight, Unit::Number),
        ]);
        let Some(Reading { forecast, volatility }) = reading else { return reason };
        reason.and(&[
            ("forecast", 100.0 * forecast * volatility, Unit::Percent),
            ("volatility", 100.0 * volatility, Unit::Percent),
        ])
    }

    fn learnt(&self) -> Option<Vec<u8>> {
        let at_ms = self.bars.last()?.at_ms;
        let mut bytes = at_ms.to_le_bytes().to_vec();
        bytes.extend(self.learner.save());
        Some(bytes)
    }

    fn recall(&mut self, learnt: &[u8]) -> Result<(), StateRefused> {
        let (at_ms, learnt) = learnt.split_first_chunk().ok_or(StateRefused::Unknown)?;
        self.learner.restore(learnt)?;
        // The outcome of the last forecast is the return of the bar right after it, which only the same bar has.
        if self.bars.last().is_none_or(|bar| bar.at_ms != i64::from_le_bytes(*at_ms)) {
            self.learner.lose_sight();
        }
        Ok(())
    }
}
