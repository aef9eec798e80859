//! From a weight to whole shares within the limit.
//!
//! A weight of 1 is the position without leverage; the limit is what the largest weight buys. So the capital that a
//! strategy reckons with is limit / largest weight, and no weight leads beyond the limit.

use super::{ParamSpec, StrategyError};
use crate::money::{MICROS_PER_TICK, Micros, PriceTicks};

/// The largest quantity that a JavaScript number holds exactly in billionths, in whole shares.
const MAX_SHARES: i64 = 9_007_199;

/// A position is resized only when its weight is off by more than this: half a turn of a tenth costs more than it
/// brings.
const BAND: f64 = 0.1;

/// The share of Kelly's growth-optimal size that is taken: a quarter gives up little growth for much less variance.
const KELLY_SHARE: f64 = 0.25;

/// The largest weight.
pub(super) const fn max_weight(default: f64) -> ParamSpec {
    ParamSpec::number(
        "maxWeight",
        "x",
        [default, 1.0, 10.0],
        "Largest weight; the position limit is what it buys.",
    )
}

/// The yearly volatility that a weight of 1 is to have.
pub(super) const fn volatility_target(default: f64) -> ParamSpec {
    ParamSpec::number(
        "volTargetPct",
        "% a year",
        [default, 1.0, 200.0],
        "Volatility that positions are scaled to.",
    )
}

/// How many bars make a year, to annualise by.
pub(super) const BARS_A_YEAR: ParamSpec = ParamSpec::whole(
    "barsAYear",
    "bars",
    [252.0, 1.0, 600_000.0],
    "Bars in a year: 252 daily ones, 98,280 of a minute.",
);

/// How many whole shares `limit` buys at `price` (above 0).
pub(super) fn whole_shares(limit: Micros, price: PriceTicks) -> i64 {
    (limit / MICROS_PER_TICK / price).clamp(0, MAX_SHARES)
}

/// The weight at which something of this yearly volatility has the volatility wanted, 0 to `most`. Without any
/// measured volatility it is 0: what cannot be measured is not traded.
pub(super) fn scaled_to_volatility(wanted: f64, measured: f64, most: f64) -> f64 {
    if measured > 0.0 { (wanted / measured).clamp(0.0, most) } else { 0.0 }
}

/// A quarter of Kelly's weight mean / variance, signed, at most `most` to either side; 0 without variance.
pub(super) fn fractional_kelly(mean: f64, variance: f64, most: f64) -> f64 {
    if variance > 0.0 { (KELLY_SHARE * mean / variance).clamp(-most, most) } else { 0.0 }
}

/// Turns weights into whole shares.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizing {
    limit: Micros,    // above 0
    most_weight: f64, // at least 1
}

impl Sizing {
    /// Refuses a limit that is worth nothing.
    pub fn new(limit: Micros, most_weight: f64) -> Result<Self, StrategyError> {
        if limit <= 0 {
            return Err(StrategyError::MaxPositionInvalid(limit));
        }
        Ok(Self { limit, most_weight })
    }

    /// The limit in ticks x shares.
    pub fn limit_ticks(&self) -> f64 {
        (self.limit / MICROS_PER_TICK) as f64
    }

    pub fn most_weight(&self) -> f64 {
        self.most_weight
    }

    /// The whole shares of a weight, rounded toward 0.
    pub fn shares(&self, weight: f64, price: PriceTicks) -> i64 {
        if weight.is_nan() {
            return 0;
        }
        let part = (weight.abs() / self.most_weight).min(1.0);
        let worth = ((self.limit as f64 * part) as Micros).min(self.limit);
        whole_shares(worth, price) * if weight < 0.0 { -1 } else { 1 }
    }

    /// The weight of a number of shares.
    pub fn weight(&self, shares: i64, price: PriceTicks) -> f64 {
        shares as f64 * price as f64 / self.limit_ticks() * self.most_weight
    }

    /// The shares to hold for a weight: those held already while they are on its side and off by no more than the band.
    pub fn settle(&self, held: i64, weight: f64, price: PriceTicks) -> i64 {
        let wanted = self.shares(weight, price);
        let is_near = (weight - self.weight(held, price)).abs() <= BAND;
        if wanted.signum() == held.signum() && is_near { held } else { wanted }
    }

    /// The largest weight that loses at most `share` of the limit when the price moves by `distance` ticks.
    pub fn weight_within_loss(&self, share: f64, distance: f64, price: PriceTicks) -> f64 {
        if distance <= 0.0 {
            return self.most_weight;
        }
        (self.most_weight * share * price as f64 / distance).min(self.most_weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::MICROS_PER_USD;

    const PRICE: PriceTicks = 100_0000;

    fn sizing() -> Sizing {
        Sizing::new(10_000 * MICROS_PER_USD, 2.0).unwrap()
    }

    #[test]
    fn buys_the_limit_at_the_largest_weight_and_never_more() {
        let shares: Vec<i64> = [2.0, 1.0, -0.5, 7.0, 0.019, f64::NAN]
            .iter()
            .map(|weight| sizing().shares(*weight, PRICE))
            .collect();
        assert_eq!(shares, [100, 50, -25, 100, 0, 0]);
        assert_eq!(sizing().weight(-25, PRICE), -0.5);
    }

    #[test]
    fn leaves_a_position_alone_within_the_band_but_not_across_zero() {
        let settled = |held, weight| sizing().settle(held, weight, PRICE);
        assert_eq!([settled(50, 1.09), settled(50, 1.11), settled(50, 0.89)], [50, 55, 44]);
        assert_eq!([settled(2, -0.04), settled(2, 0.0), settled(0, 0.04)], [-2, 0, 2]);
    }

    #[test]
    fn scales_to_a_volatility_and_trades_nothing_that_has_none() {
        assert_eq!(scaled_to_volatility(0.4, 0.8, 2.0), 0.5);
        assert_eq!(scaled_to_volatility(0.4, 0.1, 2.0), 2.0);
        assert_eq!([scaled_to_volatility(0.4, 0.0, 2.0), scaled_to_volatility(0.4, f64::NAN, 2.0)], [0.0; 2]);
    }

    #[test]
    fn takes_a_quarter_of_kelly() {
        assert_eq!(fractional_kelly(0.02, 0.01, 2.0), 0.5);
        assert_eq!(fractional_kelly(-1.0, 0.01, 2.0), -2.0);
        assert_eq!(fractional_kelly(1.0, 0.0, 2.0), 0.0);
    }

    #[test]
    fn bounds_the_loss_at_the_stop() {
        // 5 % of 10,000 dollars over a distance of 10 dollars: 50 shares.
        let weight = sizing().weight_within_loss(0.05, 10_0000.0, PRICE);
        assert_eq!(sizing().shares(weight, PRICE), 50);
        assert_eq!(sizing().weight_within_loss(0.05, 0.0, PRICE), 2.0);
    }
}
