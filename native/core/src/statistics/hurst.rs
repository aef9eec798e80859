//! The Hurst exponent: does a series spread faster or slower than a random walk?

use super::error::{StatisticsError, all_finite, at_least};
use super::least_squares::least_squares;
use super::moments::variance;

/// The exponent of a level series (log prices, a spread) by the spread of its changes: the standard deviation of the
/// change over h steps grows like h^H, and H is the least-squares slope of its logarithm on ln h, h = 1 ... `longest`.
/// Half for a random walk, less when it returns, more when it trends; near 0 for noise around a level.
///
/// `longest` is at least 2; the series needs 4 x `longest` values. Usual is 20.
pub fn hurst_exponent(values: &[f64], longest: usize) -> Result<f64, StatisticsError> {
    let longest = longest.max(2);
    at_least(longest.saturating_mul(4), values.len())?;
    all_finite(values)?;
    let mut spreads = Vec::with_capacity(longest);
    for horizon in 1..=longest {
        let changes: Vec<f64> =
            values[horizon..].iter().zip(values).map(|(later, earlier)| later - earlier).collect();
        let spread = variance(&changes, 0)?;
        if spread <= 0.0 {
            return Err(StatisticsError::Degenerate);
        }
        spreads.push(0.5 * spread.ln());
    }
    let horizons = (1..=longest).map(|horizon| (horizon as f64).ln()).collect();
    // Two horizons leave no degree of freedom for the error that the fit also gives; the slope is then exact.
    if longest == 2 {
        return Ok((spreads[1] - spreads[0]) / std::f64::consts::LN_2);
    }
    Ok(least_squares(&[horizons, vec![1.0; longest]], &spreads)?.coefficients[0])
}
