//! From a limit in dollars to whole shares.

use crate::money::{MICROS_PER_TICK, Micros, PriceTicks};

/// The largest quantity that a JavaScript number holds exactly in billionths, in whole shares.
const MAX_SHARES: i64 = 9_007_199;

/// How many whole shares `limit` buys at `price` (above 0).
pub(super) fn whole_shares(limit: Micros, price: PriceTicks) -> i64 {
    (limit / MICROS_PER_TICK / price).clamp(0, MAX_SHARES)
}
