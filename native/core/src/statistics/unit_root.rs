//! The augmented Dickey-Fuller test for a unit root: does the series wander, or return?

use super::error::{StatisticsError, all_finite, at_least};
use super::least_squares::{Fit, least_squares};
use super::mackinnon::{CriticalValues, Distribution, Trend};
use super::one_lag;

/// How many lagged changes the regression has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lags {
    /// This many.
    Fixed(usize),
    /// As many, up to this, as Akaike's criterion likes best over the same values.
    Akaike(usize),
}

impl Lags {
    /// Akaike's choice up to Schwert's bound 12 x (n / 100)^(1/4), rounded up, as far as `count` values allow.
    pub fn schwert(count: usize, trend: Trend) -> Self {
        let bound = (12.0 * (count as f64 / 100.0).powf(0.25)).ceil() as usize;
        Self::Akaike(bound.min((count / 2).saturating_sub(trend_terms(trend) + 1)))
    }
}

/// What the test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitRoot {
    /// The t-statistic of the level; the lower, the less of a unit root.
    pub statistic: f64,
    /// MacKinnon's approximate probability of it under a unit root.
    pub p_value: f64,
    /// Lagged changes in the regression.
    pub lags: usize,
    /// Changes that the regression was over.
    pub count: usize,
    /// Critical values for that many.
    pub critical: CriticalValues,
}

/// Tests the series for a unit root. It needs 2 x lags + trend terms + 3 values and must not be an exact function of
/// its past.
pub fn augmented_dickey_fuller(
    values: &[f64],
    trend: Trend,
    lags: Lags,
) -> Result<UnitRoot, StatisticsError> {
    let (lags, statistic) = level_statistic(values, trend, lags)?;
    let distribution = Distribution::of_series(trend);
    let count = values.len() - 1 - lags;
    Ok(UnitRoot {
        statistic,
        p_value: distribution.p_value(statistic),
        lags,
        count,
        critical: distribution.critical(count),
    })
}

/// The t-statistic of the level in the regression of the change on it, lagged changes and trend, with the lags that it has.
pub(super) fn level_statistic(
    values: &[f64],
    trend: Trend,
    lags: Lags,
) -> Result<(usize, f64), StatisticsError> {
    let most = match lags {
        Lags::Fixed(lags) | Lags::Akaike(lags) => lags,
    };
    at_least(most.saturating_mul(2).saturating_add(trend_terms(trend) + 3), values.len())?;
    if lags == Lags::Fixed(1)
        && let Some(statistic) = one_lag::level_statistic(values, trend)
    {
        return Ok((1, statistic));
    }
    all_finite(values)?;
    let lags = match lags {
        Lags::Fixed(lags) => lags,
        Lags::Akaike(most) => likeliest(values, trend, most)?,
    };
    Ok((lags, general_statistic(values, trend, lags)?))
}

/// The same for any number of lags.
pub(super) fn general_statistic(values: &[f64], trend: Trend, lags: usize) -> Result<f64, StatisticsError> {
    let fit = regress(values, trend, lags, lags)?;
    let statistic = fit.coefficients[0] / fit.standard_errors[0];
    if statistic.is_finite() { Ok(statistic) } else { Err(StatisticsError::Degenerate) }
}

/// The number of lags with the least Akaike criterion, all compared over the values that `most` leaves.
fn likeliest(values: &[f64], trend: Trend, most: usize) -> Result<usize, StatisticsError> {
    let mut best = (f64::INFINITY, 0);
    for lags in 0..=most {
        let akaike = regress(values, trend, lags, most)?.akaike();
        if akaike < best.0 {
            best = (akaike, lags);
        }
    }
    Ok(best.1)
}

/// Regresses the changes after the first `skip` on the level, `lags` changes before and the trend, in this order.
fn regress(values: &[f64], trend: Trend, lags: usize, skip: usize) -> Result<Fit, StatisticsError> {
    let changes: Vec<f64> = values.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let wanted = &changes[skip..];
    let mut columns = vec![values[skip..changes.len()].to_vec()];
    columns.extend((1..=lags).map(|lag| changes[skip - lag..changes.len() - lag].to_vec()));
    columns.extend(trend_columns(trend, wanted.len()));
    least_squares(&columns, wanted)
}

/// The constant and the trend 1, 2, ... as columns.
pub(super) fn trend_columns(trend: Trend, count: usize) -> Vec<Vec<f64>> {
    let constant = vec![1.0; count];
    match trend {
        Trend::None => Vec::new(),
        Trend::Constant => vec![constant],
        Trend::Linear => vec![constant, (1..=count).map(|at| at as f64).collect()],
    }
}

fn trend_terms(trend: Trend) -> usize {
    match trend {
        Trend::None => 0,
        Trend::Constant => 1,
        Trend::Linear => 2,
    }
}
