//! Refuses bars that no market makes, before they reach an indicator that would never forget them.

use crate::bars::Bar;
use crate::money::PriceTicks;

/// The highest price that is believed: a billion dollars a share. Below it, ticks are exact as `f64`.
pub const MAX_PRICE_TICKS: PriceTicks = 10_000_000_000_000;

/// Why a bar was refused. The strategy is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BarRefused {
    /// A price is zero, negative or above [`MAX_PRICE_TICKS`].
    #[error("a price is {0} ticks; prices are 1 to {MAX_PRICE_TICKS}")]
    PriceOutOfRange(PriceTicks),
    /// The high is below the low.
    #[error("the high, {high} ticks, is below the low, {low} ticks")]
    HighBelowLow {
        /// The bar's high in ticks.
        high: PriceTicks,
        /// The bar's low in ticks.
        low: PriceTicks,
    },
    /// The bar is not newer than the last one taken in; it was sent twice or late.
    #[error("the bar starts at {at}, the last one at {last}; bars must come in order")]
    NotNewer {
        /// Start of the bar in milliseconds since 1970.
        at: i64,
        /// Start of the last bar taken in.
        last: i64,
    },
}

/// Prices up to this one are passed without a closer look; a power of two below [`MAX_PRICE_TICKS`].
const PLAIN: u64 = 1 << 43;

/// Checks one bar against the market's laws and the bar before it.
#[inline]
pub fn check(bar: &Bar, last_at_ms: Option<i64>) -> Result<(), BarRefused> {
    // A price of 0 or below wraps round to the largest numbers, and so does a high below the low: one look at the bits
    // of all of them passes nearly every bar.
    let bits = bar.open_ticks.wrapping_sub(1)
        | bar.high_ticks.wrapping_sub(1)
        | bar.low_ticks.wrapping_sub(1)
        | bar.close_ticks.wrapping_sub(1)
        | bar.high_ticks.wrapping_sub(bar.low_ticks);
    if (bits as u64) < PLAIN && last_at_ms.is_none_or(|last| bar.at_ms > last) {
        return Ok(());
    }
    look_closely(bar, last_at_ms)
}

#[cold]
fn look_closely(bar: &Bar, last_at_ms: Option<i64>) -> Result<(), BarRefused> {
    let prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks];
    if let Some(price) = prices.into_iter().find(|price| !(1..=MAX_PRICE_TICKS).contains(price)) {
        return Err(BarRefused::PriceOutOfRange(price));
    }
    if bar.high_ticks < bar.low_ticks {
        return Err(BarRefused::HighBelowLow { high: bar.high_ticks, low: bar.low_ticks });
    }
    match last_at_ms {
        Some(last) if bar.at_ms <= last => Err(BarRefused::NotNewer { at: bar.at_ms, last }),
        _ => Ok(()),
    }
}
