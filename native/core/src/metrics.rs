//! What a run of equity and trades amounts to. Everything accumulates as it comes, in memory that does not grow with
//! the number of bars. Each figure carries its definition; one that is not defined is absent and says why, never NaN.
//!
//! Returns are taken from period to period. A period is a UTC day; where bars are longer than a day, it is a bar.
//! Periods a year follow from the dates: 252 for days, 365 when weekends trade, 52 for weeks, 12 for months, 4 for
//! quarters, 1 for years.

mod curve;
mod drawdown;
mod figures;
mod moments;
mod periods;
mod probability;
mod recorder;
mod rows;
#[cfg(test)]
mod tests;
mod trade_stats;

pub use curve::{Curve, CurvePoint};
pub use periods::{Market, Periods};
pub use probability::{Trials, deflated_sharpe, probabilistic_sharpe};
pub use recorder::Recorder;
pub use rows::Metric;
pub use trade_stats::{ClosedTrade, TradeStats};

/// A figure, or why it is not defined.
pub type Figure = Result<f64, &'static str>;
