//! Engle and Granger's test: does a combination of two wandering series return to a mean?

use super::error::{StatisticsError, same_length};
use super::least_squares::least_squares;
use super::mackinnon::{CriticalValues, Distribution, Trend};
use super::unit_root::{Lags, level_regression, level_statistic, trend_columns};

/// What the test found.
#[derive(Debug, Clone, PartialEq)]
pub struct Cointegration {
    /// The t-statistic of the residuals' level; the lower, the more the series belong together.
    pub statistic: f64,
    /// MacKinnon's approximate probability of it when they do not.
    pub p_value: f64,
    /// Critical values.
    pub critical: CriticalValues,
    /// Lagged changes in the regression of the residuals.
    pub lags: usize,
    /// y per x.
    pub hedge_ratio: f64,
    /// The constant of y on x.
    pub intercept: f64,
    /// The trend of y a value, 0 unless asked for.
    pub trend: f64,
    /// What is left of y, value by value.
    pub residuals: Vec<f64>,
}

/// Regresses `y` on `x` and a constant (with a trend too when `linear`) and tests the residuals for a unit root,
/// without a constant. Refuses a `y` that `x` explains wholly: there is nothing left to test.
pub fn cointegration(
    y: &[f64],
    x: &[f64],
    linear: bool,
    lags: Lags,
) -> Result<Cointegration, StatisticsError> {
    same_length(y, x)?;
    let trend = if linear { Trend::Linear } else { Trend::Constant };
    let mut columns = vec![x.to_vec()];
    columns.extend(trend_columns(trend, y.len()));
    let fit = least_squares(&columns, y)?;
    let size = y.iter().map(|value| value * value).sum::<f64>();
    // Residuals of rounding alone would look perfectly stationary.
    if fit.residual_squares <= 1e-20 * size {
        return Err(StatisticsError::Degenerate);
    }
    let residuals = fit.residuals(&columns, y);
    let (lags, regression) = level_regression(&residuals, Trend::None, lags)?;
    let statistic = level_statistic(&regression)?;
    let distribution = Distribution::of_pair(linear);
    Ok(Cointegration {
        statistic,
        p_value: distribution.p_value(statistic),
        critical: distribution.critical(y.len() - 1),
        lags,
        hedge_ratio: fit.coefficients[0],
        intercept: fit.coefficients[1],
        trend: fit.coefficients.get(2).copied().unwrap_or(0.0),
        residuals,
    })
}
