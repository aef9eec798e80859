//! The Hurst exponent: does a series spread faster or slower than a random walk?

use super::error::{StatisticsError, all_finite, at_least};
use super::line::Line;
use super::sums::sum;

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
        let spread = variance_of_changes(values, horizon);
        if spread <= 0.0 {
            return Err(StatisticsError::Degenerate);
        }
        spreads.push(0.5 * spread.ln());
    }
    // Two points are too few for a fit; their slope is exact.
    if longest == 2 {
        return Ok((spreads[1] - spreads[0]) / std::f64::consts::LN_2);
    }
    let horizons: Vec<f64> = (1..=longest).map(|horizon| (horizon as f64).ln()).collect();
    Ok(Line::fit(&horizons, &spreads)?.slope)
}

/// The variance (ddof 0) of the changes over `horizon` steps.
fn variance_of_changes(values: &[f64], horizon: usize) -> f64 {
    let earlier = &values[..values.len() - horizon];
    let count = earlier.len() as f64;
    // All changes together are the last values less the first: every other one is added and taken away.
    let all = sum([&values[earlier.len()..], values], |[last, first]| last - first);
    let mean = all / count;
    let squares = sum([earlier, &values[horizon..]], |[earlier, later]| {
        let away = (later - earlier) - mean;
        away * away
    });
    squares / count
}
