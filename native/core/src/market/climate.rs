//! The climate that every stock shares: calm or stressed by a Markov chain, and volatility that comes in clusters.
//! It changes between two sessions only. The numbers are fitted: docs/simulator.md shows to what, and how well.

use super::random::Random;

/// Chances of a change of regime in a night: calm lasts about a year, stress about three months.
const STRESS_BEGINS: f64 = 1.0 / 250.0;
const STRESS_ENDS: f64 = 1.0 / 60.0;
/// Deviation of the market's return under stress against calm.
const STRESS: f64 = 3.2;
/// Share of the market's extra movement that sectors and single stocks join in: less than the market, so that
/// correlations rise when it is stressed.
const OWN_SHARE: f64 = 0.4;
/// How much of tomorrow's variance today's squared return and today's variance make up (a GARCH(1,1)).
const FROM_RETURN: f64 = 0.08;
const FROM_VARIANCE: f64 = 0.895;
/// One day weighs no more than this many times what was expected of it.
const MOST_SURPRISE: f64 = 25.0;
const MOST_VARIANCE: f64 = 12.0;

/// Regime and clustered variance.
#[derive(Debug, Clone)]
pub(super) struct Climate {
    stressed: bool,
    /// Clustered variance; 1 on average.
    variance: f64,
}

impl Climate {
    /// Starts in a regime as likely as it is on an average day.
    pub(super) fn new(random: &mut Random) -> Self {
        Self { stressed: random.chance(STRESS_BEGINS / (STRESS_BEGINS + STRESS_ENDS)), variance: 1.0 }
    }

    /// Whether the market is stressed.
    pub(super) fn stressed(&self) -> bool {
        self.stressed
    }

    /// Multiplies the size of the market's moves; about 1 on a calm day.
    pub(super) fn market(&self) -> f64 {
        self.regime() * self.variance.sqrt()
    }

    /// Multiplies the size of what sectors and stocks do by themselves.
    pub(super) fn own(&self) -> f64 {
        1.0 + OWN_SHARE * (self.market() - 1.0)
    }

    /// Ends a day; `surprise` is the market's squared return over what is expected of a day with `market()` 1.
    pub(super) fn pass_night(&mut self, surprise: f64, random: &mut Random) {
        let regime = self.regime();
        let surprise = (surprise / (regime * regime)).min(MOST_SURPRISE * self.variance);
        let base = 1.0 - FROM_RETURN - FROM_VARIANCE;
        self.variance = (base + FROM_RETURN * surprise + FROM_VARIANCE * self.variance).min(MOST_VARIANCE);
        if random.chance(if self.stressed { STRESS_ENDS } else { STRESS_BEGINS }) {
            self.stressed = !self.stressed;
        }
    }

    fn regime(&self) -> f64 {
        if self.stressed { STRESS } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_day_raises_the_days_after_it_and_fades() {
        let mut random = Random::seeded(1);
        let mut climate = Climate { stressed: false, variance: 1.0 };
        climate.pass_night(16.0, &mut random);
        let shaken = climate.variance;
        assert!(shaken > 2.0, "{shaken}");
        for _ in 0..100 {
            climate.pass_night(climate.variance * climate.regime() * climate.regime(), &mut random);
        }
        assert!(climate.variance < 1.2, "{}", climate.variance);
    }

    #[test]
    fn regimes_last_for_weeks_and_stress_is_the_rarer() {
        let mut random = Random::seeded(1);
        let mut climate = Climate::new(&mut random);
        let days = 200_000;
        let (mut stressed, mut changes) = (0, 0);
        for _ in 0..days {
            let before = climate.stressed;
            climate.pass_night(1.0, &mut random);
            stressed += i32::from(climate.stressed);
            changes += i32::from(climate.stressed != before);
        }
        let share = f64::from(stressed) / f64::from(days);
        assert!((0.15..0.25).contains(&share), "{share}");
        let length = 2.0 * f64::from(days) / f64::from(changes);
        assert!((270.0..350.0).contains(&length), "a calm and a stressed time last {length} days");
    }

    #[test]
    fn stress_moves_the_market_more_than_what_stocks_do_by_themselves() {
        let stressed = Climate { stressed: true, variance: 1.0 };
        assert!(stressed.market() > stressed.own() && stressed.own() > 1.0);
    }
}
