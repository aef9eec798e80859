//! The one rule for what an indicator takes in.

/// Far beyond every price, and its square times any window still fits an `f64`.
const LARGEST: f64 = 1e100;

/// Whether the value may enter an indicator: finite, and at most 1e100 in size.
#[inline]
pub(super) fn usable(value: f64) -> bool {
    value.abs() <= LARGEST // false for NaN
}
