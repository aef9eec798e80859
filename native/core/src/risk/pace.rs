//! Whether orders follow each other too fast, or too many are open.

use super::denial::{Code, Denial};
use super::facts::{Limits, Pace};

/// Checks the order against those before it.
pub(super) fn check_pace(pace: &Pace, limits: &Limits) -> Result<(), Denial> {
    let (age, window) = (pace.same_order_age_ms, limits.duplicate_window_ms);
    if age.zip(window).is_none_or(|(age, window)| age < 0 || window < 0 || age < window) {
        return Err(Denial { code: Code::DuplicateOrder, value: age, limit: window });
    }
    check_count(Code::OrderRate, pace.orders_last_minute, limits.orders_per_minute)?;
    check_count(Code::OpenOrders, pace.open_orders, limits.open_orders)
}

/// Checks that one more is not one too many.
fn check_count(code: Code, before: Option<i64>, limit: Option<i64>) -> Result<(), Denial> {
    let count = before.filter(|before| *before >= 0).and_then(|before| before.checked_add(1));
    at_most(code, count, limit)
}

/// Checks a value against its limit; an unknown value and an unset limit refuse.
pub(super) fn at_most(code: Code, value: Option<i64>, limit: Option<i64>) -> Result<(), Denial> {
    if value.zip(limit).is_some_and(|(value, limit)| value <= limit) {
        return Ok(());
    }
    Err(Denial { code, value, limit })
}
