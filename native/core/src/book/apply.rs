//! Average-cost positions.

use super::BookError;
use crate::money::{Micros, PriceTicks, QtyNanos, divide_half_even, notional_micros};

/// What is held and what was paid for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Signed: positive is long.
    pub qty: QtyNanos,
    /// Cash paid for what is still held, signed: negative for a short. Zero when flat.
    pub cost: Micros,
}

/// A position after a fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The new position.
    pub position: Position,
    /// PnL realised by this fill.
    pub realised: Micros,
    /// Value of the fill: cash paid, negative when it was received.
    pub paid: Micros,
}

/// Applies a fill of `delta` (signed) at `price`.
///
/// Exact in integers: `cost after - realised = cost before + value of delta at price`, so no micro-dollar is
/// lost however a trade is split. A partial close takes out its part of the cost, rounded half to even, and
/// the rounding stays with what is held. A flip realises the whole old cost and opens the rest at the price.
pub fn apply_fill(position: Position, delta: QtyNanos, price: PriceTicks) -> Result<Applied, BookError> {
    if price <= 0 {
        return Err(BookError::PriceInvalid(price));
    }
    if position.qty == 0 && position.cost != 0 {
        return Err(BookError::FlatWithCost(position.cost));
    }
    let qty = position.qty.checked_add(delta).ok_or(BookError::Overflow)?;
    let paid = notional_micros(delta, price).ok_or(BookError::Overflow)?;
    let cost = remaining_cost(position, delta, qty, price, i128::from(paid))?;
    let realised = cost - i128::from(position.cost) - i128::from(paid);
    let fit = |value: i128| Micros::try_from(value).map_err(|_| BookError::Overflow);
    Ok(Applied { position: Position { qty, cost: fit(cost)? }, realised: fit(realised)?, paid })
}

fn remaining_cost(
    position: Position,
    delta: QtyNanos,
    qty: QtyNanos,
    price: PriceTicks,
    paid: i128,
) -> Result<i128, BookError> {
    let cost = i128::from(position.cost);
    let grows = position.qty == 0 || position.qty.signum() == delta.signum();
    if grows {
        return Ok(cost + paid);
    }
    if qty == 0 {
        return Ok(0);
    }
    if qty.signum() == position.qty.signum() {
        let closed = cost * i128::from(delta.unsigned_abs());
        return Ok(cost - divide_half_even(closed, i128::from(position.qty.unsigned_abs())));
    }
    notional_micros(qty, price).map(i128::from).ok_or(BookError::Overflow)
}
