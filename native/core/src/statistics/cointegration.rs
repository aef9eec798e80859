//! Engle and Granger's test: does a combination of two wandering series return to a mean?

use super::error::{StatisticsError, same_length};
use super::least_squares::least_squares;
use super::line::Line;
use super::mackinnon::{CriticalValues, Distribution, Trend};
use super::sums::sum;
use super::unit_root::{Lags, level_statistic, trend_columns};

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
    let Fitted { slope, intercept, trend, residuals } =
        if linear { fit_trend(y, x) } else { fit_line(y, x) }?;
    let squares = |values| sum([values], |[value]| value * value);
    // Residuals of rounding alone would look perfectly stationary.
    if squares(&residuals) <= 1e-20 * squares(y) {
        return Err(StatisticsError::Degenerate);
    }
    let (lags, statistic) = level_statistic(&residuals, Trend::None, lags)?;
    let distribution = Distribution::of_pair(linear);
    Ok(Cointegration {
        statistic,
        p_value: distribution.p_value(statistic),
        critical: distribution.critical(y.len() - 1),
        lags,
        hedge_ratio: slope,
        intercept,
        trend,
        residuals,
    })
}

/// y = slope x + intercept + trend t, and what it leaves of y.
struct Fitted {
    slope: f64,
    intercept: f64,
    trend: f64,
    residuals: Vec<f64>,
}

fn fit_line(y: &[f64], x: &[f64]) -> Result<Fitted, StatisticsError> {
    let line = Line::fit(x, y)?;
    let residuals = x.iter().zip(y).map(|(x, y)| line.residual(*x, *y)).collect();
    Ok(Fitted { slope: line.slope, intercept: line.intercept(), trend: 0.0, residuals })
}

fn fit_trend(y: &[f64], x: &[f64]) -> Result<Fitted, StatisticsError> {
    same_length(y, x)?;
    let mut columns = vec![x.to_vec()];
    columns.extend(trend_columns(Trend::Linear, y.len()));
    let fit = least_squares(&columns, y)?;
    let [slope, intercept, trend] = [0, 1, 2].map(|at| fit.coefficients[at]);
    Ok(Fitted { slope, intercept, trend, residuals: fit.residuals(&columns, y) })
}
