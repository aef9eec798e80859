//! What of a book can stay when nobody looks after it: legs whose values outweigh each other.

use std::cmp::Reverse;

use super::BookError;
use crate::money::{PriceTicks, QtyNanos};

/// One position of a book, at the price it is valued by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leg {
    /// Signed.
    pub qty: QtyNanos,
    /// Positive.
    pub price: PriceTicks,
    /// What is kept of a trimmed leg is a multiple of this; positive.
    pub lot: QtyNanos,
}

impl Leg {
    fn value(self, qty: QtyNanos) -> i128 {
        i128::from(qty) * i128::from(self.price)
    }
}

/// Trims the heavier side of a book until it weighs no more than the lighter; returns what is kept of each leg, signed.
///
/// Every leg of the heavier side is cut in the same proportion, down to whole lots; what rounding has cut too much is
/// given back from the dearest lot to the cheapest, of equals to the earlier leg. So the heavier side ends below the
/// lighter one, by less than any lot that it could still take. No leg grows or turns. A book that is long only or
/// short only is given up whole, and so is one whose heavier side has no lot that fits under the lighter.
pub fn keep_hedged(legs: &[Leg]) -> Result<Vec<QtyNanos>, BookError> {
    for leg in legs {
        if leg.price <= 0 {
            return Err(BookError::PriceInvalid(leg.price));
        }
        if leg.lot <= 0 {
            return Err(BookError::LotInvalid(leg.lot));
        }
    }
    let (long, short) = (side_value(legs, 1)?, side_value(legs, -1)?);
    if long == short {
        return Ok(legs.iter().map(|leg| leg.qty).collect());
    }
    let heavier = if long > short { 1 } else { -1 };
    let (heavy, light) = (long.max(short), long.min(short));
    let mut kept = legs.iter().map(|leg| cut(*leg, heavier, light, heavy)).collect::<Result<Vec<_>, _>>()?;
    give_back(legs, &mut kept, heavier, light);
    let is_given_up = legs.iter().zip(&kept).all(|(leg, kept)| leg.qty.signum() != heavier || *kept == 0);
    Ok(if is_given_up { vec![0; legs.len()] } else { kept })
}

/// Unsigned value of the legs on one side.
fn side_value(legs: &[Leg], sign: i64) -> Result<i128, BookError> {
    let on_side = legs.iter().filter(|leg| leg.qty.signum() == sign);
    on_side.map(|leg| leg.value(leg.qty).abs()).try_fold(0_i128, i128::checked_add).ok_or(BookError::Overflow)
}

/// The leg's part of the lighter side's value, in whole lots; a leg of the lighter side whole.
fn cut(leg: Leg, heavier: i64, light: i128, heavy: i128) -> Result<QtyNanos, BookError> {
    if leg.qty.signum() != heavier {
        return Ok(leg.qty);
    }
    let part = i128::from(leg.qty).checked_mul(light).ok_or(BookError::Overflow)? / heavy;
    // No longer than the leg, so it fits.
    let part = QtyNanos::try_from(part).map_err(|_| BookError::Overflow)?;
    Ok(part - part % leg.lot)
}

fn give_back(legs: &[Leg], kept: &mut [QtyNanos], heavier: i64, light: i128) {
    let mut line: Vec<usize> = (0..legs.len()).filter(|at| legs[*at].qty.signum() == heavier).collect();
    line.sort_by_key(|at| Reverse(legs[*at].value(legs[*at].lot)));
    let mut room: i128 = light - line.iter().map(|at| legs[*at].value(kept[*at]).abs()).sum::<i128>();
    for at in line {
        let leg = legs[at];
        let cut_off = (i128::from(leg.qty) - i128::from(kept[at])).abs() / i128::from(leg.lot);
        let lots = (room / leg.value(leg.lot)).min(cut_off);
        room -= lots * leg.value(leg.lot);
        // At most what was cut off.
        kept[at] += heavier * leg.lot * lots as QtyNanos;
    }
}
