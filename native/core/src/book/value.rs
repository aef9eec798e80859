//! Valuing a quantity, over the whole range of the integers.

use crate::money::{MICROS_PER_TICK, Micros, PriceTicks, QtyNanos, notional_micros};

/// Values a quantity at a price in micro-dollars; `None` when a result or a step towards it cannot be
/// represented.
pub fn value_micros(qty: QtyNanos, price: PriceTicks) -> Option<Micros> {
    // The product inside notional_micros leaves i128 when both factors are near the ends of i64.
    i128::from(qty).checked_mul(i128::from(price))?.checked_mul(i128::from(MICROS_PER_TICK))?;
    notional_micros(qty, price)
}
