//! The look-ahead check: what is decided at an instant may not depend on what comes after it.
//!
//! At 32 sampled instants the strategies are built anew on data that ends there, and again on data that is changed after
//! it; either way they must decide as before up to that instant. They are given their bars as a backtest gives them, in
//! blocks that reach beyond the instant where the data does, so that a strategy that reads on in its block is found too.
//! Data of more than 8,192 instants is looked at through four windows of that length, spread evenly, with 8 samples each;
//! so the check costs at most 33 passes of the strategies over 8,192 instants, however long the backtest. It can be
//! broken off: whoever asked is asked in turn before each block.

use std::ops::{ControlFlow, Range};

use super::agent::Agent;
use super::checks::Check;
use super::deciding::{Changes, Running};
use super::digest::mix;
use super::engine::BLOCK;
use super::{BacktestError, Panel};
use crate::bars::Bar;
use crate::money::QtyNanos;
use crate::strategy::{MAX_PRICE_TICKS, Strategy};

const SAMPLES: usize = 32;
const WINDOWS: usize = 4;
const WINDOW: usize = 8_192;

/// Whether a check goes on; asked at least every few hundred instants.
type GoOn<'a> = &'a dyn Fn() -> ControlFlow<()>;

/// Looks whether the strategies know what they cannot know yet, to the end; see the module.
///
/// # Errors
/// The strategies cannot be built, or refuse a bar.
pub fn check_look_ahead<S: Strategy>(
    panel: &Panel,
    make: &impl Fn(&Panel) -> Result<Vec<Agent<S>>, BacktestError>,
    seed: u64,
) -> Result<Check, BacktestError> {
    check_look_ahead_while(panel, make, seed, &|| ControlFlow::Continue(()))
}

/// The look-ahead check for as long as `go_on` says so.
///
/// # Errors
/// As [`check_look_ahead`]; among them that `go_on` broke it off.
pub fn check_look_ahead_while<S: Strategy>(
    panel: &Panel,
    make: &impl Fn(&Panel) -> Result<Vec<Agent<S>>, BacktestError>,
    seed: u64,
    go_on: GoOn<'_>,
) -> Result<Check, BacktestError> {
    let clock = panel.clock();
    let windows = look_ahead_windows(clock.len());
    let cut = |window: &Range<usize>| panel.between(clock[window.start].at_ms, clock[window.end - 1].at_ms);
    check_look_ahead_in(&windows.iter().map(cut).collect::<Vec<_>>(), make, seed, go_on)
}

/// The stretches that the look-ahead check looks at, in bars of the longest symbol of data that has so many.
pub fn look_ahead_windows(bars: usize) -> Vec<Range<usize>> {
    let length = bars.min(WINDOW);
    let count = if bars <= WINDOW { bars.min(1) } else { WINDOWS };
    let window = |number: usize| {
        let from = (bars - length) * number / WINDOWS.saturating_sub(1).max(1);
        from..from + length
    };
    (0..count).map(window).collect()
}

/// The look-ahead check on stretches that were cut out already; see [`look_ahead_windows`].
///
/// # Errors
/// As [`check_look_ahead_while`].
pub fn check_look_ahead_in<S: Strategy>(
    windows: &[Panel],
    make: &impl Fn(&Panel) -> Result<Vec<Agent<S>>, BacktestError>,
    seed: u64,
    go_on: GoOn<'_>,
) -> Result<Check, BacktestError> {
    let samples = SAMPLES / windows.len().max(1);
    let mut betrayed = None;
    for (number, window) in windows.iter().enumerate() {
        let found = look_ahead_in(window, make, samples, mix(seed ^ number as u64), go_on)?;
        betrayed = betrayed.or(found);
    }
    let (at_ms, what) = betrayed.unzip();
    let detail = what.map_or_else(
        || format!("{SAMPLES} instants: no decision changed when the data ended there or changed after it"),
        |what| format!("a decision changed when the data after it was {what}"),
    );
    Ok(Check { name: "lookAhead", passed: at_ms.is_none(), detail, betrayed_at_ms: at_ms })
}

/// Looks through one window; the bar that betrays first, and what was done to the data after it.
fn look_ahead_in<S: Strategy>(
    whole: &Panel,
    make: &impl Fn(&Panel) -> Result<Vec<Agent<S>>, BacktestError>,
    samples: usize,
    seed: u64,
    go_on: GoOn<'_>,
) -> Result<Option<(i64, &'static str)>, BacktestError> {
    let times: Vec<i64> = whole.clock().iter().map(|bar| bar.at_ms).collect();
    let Some(&last) = times.last() else { return Ok(None) };
    let expected = decisions(whole, make(whole)?, last, go_on)?;
    let mut betrayed = None;
    // From the latest to the earliest, so that ever more is cut off and changed, and each bar once.
    let (mut ended, mut changed, mut changed_from) = (whole.clone(), whole.clone(), i64::MAX);
    for sample in (0..samples).rev() {
        // One sample from each part, so that none of the window is left out.
        let inside = mix(seed.wrapping_add(sample as u64)) as usize % (times.len() / samples).max(1);
        let until = times[(times.len() * sample / samples + inside).min(times.len() - 1)];
        ended.cut_after(until);
        changed.change_after(until, changed_from, |symbol, bar| perturb(bar, seed, symbol));
        changed_from = until;
        for (panel, what) in [(&ended, "cut off"), (&changed, "changed")] {
            let found = decisions(panel, make(panel)?, until, go_on)?;
            let until = |decision: &&Decided| decision.at_ms <= until;
            let at_ms = first_difference(expected.iter().take_while(until), found.iter());
            betrayed = at_ms.map(|at_ms| (at_ms, what)).or(betrayed);
        }
    }
    Ok(betrayed)
}

/// A target that an agent changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decided {
    at_ms: i64,
    seat: usize,
    wanted: QtyNanos,
}

/// What is decided up to `until`, in the order of time.
fn decisions<S: Strategy>(
    panel: &Panel,
    agents: Vec<Agent<S>>,
    until: i64,
    go_on: GoOn<'_>,
) -> Result<Vec<Decided>, BacktestError> {
    let mut changes = Changes { all: Vec::new(), explained: false };
    let mut seat = 0;
    for Agent { strategy, symbols, .. } in agents {
        let seats = symbols.len();
        let mut agent = Running::new(strategy, symbols, seat, panel.symbols().len());
        seat += seats;
        let mut rest = panel.block();
        while rest.first_ms().is_some_and(|at_ms| at_ms <= until) {
            if go_on().is_break() {
                return Err(BacktestError::Cancelled);
            }
            let decided = agent.decide(&rest.take(BLOCK), &mut changes);
            decided.map_err(|refused| refused.named(panel.symbols()))?;
        }
    }
    let decided = changes.all.iter().map(|change| Decided {
        at_ms: change.at.at_ms,
        seat: change.seat,
        wanted: change.wanted,
    });
    let mut decided: Vec<Decided> = decided.filter(|decided| decided.at_ms <= until).collect();
    decided.sort_by_key(|decided| (decided.at_ms, decided.seat));
    Ok(decided)
}

fn first_difference<'a>(
    mut expected: impl Iterator<Item = &'a Decided>,
    mut found: impl Iterator<Item = &'a Decided>,
) -> Option<i64> {
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return None,
            (one, other) if one == other => {}
            (one, other) => return one.into_iter().chain(other).map(|decided| decided.at_ms).min(),
        }
    }
}

/// Moves a bar by a factor of its own, from a half to one and a half.
fn perturb(bar: &mut Bar, seed: u64, symbol: usize) {
    let random = mix(mix(seed ^ mix(symbol as u64 + 1)) ^ bar.at_ms as u64);
    let thousandths = 500 + (random % 1_000) as i64;
    for ticks in [&mut bar.open_ticks, &mut bar.high_ticks, &mut bar.low_ticks, &mut bar.close_ticks] {
        *ticks = (ticks.saturating_mul(thousandths) / 1_000).clamp(1, MAX_PRICE_TICKS);
    }
}
