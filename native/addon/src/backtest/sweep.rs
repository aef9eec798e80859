//! Sweeps and walks as JavaScript sees them.

use std::collections::BTreeMap;

use desk_lab as lab;
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

use super::request::{GridAxis, WalkWindows};
use super::result::{
    BacktestCheck, BacktestData, BacktestMetric, BacktestResult, CurveColumns, DenialCount, TradeColumns,
    backtest_result, check, curve_columns, data, denial_counts, metric, trade_columns,
};

/// A variant that was not run.
#[napi(object)]
pub struct RefusedVariant {
    /// Its place, from 0.
    pub row: u32,
    pub reason: String,
}

/// What came of a sweep. Tables are row after row: `params[row * paramNames.length + column]`.
#[napi(object)]
pub struct SweepResult {
    pub rows: u32,
    pub param_names: Vec<String>,
    pub params: Float64Array,
    pub metric_names: Vec<String>,
    /// NaN where a variant does not define the metric or was not run.
    pub metrics: Float64Array,
    pub refused: Vec<RefusedVariant>,
    /// The row of the best variant.
    pub best: u32,
    /// The best variant, run again with all checks.
    pub report: BacktestResult,
    /// Variants that were run.
    pub trials: f64,
    pub took_ms: f64,
}

/// One step of a walk. Times are starts of bars, inclusive.
#[napi(object)]
pub struct WalkStep {
    pub train_from_ms: f64,
    pub train_to_ms: f64,
    pub test_from_ms: f64,
    pub test_to_ms: f64,
    /// What was chosen in training.
    pub params: BTreeMap<String, f64>,
    pub train_score: f64,
    pub test_return_pct: f64,
    pub trials: f64,
}

/// What came of a walk: the tests one after the other.
#[napi(object, use_nullable = true)]
pub struct WalkResult {
    pub steps: Vec<WalkStep>,
    pub metrics: Vec<BacktestMetric>,
    pub curve: CurveColumns,
    pub trades: TradeColumns,
    pub failed_checks: Vec<BacktestCheck>,
    pub passed: bool,
    pub denials: Vec<DenialCount>,
    pub missed_orders: f64,
    /// Digest of the fills and the equity of all tests.
    pub hash: String,
    /// The bar at which all was lost and the walk ended; null when it was not.
    pub ruined_at_ms: Option<f64>,
    pub data: Vec<BacktestData>,
    pub took_ms: f64,
}

pub fn sweep_request(
    backtest: lab::BacktestRequest,
    grid: Vec<GridAxis>,
    metric: String,
) -> lab::SweepRequest {
    let axis = |axis: GridAxis| lab::GridAxis { param: axis.param, values: axis.values };
    lab::SweepRequest { backtest, grid: grid.into_iter().map(axis).collect(), metric, threads: None }
}

pub fn walk_request(sweep: lab::SweepRequest, windows: &WalkWindows) -> lab::WalkRequest {
    lab::WalkRequest {
        sweep,
        train_bars: windows.train_bars as usize,
        test_bars: windows.test_bars as usize,
        anchored: windows.anchored,
    }
}

pub fn sweep_result(report: lab::SweepReport, grid: &[lab::GridAxis]) -> SweepResult {
    let param_names: Vec<String> = grid.iter().map(|axis| axis.param.clone()).collect();
    let metric_names: Vec<String> =
        report.report.metrics.iter().map(|metric| metric.name.to_owned()).collect();
    let mut params = Vec::with_capacity(report.rows.len() * param_names.len());
    let mut metrics = Vec::with_capacity(report.rows.len() * metric_names.len());
    let mut refused = Vec::new();
    for (place, row) in report.rows.iter().enumerate() {
        params.extend(param_names.iter().map(|name| row.params.get(name).copied().unwrap_or(f64::NAN)));
        let value = |name: &String| row.metrics.get(name.as_str()).copied().flatten();
        metrics.extend(metric_names.iter().map(|name| value(name).unwrap_or(f64::NAN)));
        refused.extend(row.refused.clone().map(|reason| RefusedVariant { row: place as u32, reason }));
    }
    SweepResult {
        rows: report.rows.len() as u32,
        param_names,
        params: Float64Array::new(params),
        metric_names,
        metrics: Float64Array::new(metrics),
        refused,
        best: report.best as u32,
        report: backtest_result(report.report),
        trials: report.trials as f64,
        took_ms: report.took_ms,
    }
}

pub fn walk_result(report: lab::WalkReport) -> WalkResult {
    WalkResult {
        steps: report.steps.into_iter().map(step).collect(),
        metrics: report.metrics.iter().map(metric).collect(),
        curve: curve_columns(&report.curve),
        trades: trade_columns(&report.trades),
        failed_checks: report.failed_checks.into_iter().map(check).collect(),
        passed: report.passed,
        denials: denial_counts(report.denials),
        missed_orders: report.missed_orders as f64,
        hash: report.hash,
        ruined_at_ms: report.ruined_at_ms.map(|at| at as f64),
        data: report.data.into_iter().map(data).collect(),
        took_ms: report.took_ms,
    }
}

fn step(step: lab::WalkStep) -> WalkStep {
    WalkStep {
        train_from_ms: step.train_from_ms as f64,
        train_to_ms: step.train_to_ms as f64,
        test_from_ms: step.test_from_ms as f64,
        test_to_ms: step.test_to_ms as f64,
        params: step.params,
        train_score: step.train_score,
        test_return_pct: step.test_return_pct,
        trials: step.trials as f64,
    }
}
