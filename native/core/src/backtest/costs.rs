//! What a fill costs. Everything rounds against the trader.

use super::setup::{Costs, FillRule};
use crate::book::Side;
use crate::money::{MICROS_PER_TICK, Micros, NANOS_PER_SHARE, PriceTicks, QtyNanos};

const ONE: i128 = 1_000_000_000;
/// Halvings of the size of an all-in order until it fits; a price can move no further than this.
const MOST_STEPS: usize = 64;

impl Costs {
    /// Commission on a fill, at least 0, given its value without sign. `None` outside the range.
    pub fn commission(&self, notional: Micros, qty: QtyNanos) -> Option<Micros> {
        if self.commission_e9 == 0 && self.per_share == 0 {
            return Some(0);
        }
        let by_value = ceil(i128::from(notional) * i128::from(self.commission_e9), ONE);
        let nanos = i128::from(qty).abs() * i128::from(self.per_share);
        Micros::try_from(by_value + ceil(nanos, i128::from(NANOS_PER_SHARE))).ok()
    }

    /// The price of a market order of `qty` nanos when the bar opens at `open` and the bar before traded `volume`.
    pub fn market_price(
        &self,
        rule: FillRule,
        open: PriceTicks,
        side: Side,
        qty: QtyNanos,
        volume: i64,
    ) -> PriceTicks {
        let half_spread = if rule == FillRule::Quote { self.half_spread_e9 } else { 0 };
        away(open, side, half_spread + self.slippage_e9 + self.impact(qty, volume))
    }

    fn impact(&self, qty: QtyNanos, volume: i64) -> i64 {
        if self.impact_e9 == 0 {
            return 0;
        }
        let shares = qty as f64 / NANOS_PER_SHARE as f64;
        let part = if volume > 0 { shares / volume as f64 } else { 1.0 };
        // At most the square root of all shares there are, times a tenth of the price.
        (self.impact_e9 as f64 * part.sqrt()).ceil() as i64
    }

    /// How many whole shares `cash` buys, or is good for when sold short, commission included, at the price that an
    /// order of that size gets.
    pub fn all_in_shares(
        &self,
        rule: FillRule,
        cash: Micros,
        open: PriceTicks,
        side: Side,
        volume: i64,
    ) -> i64 {
        let mut shares = self.affordable(cash, away(open, side, 0));
        for _ in 0..MOST_STEPS {
            let qty = shares.saturating_mul(NANOS_PER_SHARE);
            let price = match rule {
                FillRule::Limit { .. } => open,
                _ => self.market_price(rule, open, side, qty, volume),
            };
            let fits = self.affordable(cash, price);
            if fits >= shares {
                return shares;
            }
            shares = fits;
        }
        0
    }

    fn affordable(&self, cash: Micros, price: PriceTicks) -> i64 {
        let value = i128::from(price) * i128::from(MICROS_PER_TICK);
        let one = value * (ONE + i128::from(self.commission_e9)) + i128::from(self.per_share) * ONE;
        // One micro-dollar is kept back for the rounding of the commission.
        let kept = if self.commission_e9 == 0 { 0 } else { 1 };
        let shares = (i128::from(cash) - kept).max(0) * ONE / one.max(1);
        i64::try_from(shares).unwrap_or(i64::MAX).min(MOST_SHARES)
    }
}

/// Whole shares whose billionths still fit.
const MOST_SHARES: i64 = i64::MAX / NANOS_PER_SHARE;

/// Moves a price against the side that trades, by a rate in billionths. Stays at least one tick.
pub fn away(price: PriceTicks, side: Side, rate_e9: i64) -> PriceTicks {
    if rate_e9 == 0 {
        return price;
    }
    let distance = ceil(i128::from(price) * i128::from(rate_e9), ONE);
    let moved = i128::from(price) + side.sign() * distance;
    PriceTicks::try_from(moved.max(1)).unwrap_or(PriceTicks::MAX)
}

/// The price of a limit order that is better than the close by a rate.
pub fn limit_price(close: PriceTicks, side: Side, offset_e9: i64) -> PriceTicks {
    let other = if side == Side::Buy { Side::Sell } else { Side::Buy };
    away(close, other, offset_e9)
}

/// Divides two values of at least 0, rounding up.
fn ceil(value: i128, by: i128) -> i128 {
    (value + by - 1) / by
}
