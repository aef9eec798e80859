//! Many backtests on all cores.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use desk_core::backtest::{BacktestError, Grid, Panel, Setup, best, run, trials};
use desk_core::metrics::{Metric, Recorder, Trials};

use crate::feed::Feed;
use crate::run::{elapsed_ms, go_on, report_on};
use crate::{GridAxis, LabError, OnProgress, SweepReport, SweepRequest, SweepRow};

/// What a variant gave: its record, or why the strategy does not allow it.
type Tried = Result<Recorder, String>;

/// Runs a backtest for each variant, without checks, and the best one again with all of them. Variants done are told as
/// progress.
///
/// # Errors
/// See [`LabError`]; parameters that a strategy does not allow are a row that says so.
pub fn run_sweep(
    request: &SweepRequest,
    on_progress: OnProgress<'_>,
    cancel: &AtomicBool,
) -> Result<SweepReport, LabError> {
    let started = Instant::now();
    let (feed, setup) = (Feed::open(&request.backtest)?, request.backtest.setup.setup()?);
    let panel = feed.panel()?;
    let swept = sweep(request, &panel, &setup, on_progress, cancel)?;
    let rows: Vec<SweepRow> = swept
        .tried
        .iter()
        .enumerate()
        .map(|(at, tried)| row(swept.grid.variant(at), tried, &swept.trials))
        .collect();
    let setup = Setup { trials: swept.trials, ..setup };
    let params = &rows[swept.best].params;
    let report = report_on(&request.backtest, &feed, &setup, params, &|_, _| (), cancel)?;
    Ok(SweepReport {
        best: swept.best,
        report,
        trials: swept.trials.count,
        sharpe_variance: swept.trials.sharpe_variance,
        took_ms: elapsed_ms(started),
        rows,
    })
}

/// A grid that has been run.
pub struct Swept {
    pub grid: Grid,
    pub tried: Vec<Tried>,
    pub trials: Trials,
    pub sharpes: Vec<Option<f64>>, // of the variants that were run
    pub best: usize,
    pub score: f64,
}

/// Runs all variants on data that is read already.
pub fn sweep(
    request: &SweepRequest,
    panel: &Panel,
    setup: &Setup,
    on_progress: OnProgress<'_>,
    cancel: &AtomicBool,
) -> Result<Swept, LabError> {
    let grid = Grid::new(request.grid.iter().map(GridAxis::axis).collect())?;
    let tried = try_all(request, panel, setup, &grid, on_progress, cancel)?;
    let ran = || tried.iter().filter_map(|tried| tried.as_ref().ok());
    let sharpes: Vec<Option<f64>> = ran().map(Recorder::sharpe_per_period).collect();
    let trials = trials(&sharpes);
    let scores = tried
        .iter()
        .map(|tried| tried.as_ref().ok().and_then(|record| score(record, &request.metric, &trials)));
    let scores: Vec<Option<f64>> = scores.collect();
    let found = best(scores.iter().copied()).and_then(|at| Some((at, scores[at]?)));
    let Some((best, score)) = found else { return Err(none_scored(&tried, &request.metric, &trials)) };
    Ok(Swept { grid, trials, sharpes, best, score, tried })
}

/// Shares the variants out over the threads, which take the next one as they get done. What each gives does not depend
/// on who runs it, and the results are put in the order of the grid.
fn try_all(
    request: &SweepRequest,
    panel: &Panel,
    setup: &Setup,
    grid: &Grid,
    on_progress: OnProgress<'_>,
    cancel: &AtomicBool,
) -> Result<Vec<Tried>, LabError> {
    let followed = request.backtest.followed()?;
    // Lists and curves of variants are not looked at.
    let setup = Setup { keep: 0, curve_points: 0, ..*setup };
    let (next, done) = (AtomicUsize::new(0), AtomicU64::new(0));
    let work = || {
        let mut own = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= grid.len() {
                return Ok(own);
            }
            let tried = match request.backtest.agents(&followed, &grid.variant(number)) {
                Ok(agents) => Ok(run(panel, agents, &setup, &mut |_, _| go_on(cancel))?.record),
                Err(refused @ BacktestError::Strategy(_)) => Err(refused.to_string()),
                Err(error) => return Err(error),
            };
            own.push((number, tried));
            if go_on(cancel).is_break() {
                return Err(BacktestError::Cancelled);
            }
            on_progress(done.fetch_add(1, Ordering::Relaxed) + 1, grid.len() as u64);
        }
    };
    let threads = thread_count(request.threads).min(grid.len());
    let shares = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    let mut all: Vec<(usize, Tried)> = Vec::with_capacity(grid.len());
    for share in shares {
        let share = share.map_err(|_| LabError::WorkerFailed(format!("one of {} variants", grid.len())))?;
        all.extend(share?);
    }
    all.sort_unstable_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, tried)| tried).collect())
}

fn thread_count(wanted: Option<usize>) -> usize {
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    wanted.unwrap_or_else(cores).max(1)
}

fn score(record: &Recorder, metric: &str, trials: &Trials) -> Option<f64> {
    record.metrics(trials).into_iter().find(|row| row.name == metric)?.value
}

fn none_scored(tried: &[Tried], metric: &str, trials: &Trials) -> LabError {
    let of = |record: &Recorder| record.metrics(trials).into_iter().find(|row| row.name == metric);
    let first = tried.iter().find_map(|tried| tried.as_ref().ok());
    let reason = match (first.map(of), tried.first()) {
        (Some(None), _) => return LabError::MetricUnknown(metric.to_owned()),
        (Some(Some(Metric { absent, .. })), _) => absent.unwrap_or("it is not a number").to_owned(),
        (None, Some(Err(refused))) => refused.clone(),
        _ => "nothing was run".to_owned(),
    };
    LabError::NoneScored { metric: metric.to_owned(), reason }
}

fn row(params: BTreeMap<String, f64>, tried: &Tried, trials: &Trials) -> SweepRow {
    match tried {
        Ok(record) => {
            let metrics =
                record.metrics(trials).into_iter().map(|metric| (metric.name, metric.value)).collect();
            SweepRow { params, metrics, refused: None }
        }
        Err(refused) => SweepRow { params, metrics: BTreeMap::new(), refused: Some(refused.clone()) },
    }
}
