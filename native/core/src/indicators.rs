//! Streaming indicators: O(1) a bar, `None` until warm. Inputs must be finite; whoever feeds them checks the bars.
//!
//! Prices go in and come out in the unit of the caller; the desk uses ticks.

mod adx;
mod atr;
mod average;
#[cfg(test)]
mod batch_tests;
mod roc;

pub use adx::Adx;
pub use atr::{Atr, true_range};
pub use average::{Average, Seed};
pub use roc::Roc;
