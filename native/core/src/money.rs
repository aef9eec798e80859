//! Units. Everything is an integer; see `notional_micros` for the one place where they meet.

/// USD x 1e6: spend, cash and PnL.
pub type Micros = i64;
/// USD x 1e4: the finest price increment that a US broker accepts.
pub type PriceTicks = i64;
/// Shares x 1e9, signed: positive is long.
pub type QtyNanos = i64;

/// One share in [`QtyNanos`].
pub const NANOS_PER_SHARE: i64 = 1_000_000_000;
/// One dollar in [`PriceTicks`].
pub const TICKS_PER_USD: i64 = 10_000;
/// One dollar in [`Micros`].
pub const MICROS_PER_USD: i64 = 1_000_000;
/// One price tick in [`Micros`].
pub const MICROS_PER_TICK: i64 = MICROS_PER_USD / TICKS_PER_USD;

/// Values a quantity at a price, in micro-dollars, rounded half to even. `None` when the result leaves `i64`.
pub fn notional_micros(qty: QtyNanos, price: PriceTicks) -> Option<Micros> {
    if qty % NANOS_PER_SHARE == 0 {
        // Whole shares need no rounding, and so no division of 128 bits, which is most of the cost.
        let ticks = i128::from(qty / NANOS_PER_SHARE) * i128::from(price);
        return Micros::try_from(ticks * i128::from(MICROS_PER_TICK)).ok();
    }
    let product = i128::from(qty) * i128::from(price);
    Micros::try_from(divide_half_even(product, i128::from(NANOS_PER_SHARE / MICROS_PER_TICK))).ok()
}

/// Divides rounding half to even. `denominator` must be positive.
pub fn divide_half_even(numerator: i128, denominator: i128) -> i128 {
    let quotient = numerator / denominator;
    let remainder = numerator % denominator;
    let twice = remainder.abs() * 2;
    let away = if numerator < 0 { -1 } else { 1 };
    if twice > denominator || (twice == denominator && quotient % 2 != 0) {
        quotient + away
    } else {
        quotient
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_one_share_at_its_price() {
        assert_eq!(notional_micros(NANOS_PER_SHARE, 171_2200), Some(171_220_000));
        assert_eq!(notional_micros(-NANOS_PER_SHARE, 171_2200), Some(-171_220_000));
    }

    #[test]
    fn rounds_halves_to_even_on_both_sides_of_zero() {
        let halves: Vec<i128> = [-5, -3, -1, 1, 3, 5].iter().map(|n| divide_half_even(*n, 2)).collect();
        assert_eq!(halves, [-2, -2, 0, 0, 2, 2]);
    }

    #[test]
    fn values_whole_shares_as_it_would_broken_ones() {
        for (shares, price) in [(3, 1), (-7, 12_345_678), (9_007_199, 1_712_201), (-1, 1)] {
            let product = i128::from(shares * NANOS_PER_SHARE) * i128::from(price);
            let rounded = divide_half_even(product, i128::from(NANOS_PER_SHARE / MICROS_PER_TICK));
            assert_eq!(notional_micros(shares * NANOS_PER_SHARE, price).map(i128::from), Some(rounded));
        }
    }

    #[test]
    fn refuses_what_leaves_the_range() {
        assert_eq!(notional_micros(i64::MAX, i64::MAX), None);
    }
}
