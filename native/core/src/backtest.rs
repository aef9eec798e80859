//! The backtester, driven by bars: a signal on the close of one bar is filled from the next, through the netting,
//! the order gate and the allocation of fills that trade live. Exact in integers.
//!
//! - Order of things at an instant: each symbol's bar first fills what waited for it, at its open; then the strategies
//!   see the bar and decide. What they decide waits for a bar of a *later* instant. When all bars of the instant are
//!   in, the account is valued at their closes.
//! - Cash is split evenly over the agents' symbols; each has a book of its own, and the books sum to the account after
//!   every step. What does not divide stays in the account.
//! - An order that would carry the account through zero is sent as two: one that closes, one that opens. Each passes
//!   the gate on its own. A refused order is recorded, and not sent again before the strategy wants something else.
//! - Results are simulated: no queue, no partial fills, no halts, no dividends.

mod account;
mod agent;
mod block;
mod checks;
mod costs;
mod dealing;
mod deciding;
mod denied;
mod digest;
mod engine;
mod error;
mod floor;
mod gate;
mod instants;
mod lending;
mod look_ahead;
mod market;
mod outcome;
mod panel;
mod recording;
mod refusal;
mod run;
mod settling;
mod setup;
mod stream;
mod sweep;
#[cfg(test)]
mod tests;
mod trades;
mod trading;
mod walk_forward;

pub use account::{Account, Book};
pub use agent::{Agent, Sizing};
pub use checks::{Check, Checked, check_accounting, check_determinism, run_checked};
pub use denied::Denied;
pub use error::BacktestError;
pub use look_ahead::{check_look_ahead, check_look_ahead_in, check_look_ahead_while, look_ahead_windows};
pub use outcome::Outcome;
pub use panel::{Panel, Span, check_spans};
pub use run::{Progress, run, run_on, run_stream};
pub use setup::{AtEnd, Costs, FillRule, Setup};
pub use sweep::{Axis, Grid, GridError, best, trials};
pub use trades::{Side as TradeSide, Trade};
pub use walk_forward::{Window, WindowError, windows};
