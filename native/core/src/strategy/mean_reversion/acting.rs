//! What is done at a close.

use super::super::Action;
use super::super::sizing::scaled_to_volatility;
use super::MeanReversion;
use super::gate::{Gate, Verdict};
use super::last::{Last, Reading, Rule};
use super::rules::Rules;
use crate::bars::Bar;

impl MeanReversion {
    /// Does what the reading at a close asks for.
    #[inline]
    pub(super) fn conclude(&mut self, bar: &Bar, reading: Option<Reading>) -> Action {
        let stop = self.position.held().and_then(|held| held.stop);
        let (action, rule) =
            reading.as_ref().map_or((Action::Warming, Rule::Warming), |reading| self.act(bar, reading));
        let stop = self.position.held().map_or(stop, |held| held.stop);
        self.last = Last { rule, stop, reading, ..self.last };
        action
    }

    #[inline]
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

    #[inline]
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

    #[cold]
    fn enter(&mut self, bar: &Bar, side: f64, reading: &Reading, verdict: Option<Verdict>) -> (Action, Rule) {
        let Rules { full_z, half_lives, half_life_max, target, most_weight, a_year, .. } = self.rules;
        let half_life =
            verdict.and_then(|verdict| verdict.half_life).unwrap_or(half_life_max).min(half_life_max);
        self.position.hold_at_most((half_lives * half_life).ceil() as usize);
        let size =
            scaled_to_volatility(target, self.volatility.annualised(a_year).unwrap_or(0.0), most_weight);
        self.last.weight = side * size * (reading.z.abs() / full_z).min(1.0);
        match self.position.aim(self.last.weight, bar.close_ticks) {
            Action::Hold => (Action::Hold, Rule::Unaffordable),
            action => (action, Rule::Entered),
        }
    }
}
