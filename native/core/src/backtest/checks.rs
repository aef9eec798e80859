//! What every backtest must pass before its figures are believed.
//!
//! - *Look-ahead*: no decision depends on what comes after it; see [`super::look_ahead`].
//! - *Determinism*: a second run gives the same digest. It costs as much as the first.
//! - *Accounting*: cash and positions equal what was put in, earned and paid, and the books of the agents sum to the
//!   account, in integers, after every fill.

use serde::Serialize;

use super::agent::Agent;
use super::look_ahead::check_look_ahead;
use super::outcome::Outcome;
use super::run::{Progress, run};
use super::setup::Setup;
use super::{BacktestError, Panel};
use crate::strategy::Strategy;

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
