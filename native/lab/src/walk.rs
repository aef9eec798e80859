//! Walk-forward: a sweep on each training stretch, its best variant on the test that follows.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use desk_core::backtest::{
    Outcome, Panel, Setup, Window, check_accounting, check_look_ahead_while, run_on, trials, windows,
};
use desk_core::metrics::Recorder;

use crate::feed::Feed;
use crate::run::{elapsed_ms, go_on};
use crate::sweep::{Swept, sweep};
use crate::{CurveColumns, LabError, OnProgress, WalkReport, WalkRequest, WalkStep};

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// Walks over the data. Each test goes on with the cash of the one before; positions are closed at its end. The training
/// bars warm the strategies up and are not traded in a test. Steps are told as progress.
///
/// # Errors
/// See [`LabError`].
pub fn walk_forward(
    request: &WalkRequest,
    on_progress: OnProgress<'_>,
    cancel: &AtomicBool,
) -> Result<WalkReport, LabError> {
    let started = Instant::now();
    let feed = Feed::open(&request.sweep.backtest)?;
    let panel = feed.panel()?;
    let setup = request.sweep.backtest.setup.setup()?;
    let steps = windows(&panel, request.train_bars, request.test_bars, request.anchored)?;
    let mut walk = Walk {
        request,
        record: Recorder::new(setup.cash, setup.curve_points),
        setup,
        report: WalkReport {
            steps: Vec::with_capacity(steps.len()),
            metrics: Vec::new(),
            curve: CurveColumns::default(),
            trades: Vec::new(),
            failed_checks: Vec::new(),
            passed: true,
            denials: BTreeMap::new(),
            missed_orders: 0,
            ruined_at_ms: None,
            hash: String::new(),
            data: feed.used(),
            took_ms: 0.0,
        },
        sharpes: Vec::new(),
        digest: FNV_START,
    };
    for (at, step) in steps.iter().enumerate() {
        walk.step(&panel, *step, cancel)?;
        on_progress(at as u64 + 1, steps.len() as u64);
        if walk.report.ruined_at_ms.is_some() {
            break;
        }
    }
    let mut report = walk.report;
    report.metrics = walk.record.metrics(&trials(&walk.sharpes));
    report.curve = CurveColumns::of(&walk.record.curve());
    report.passed = report.failed_checks.is_empty();
    report.hash = format!("{:016x}", walk.digest);
    report.took_ms = elapsed_ms(started);
    Ok(report)
}

struct Walk<'a> {
    request: &'a WalkRequest,
    setup: Setup, // its cash is what the next test starts with
    record: Recorder,
    report: WalkReport,
    sharpes: Vec<Option<f64>>,
    digest: u64, // FNV-1a over the digests of the tests
}

impl Walk<'_> {
    fn step(&mut self, panel: &Panel, step: Window, cancel: &AtomicBool) -> Result<(), LabError> {
        let training = panel.between(step.train_from_ms, step.train_to_ms);
        let swept = sweep(&self.request.sweep, &training, &self.setup, &|_, _| (), cancel)?;
        let outcome = self.test(panel, step, &swept, cancel)?;
        let before = self.setup.cash;
        self.report.ruined_at_ms = outcome.ruined_at_ms;
        self.setup.cash = outcome.equity;
        self.report.steps.push(WalkStep {
            train_from_ms: step.train_from_ms,
            train_to_ms: step.train_to_ms,
            test_from_ms: step.test_from_ms,
            test_to_ms: step.test_to_ms,
            params: swept.grid.variant(swept.best),
            train_score: swept.score,
            test_return_pct: (outcome.equity as f64 / before as f64 - 1.0) * 100.0,
            trials: swept.trials.count,
        });
        self.sharpes.extend(swept.sharpes);
        self.report.trades.extend(outcome.trades);
        for (code, count) in outcome.denials {
            *self.report.denials.entry(code.to_owned()).or_default() += count;
        }
        self.report.missed_orders += outcome.missed;
        self.digest = (self.digest ^ outcome.hash).wrapping_mul(FNV_PRIME);
        self.record = outcome.record;
        Ok(())
    }

    fn test(
        &mut self,
        panel: &Panel,
        step: Window,
        swept: &Swept,
        cancel: &AtomicBool,
    ) -> Result<Outcome, LabError> {
        let request = &self.request.sweep.backtest;
        let followed = request.followed()?;
        let params = swept.grid.variant(swept.best);
        let make = |_: &Panel| request.agents(&followed, &params);
        let data = panel.between(step.train_from_ms, step.test_to_ms);
        let setup = Setup { trade_from_ms: step.test_from_ms, ..self.setup };
        let outcome = run_on(&data, make(&data)?, &setup, self.record.clone(), &mut |_, _| go_on(cancel))?;
        let looked_ahead = check_look_ahead_while(&data, &make, request.seed, &|| go_on(cancel))?;
        let checks = [looked_ahead, check_accounting(&outcome)];
        self.report.failed_checks.extend(checks.into_iter().filter(|check| !check.passed));
        Ok(outcome)
    }
}
