//! JavaScript numbers to exact integers and back.

use crate::errors::{INVALID_INPUT, Result, coded};

/// The largest integer that a JavaScript number holds exactly.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// A safe integer, or `None` for NaN, infinities, fractions and what is out of range.
pub fn integer(value: f64) -> Option<i64> {
    // The cast is exact: it only happens for whole numbers within +-2^53.
    (value.fract() == 0.0 && value.abs() <= MAX_SAFE).then_some(value as i64)
}

/// A safe integer, or an error that names the value.
pub fn require(name: &str, value: f64) -> Result<i64> {
    integer(value)
        .ok_or_else(|| coded(INVALID_INPUT, format!("{name} is {value}; it must be a safe whole number")))
}

/// A number for JavaScript, or an error when it would lose digits.
pub fn number(name: &str, value: i64) -> Result<f64> {
    let exact = value as f64;
    if exact.abs() <= MAX_SAFE {
        return Ok(exact);
    }
    Err(coded(INVALID_INPUT, format!("{name} is {value}, beyond what a JavaScript number holds exactly")))
}
