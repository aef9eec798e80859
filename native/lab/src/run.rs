//! One backtest.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use desk_core::backtest::{Panel, Setup, run_checked};

use crate::{BacktestRequest, LabError, OnProgress, Report};

/// Runs a backtest with all checks. Bars are told as progress; `cancel` is looked at every 65,536 of them.
///
/// # Errors
/// See [`LabError`]; a failed check is no error.
pub fn run_backtest(
    request: &BacktestRequest,
    on_progress: OnProgress<'_>,
    cancel: &AtomicBool,
) -> Result<Report, LabError> {
    let started = Instant::now();
    let (panel, setup) = (request.panel()?, request.setup.setup()?);
    let mut report = report_on(request, &panel, &setup, &BTreeMap::new(), on_progress, cancel)?;
    report.took_ms = elapsed_ms(started);
    Ok(report)
}

/// Runs one variant with all checks on data that is read already.
pub fn report_on(
    request: &BacktestRequest,
    panel: &Panel,
    setup: &Setup,
    varied: &BTreeMap<String, f64>,
    on_progress: OnProgress<'_>,
    cancel: &AtomicBool,
) -> Result<Report, LabError> {
    let started = Instant::now();
    let followed = request.followed()?;
    let make = |_: &Panel| request.agents(&followed, varied);
    let mut tell = |done, total| {
        on_progress(done, total);
        go_on(cancel)
    };
    let checked = run_checked(panel, &make, setup, request.seed, &mut tell)?;
    Ok(Report::of(checked.outcome, checked.checks, elapsed_ms(started)))
}

pub fn go_on(cancel: &AtomicBool) -> ControlFlow<()> {
    if cancel.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

pub fn elapsed_ms(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1_000.0
}
