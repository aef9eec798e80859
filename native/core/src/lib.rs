//! The pure part of the desk: no clock, no randomness, no threads, no unordered iteration.
//! Time and seeds are inputs; the same inputs give the same outputs, bit for bit.

pub mod backtest;
pub mod bars;
pub mod book;
pub mod exchange;
pub mod indicators;
pub mod latency;
pub mod ledger;
pub mod market;
pub mod matching;
pub mod metrics;
pub mod money;
pub mod risk;
pub mod statistics;
pub mod strategy;
