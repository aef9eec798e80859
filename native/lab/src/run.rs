//! One backtest.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use desk_core::backtest::{
    Outcome, Panel, Progress, Setup, check_accounting, check_determinism, check_look_ahead_in, run_stream,
};

use crate::feed::{Feed, Reader};
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
    let (feed, setup) = (Feed::open(request)?, request.setup.setup()?);
    let mut report = report_on(request, &feed, &setup, &BTreeMap::new(), on_progress, cancel)?;
    report.took_ms = elapsed_ms(started);
    Ok(report)
}

/// Runs one variant with all checks on data that is open already; it is streamed twice.
pub fn report_on(
    request: &BacktestRequest,
    feed: &Feed,
    setup: &Setup,
    varied: &BTreeMap<String, f64>,
    on_progress: OnProgress<'_>,
    cancel: &AtomicBool,
) -> Result<Report, LabError> {
    let started = Instant::now();
    let followed = request.followed()?;
    let make = |_: &Panel| request.agents(&followed, varied);
    let pass = |progress: Progress<'_>| -> Result<Outcome, LabError> {
        let mut readers = feed.read()?;
        let agents = request.agents(&followed, varied)?;
        let outcome = run_stream(feed.symbols(), readers.iter_mut(), feed.len(), agents, setup, progress);
        // A file that breaks off makes the run end early: that comes first.
        readers.into_iter().try_for_each(Reader::finish)?;
        Ok(outcome?)
    };
    let mut tell = |done, total| {
        on_progress(done, total);
        go_on(cancel)
    };
    // The second run shares nothing with the first but the data, so it may as well have the other core.
    let (outcome, again, looked_ahead) = thread::scope(|scope| {
        let again = scope.spawn(|| pass(&mut |_, _| go_on(cancel)));
        let outcome = pass(&mut tell);
        let looked_ahead = feed
            .windows()
            .and_then(|windows| Ok(check_look_ahead_in(&windows, &make, request.seed, &|| go_on(cancel))?));
        (outcome, again.join(), looked_ahead)
    });
    let again = again.map_err(|_| LabError::WorkerFailed("those of the request".to_owned()))?;
    let (outcome, again) = (outcome?, again?);
    let checks = vec![looked_ahead?, check_determinism(&outcome, &again), check_accounting(&outcome)];
    Ok(Report::of(outcome, checks, feed.used(), elapsed_ms(started)))
}

pub fn go_on(cancel: &AtomicBool) -> ControlFlow<()> {
    if cancel.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

pub fn elapsed_ms(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1_000.0
}
