//! Latency of operations: log-linear histograms in slots of time, merged into rolling windows.
//!
//! Percentiles are within 0.1 % of the exact nearest-rank value and the maximum is exact, both in whole
//! microseconds. A failed operation is a sample like any other, and is counted as failed as well.

mod buckets;
mod frozen;
mod histogram;
mod level;
#[cfg(test)]
mod window_tests;
mod windows;

pub use buckets::{MAX_US, MIN_US};
pub use histogram::Histogram;
pub use windows::{LatencyWindows, SeriesPoint, Summary};
