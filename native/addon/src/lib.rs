//! Node-API bindings: type conversion only. Each area of `core` and `journal` has one file here.

mod abi;
mod background;
mod backtest;
mod book;
mod datasets;
mod errors;
mod exchange;
mod journal;
mod latency;
mod numbers;
mod risk;
mod spend;
mod strategies;
