//! Statistics over whole series: is it stationary, do two belong together, what drives many.
//!
//! Everything is a pure function of its values, summed in one order. A value that is not finite is refused.

mod cointegration;
mod components;
#[cfg(test)]
mod cross_check_tests;
mod error;
mod half_life;
mod hurst;
mod kalman;
mod least_squares;
mod line;
mod mackinnon;
mod moments;
mod normal;
mod one_lag;
#[cfg(test)]
mod recovery_tests;
#[cfg(test)]
mod series;
mod sums;
mod unit_root;

pub use cointegration::{Cointegration, cointegration};
pub use components::{Components, correlation_matrix, principal_components};
pub use error::StatisticsError;
pub use half_life::{Reversion, mean_reversion};
pub use hurst::hurst_exponent;
pub use kalman::{Innovation, KalmanHedge};
pub use least_squares::{Fit, least_squares};
pub use mackinnon::{CriticalValues, Trend};
pub use moments::{kurtosis, mean, skewness, variance};
pub use normal::{erf, erfc, normal_cdf, normal_quantile};
pub use unit_root::{Lags, UnitRoot, augmented_dickey_fuller};
