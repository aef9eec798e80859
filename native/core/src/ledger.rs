//! The spend ledger: what a day may cost, what is reserved, what was used. It admits spending, it does not report it.
//!
//! Double entry in micro-dollars: every change moves an amount from one account to another, so the accounts always
//! sum to zero. A reservation ends exactly once, by posting or by release.

mod accounts;
#[cfg(test)]
mod oracle_tests;
mod reservation;
mod spend;
#[cfg(test)]
mod spend_tests;

pub use reservation::{Purpose, SpendError};
pub use spend::{Posted, Reserved, SpendLedger, Totals};
