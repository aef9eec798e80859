//! The work of a job, off the JavaScript thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use desk_core::backtest::BacktestError;
use desk_core::strategy::StrategyError;
use desk_lab::{self as lab, LabError};
use napi::bindgen_prelude::{ToNapiValue, TypeName};
use napi::{Env, JsError, Task};

use super::result::{BacktestResult, backtest_result};
use super::sweep::{SweepResult, WalkResult, sweep_result, walk_result};
use crate::background;
use crate::datasets::{DATASET_INVALID, bar_file_code};
use crate::errors::{INVALID_INPUT, Result, coded};

/// What the job and its thread both see.
#[derive(Default)]
pub struct Shared {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
}

impl Shared {
    pub fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    fn tell(&self, done: u64, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        self.done.fetch_max(done, Ordering::Relaxed);
    }
}

pub struct LabTask<R> {
    shared: Arc<Shared>,
    request: R,
}

impl<R> LabTask<R> {
    pub fn new(shared: Arc<Shared>, request: R) -> Self {
        Self { shared, request }
    }
}

/// A request that the laboratory answers.
pub trait Work: Send + Sync {
    type Report;
    type Shape: ToNapiValue + TypeName + Send + 'static;
    fn run(&self, shared: &Shared) -> std::result::Result<Self::Report, LabError>;
    fn shape(&self, report: Self::Report) -> Self::Shape;
}

impl Work for lab::BacktestRequest {
    type Report = lab::Report;
    type Shape = BacktestResult;

    fn run(&self, shared: &Shared) -> std::result::Result<lab::Report, LabError> {
        lab::run_backtest(self, &|done, total| shared.tell(done, total), &shared.cancelled)
    }

    fn shape(&self, report: lab::Report) -> BacktestResult {
        backtest_result(report)
    }
}

impl Work for lab::SweepRequest {
    type Report = lab::SweepReport;
    type Shape = SweepResult;

    fn run(&self, shared: &Shared) -> std::result::Result<lab::SweepReport, LabError> {
        lab::run_sweep(self, &|done, total| shared.tell(done, total), &shared.cancelled)
    }

    fn shape(&self, report: lab::SweepReport) -> SweepResult {
        sweep_result(report, &self.grid)
    }
}

impl Work for lab::WalkRequest {
    type Report = lab::WalkReport;
    type Shape = WalkResult;

    fn run(&self, shared: &Shared) -> std::result::Result<lab::WalkReport, LabError> {
        lab::walk_forward(self, &|done, total| shared.tell(done, total), &shared.cancelled)
    }

    fn shape(&self, report: lab::WalkReport) -> WalkResult {
        walk_result(report)
    }
}

impl<R: Work> Task for LabTask<R> {
    type Output = Result<R::Shape>;
    type JsValue = R::Shape;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        // Not on the pool's thread, which would stay as slow for whatever it does next. The report is put into shape there
        // too: the words of a thousand reasons would hold the JavaScript thread up.
        let done = background::run(|| {
            let report = self.request.run(&self.shared).map_err(|error| refused(&error))?;
            Ok(self.request.shape(report))
        });
        Ok(done.unwrap_or_else(|_| Err(coded("INTERNAL", "the backtester panicked"))))
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> napi::Result<Self::JsValue> {
        // An AsyncTask's own errors know only the codes of Node-API: ours travels inside a ready-made error.
        output.map_err(|error| napi::Error::from(JsError::from(error).into_unknown(env)))
    }
}

fn refused(error: &LabError) -> napi::Error<&'static str> {
    let code = match error {
        LabError::File(error) => bar_file_code(error),
        LabError::ColumnsUneven(_) => DATASET_INVALID,
        LabError::SymbolUnknown { .. }
        | LabError::OutOfRange { .. }
        | LabError::MetricUnknown(_)
        | LabError::TooManyBars { .. }
        | LabError::Grid(_)
        | LabError::Window(_) => INVALID_INPUT,
        LabError::Backtest(error) => backtest_code(error),
        LabError::NoneScored { .. } | LabError::WorkerFailed(_) => "BACKTEST_REFUSED",
    };
    coded(code, error)
}

fn backtest_code(error: &BacktestError) -> &'static str {
    match error {
        BacktestError::Strategy(StrategyError::UnknownStrategy { .. }) => "UNKNOWN_STRATEGY",
        BacktestError::Strategy(_) | BacktestError::SettingOutOfRange { .. } => INVALID_INPUT,
        BacktestError::Empty(_)
        | BacktestError::OneBar(_)
        | BacktestError::NoOverlap { .. }
        | BacktestError::Bar { .. } => DATASET_INVALID,
        BacktestError::Cancelled => "CANCELLED",
        _ => "BACKTEST_REFUSED",
    }
}
