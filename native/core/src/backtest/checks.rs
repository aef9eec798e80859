//! What every backtest must pass before its figures are believed.
//!
//! - *Look-ahead*: at 32 sampled instants the strategies are built anew on data that ends there, and again on data that
//!   is changed after it. Either way they must decide as before up to that instant. Data of more than 8,192 instants is
//!   looked at through four windows of that length, spread evenly, with 8 samples each; so the check costs at most 33
//!   passes of the strategies over 8,192 instants, however long the backtest.
//! - *Determinism*: a second run gives the same digest. It costs as much as the first.
//! - *Accounting*: cash and positions equal what was put in, earned and paid, and the books of the agents sum to the
//!   account, in integers, after every fill.

use std::ops::Range;

use serde::Serialize;

use super::digest::{Digest, mix};
use super::engine::{Agent, Outcome, Progress, run};
use super::setup::Setup;
use super::{BacktestError, Panel};
use crate::bars::Bar;
use crate::strategy::{MAX_PRICE_TICKS, Strategy};

const SAMPLES: usize = 32;
const WINDOWS: usize = 4;
const WINDOW: usize = 8_192;

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// "lookAhead", "determinism" or "accounting".
    pub name: &'static str,
    /// Whether the backtest may be believed as far as this goes.
    pub passed: bool,
    /// What was looked at, or what was found.
    pub detail: String,
    /// The bar that betrays a failure.
    pub betrayed_at_ms: Option<i64>,
}

/// A backtest and its checks.
#[derive(Debug, Clone)]
pub struct Checked {
    /// What came of it.
    pub outcome: Outcome,
    /// Look-ahead, determinism, accounting.
    pub checks: Vec<Check>,
}

/// Runs a backtest and all checks. `make` builds the agents, cold, for a panel; `seed` chooses the samples.
///
/// # Errors
/// As [`run`]; a failed check is no error.
pub fn run_checked<S: Strategy>(
    panel: &Panel,
    make: &impl Fn(&Panel) -> Result<Vec<Agent<S>>, BacktestError>,
    setup: &Setup,
    seed: u64,
    progress: Progress<'_>,
) -> Result<Checked, BacktestError> {
    let outcome = run(panel, make(panel)?, setup, progress)?;
    let again = run(panel, make(panel)?, setup, progress)?;
    let checks = vec![
        check_look_ahead(panel, make, seed)?,
        check_determinism(&outcome, &again),
        check_accounting(&outcome),
    ];
    Ok(Checked { outcome, checks })
}

/// Looks whether the strategies know what they cannot know yet; see the module.
///
/// # Errors
/// The strategies cannot be built, or refuse a bar.
pub fn check_look_ahead<S: Strategy>(
    panel: &Panel,
    make: &impl Fn(&Panel) -> Result<Vec<Agent<S>>, BacktestError>,
    seed: u64,
) -> Result<Check, BacktestError> {
    let clock = panel.clock();
    let windows = look_ahead_windows(clock.len());
    let cut = |window: &Range<usize>| panel.between(clock[window.start].at_ms, clock[window.end - 1].at_ms);
    check_look_ahead_in(&windows.iter().map(cut).collect::<Vec<_>>(), make, seed)
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
/// As [`check_look_ahead`].
pub fn check_look_ahead_in<S: Strategy>(
    windows: &[Panel],
    make: &impl Fn(&Panel) -> Result<Vec<Agent<S>>, BacktestError>,
    seed: u64,
) -> Result<Check, BacktestError> {
    let samples = SAMPLES / windows.len().max(1);
    let mut betrayed = None;
    for (number, window) in windows.iter().enumerate() {
        let found = look_ahead_in(window, make, samples, mix(seed ^ number as u64))?;
        betrayed = betrayed.or(found);
    }
    let (at_ms, what) = betrayed.unzip();
    let detail = what.unwrap_or_else(|| {
        format!("{SAMPLES} instants: no decision changed when the data ended there or changed after it")
    });
    Ok(Check { name: "lookAhead", passed: at_ms.is_none(), detail, betrayed_at_ms: at_ms })
}

/// Looks through one window; the bar that betrays, and how.
fn look_ahead_in<S: Strategy>(
    whole: &Panel,
    make: &impl Fn(&Panel) -> Result<Vec<Agent<S>>, BacktestError>,
    samples: usize,
    seed: u64,
) -> Result<Option<(i64, String)>, BacktestError> {
    let times: Vec<i64> = whole.clock().iter().map(|bar| bar.at_ms).collect();
    let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return Ok(None) };
    let expected = signals(whole, make(whole)?, last)?;
    for sample in 0..samples {
        // One sample from each part, so that none of the window is left out.
        let inside = mix(seed.wrapping_add(sample as u64)) as usize % (times.len() / samples).max(1);
        let until = times[(times.len() * sample / samples + inside).min(times.len() - 1)];
        let ended = whole.between(first, until);
        let ends = signals(&ended, make(&ended)?, until)?;
        if let Some(at_ms) = first_difference(&expected, &ends) {
            return Ok(Some((at_ms, "a decision changed when the data after it was cut off".to_owned())));
        }
        let changed = perturb(whole, until, seed);
        let changes = signals(&changed, make(&changed)?, until)?;
        if let Some(at_ms) = first_difference(&expected, &changes) {
            return Ok(Some((at_ms, "a decision changed when the data after it was changed".to_owned())));
        }
    }
    Ok(None)
}

/// What is decided at each instant up to `until`, as (instant, digest).
fn signals<S: Strategy>(
    panel: &Panel,
    mut agents: Vec<Agent<S>>,
    until: i64,
) -> Result<Vec<(i64, u64)>, BacktestError> {
    let mut signals: Vec<(i64, u64)> = Vec::new();
    let mut digest = Digest::default();
    let mut decisions = Vec::new();
    for (symbol, bar) in panel.instants().take_while(|(_, bar)| bar.at_ms <= until) {
        if signals.last().is_none_or(|(at_ms, _)| *at_ms != bar.at_ms) {
            digest = Digest::default();
            signals.push((bar.at_ms, digest.value()));
        }
        for (number, agent) in agents.iter_mut().enumerate() {
            let Some(place) = agent.symbols.iter().position(|own| *own == symbol) else { continue };
            decisions.clear();
            agent.strategy.decide(place, bar, &mut decisions).map_err(|source| BacktestError::Bar {
                symbol: panel.symbols()[symbol].clone(),
                at_ms: bar.at_ms,
                source,
            })?;
            for (place, decision) in &decisions {
                for word in [number as i64, *place as i64, decision.action as i64, decision.target_qty_nanos]
                {
                    digest.push(word);
                }
            }
        }
        if let Some(signal) = signals.last_mut() {
            signal.1 = digest.value();
        }
    }
    Ok(signals)
}

fn first_difference(expected: &[(i64, u64)], found: &[(i64, u64)]) -> Option<i64> {
    let pair = expected.iter().zip(found).find(|(expected, found)| expected != found);
    pair.map(|(expected, _)| expected.0)
}

/// The same up to `until`; after it every bar is moved by a factor of its own, from a half to one and a half.
fn perturb(panel: &Panel, until: i64, seed: u64) -> Panel {
    panel.map(|symbol, bars| {
        let seed = mix(seed ^ mix(symbol as u64 + 1));
        let moved =
            |bar: &Bar| if bar.at_ms <= until { *bar } else { scale(bar, mix(seed ^ bar.at_ms as u64)) };
        bars.iter().map(moved).collect()
    })
}

fn scale(bar: &Bar, random: u64) -> Bar {
    let thousandths = 500 + i128::from(random % 1_000);
    let scaled = |ticks: i64| {
        let moved = (i128::from(ticks) * thousandths / 1_000).clamp(1, i128::from(MAX_PRICE_TICKS));
        i64::try_from(moved).unwrap_or(MAX_PRICE_TICKS)
    };
    Bar {
        open_ticks: scaled(bar.open_ticks),
        high_ticks: scaled(bar.high_ticks),
        low_ticks: scaled(bar.low_ticks),
        close_ticks: scaled(bar.close_ticks),
        ..*bar
    }
}

/// Looks whether a second run gave the same.
pub fn check_determinism(outcome: &Outcome, again: &Outcome) -> Check {
    let passed = outcome.hash == again.hash;
    let trade = outcome.trades.iter().zip(&again.trades).find(|(one, other)| one != other);
    let point = outcome.curve.iter().zip(&again.curve).find(|(one, other)| one != other);
    let at_ms =
        [trade.map(|pair| pair.0.entry_at_ms), point.map(|pair| pair.0.at_ms)].into_iter().flatten().min();
    let detail = if passed {
        format!("two runs gave the digest {:016x}", outcome.hash)
    } else {
        format!("two runs gave the digests {:016x} and {:016x}", outcome.hash, again.hash)
    };
    Check { name: "determinism", passed, detail, betrayed_at_ms: at_ms.filter(|_| !passed) }
}

/// Cash and the value of positions against what was put in, earned and paid, at the end; and the same at every fill.
pub fn check_accounting(outcome: &Outcome) -> Check {
    let account = &outcome.account;
    let earned = i128::from(account.initial) + i128::from(account.realised) + i128::from(outcome.unrealised);
    let left =
        earned - i128::from(account.commission) - i128::from(account.borrowing) - i128::from(outcome.equity);
    let passed = outcome.unbalanced_at_ms.is_none() && left == 0;
    let detail = if passed {
        "cash + positions = initial + realised + unrealised - fees, and the books sum to the account, exactly"
            .to_owned()
    } else {
        format!("the account is off by {left} micro-dollars at the end, or its books were off before")
    };
    Check { name: "accounting", passed, detail, betrayed_at_ms: outcome.unbalanced_at_ms }
}
