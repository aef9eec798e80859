//! What comes back.

use std::collections::BTreeMap;

use desk_core::backtest::{Book, Check, Denied, Outcome, Trade};
use desk_core::metrics::{CurvePoint, Metric};
use desk_core::money::Micros;
use serde::Serialize;

use crate::DataUsed;

/// A backtest's report. Simulated, always.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The figures with their definitions.
    pub metrics: Vec<Metric>,
    /// The first closed trades.
    pub trades: Vec<Trade>,
    /// Look-ahead, determinism, accounting.
    pub checks: Vec<Check>,
    /// Whether all checks passed. The figures of a backtest that failed one are not to be believed.
    pub passed: bool,
    /// The equity, down-sampled with its extremes.
    pub curve: CurveColumns,
    /// How many orders the gate refused, by code.
    pub denials: BTreeMap<String, u64>,
    /// The first refused orders.
    pub denied: Vec<Denied>,
    /// Limit orders that were not reached.
    pub missed_orders: u64,
    /// The bar at which all was lost; nothing was traded after it.
    pub ruined_at_ms: Option<i64>,
    /// Digest of all fills and of the equity at every bar, in hexadecimal.
    pub hash: String,
    /// Bars of all symbols.
    pub bars: u64,
    /// What each agent has in each symbol at the end; all books sum to the account.
    #[serde(skip)]
    pub books: Vec<Book>,
    /// Where the bars came from.
    pub data: Vec<DataUsed>,
    /// How long it took, checks included.
    pub took_ms: f64,
}

/// Points of a curve in columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CurveColumns {
    /// Starts of bars in milliseconds since 1970.
    pub at_ms: Vec<i64>,
    /// Equity at their closes.
    pub equity_micros: Vec<Micros>,
}

/// One variant of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SweepRow {
    /// What was varied.
    pub params: BTreeMap<String, f64>,
    /// The figures by name; the deflated Sharpe ratio counts all variants that were run. Empty when it was not run.
    pub metrics: BTreeMap<&'static str, Option<f64>>,
    /// Why it was not run: the strategy does not allow the parameters.
    pub refused: Option<String>,
}

/// A sweep's report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SweepReport {
    /// Every variant, in the order of the grid.
    pub rows: Vec<SweepRow>,
    /// The best variant's place in `rows`.
    pub best: usize,
    /// The best variant, run again with all checks.
    pub report: Report,
    /// Variants that were run.
    pub trials: u64,
    /// Variance of their Sharpe ratios, not annualised.
    pub sharpe_variance: f64,
    /// How long it took.
    pub took_ms: f64,
}

/// One step of a walk.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WalkStep {
    /// First bar of the training.
    pub train_from_ms: i64,
    /// Last bar of the training.
    pub train_to_ms: i64,
    /// First bar of the test.
    pub test_from_ms: i64,
    /// Last bar of the test.
    pub test_to_ms: i64,
    /// What was chosen in training.
    pub params: BTreeMap<String, f64>,
    /// The chosen metric in training.
    pub train_score: f64,
    /// Return of the test, in percent.
    pub test_return_pct: f64,
    /// Variants run in training.
    pub trials: u64,
}

/// A walk's report: the tests one after the other, each with the cash of the one before.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WalkReport {
    /// The steps.
    pub steps: Vec<WalkStep>,
    /// The figures over all tests; the deflated Sharpe ratio counts every variant that was run in any training.
    pub metrics: Vec<Metric>,
    /// The equity over all tests.
    pub curve: CurveColumns,
    /// The closed trades of all tests.
    pub trades: Vec<Trade>,
    /// The look-ahead and accounting checks that a test failed; empty when all is well.
    pub failed_checks: Vec<Check>,
    /// Whether every check of every test passed.
    pub passed: bool,
    /// How many orders the gate refused in all tests, by code.
    pub denials: BTreeMap<String, u64>,
    /// Limit orders of all tests that were not reached.
    pub missed_orders: u64,
    /// The bar at which all was lost; the walk ends there.
    pub ruined_at_ms: Option<i64>,
    /// Digest of the digests of all tests, in hexadecimal.
    pub hash: String,
    /// Where the bars came from.
    pub data: Vec<DataUsed>,
    /// How long it took.
    pub took_ms: f64,
}

impl Report {
    pub(crate) fn of(outcome: Outcome, checks: Vec<Check>, data: Vec<DataUsed>, took_ms: f64) -> Self {
        Self {
            metrics: outcome.metrics,
            trades: outcome.trades,
            passed: checks.iter().all(|check| check.passed),
            checks,
            curve: CurveColumns::of(&outcome.curve),
            denials: outcome.denials.into_iter().map(|(code, count)| (code.to_owned(), count)).collect(),
            denied: outcome.denied,
            missed_orders: outcome.missed,
            ruined_at_ms: outcome.ruined_at_ms,
            hash: format!("{:016x}", outcome.hash),
            bars: outcome.bars,
            books: outcome.books,
            data,
            took_ms,
        }
    }
}

impl CurveColumns {
    pub(crate) fn of(points: &[CurvePoint]) -> Self {
        Self {
            at_ms: points.iter().map(|point| point.at_ms).collect(),
            equity_micros: points.iter().map(|point| point.equity_micros).collect(),
        }
    }
}
