//! Bindings of the laboratory. A job runs on a thread of the pool; its progress is read, not told, so nothing queues up.

mod request;
mod result;
mod sweep;
mod task;

use std::sync::Arc;

use desk_lab as lab;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;

use crate::errors::Result;
use request::{BacktestRequest, GridAxis, WalkWindows, parse_request};
use sweep::{sweep_request, walk_request};
use task::{LabTask, Shared};

/// How far a job is.
#[napi(object)]
pub struct JobProgress {
    pub done: f64,
    pub total: f64,
}

/// One backtest, sweep or walk: made, started once, and asked how far it is. What it starts rejects with
/// UNKNOWN_STRATEGY, INVALID_INPUT, FILE_NOT_FOUND, DATASET_INVALID, BACKTEST_REFUSED or CANCELLED.
#[napi]
pub struct BacktestJob {
    shared: Arc<Shared>,
    request: lab::BacktestRequest,
}

#[napi]
impl BacktestJob {
    /// Takes the request in. Throws INVALID_INPUT for a number that is none.
    #[napi(constructor, catch_unwind)]
    pub fn new(request: BacktestRequest) -> Result<Self> {
        Ok(Self { shared: Arc::default(), request: parse_request(request)? })
    }

    /// Reads the data, runs the backtest and its checks.
    #[napi(ts_return_type = "Promise<BacktestResult>")]
    pub fn run(&self) -> AsyncTask<LabTask<lab::BacktestRequest>> {
        self.start(self.request.clone())
    }

    /// Runs every combination of the grid on all cores, and the best by `metric` again with all checks.
    #[napi(ts_return_type = "Promise<SweepResult>")]
    pub fn sweep(&self, grid: Vec<GridAxis>, metric: String) -> AsyncTask<LabTask<lab::SweepRequest>> {
        self.start(sweep_request(self.request.clone(), grid, metric))
    }

    /// Chooses by a sweep on each training stretch and tests on the next.
    #[napi(ts_return_type = "Promise<WalkResult>")]
    pub fn walk(
        &self,
        grid: Vec<GridAxis>,
        metric: String,
        windows: WalkWindows,
    ) -> AsyncTask<LabTask<lab::WalkRequest>> {
        self.start(walk_request(sweep_request(self.request.clone(), grid, metric), &windows))
    }

    /// How far it is: in bars, in variants of a sweep, in steps of a walk. 0 of 0 before the first; checks follow the last.
    #[napi]
    pub fn progress(&self) -> JobProgress {
        let (done, total) = self.shared.progress();
        JobProgress { done: done as f64, total: total as f64 }
    }

    /// Ends it early. Safe to repeat.
    #[napi]
    pub fn cancel(&self) {
        self.shared.cancel();
    }

    fn start<R>(&self, request: R) -> AsyncTask<LabTask<R>>
    where
        LabTask<R>: napi::Task,
    {
        AsyncTask::new(LabTask::new(Arc::clone(&self.shared), request))
    }
}
