//! The laboratory: backtests, parameter sweeps and walk-forward tests as plain requests and reports. It adds to the
//! core what the core must not have: files, threads and the time a run took. Results do not depend on the number of
//! threads. Everything it reports is simulated.

mod bars;
mod error;
mod feed;
mod report;
mod request;
mod run;
mod sweep;
mod walk;

pub use bars::{Bars, Columns, DataUsed};
pub use error::LabError;
pub use report::{CurveColumns, Report, SweepReport, SweepRow, WalkReport, WalkStep};
pub use request::{AgentRequest, AtEndRequest, BacktestRequest, FillRequest, GridAxis, SetupRequest};
pub use request::{SweepRequest, SymbolRequest, WalkRequest};
pub use run::run_backtest;
pub use sweep::run_sweep;
pub use walk::walk_forward;

/// Told what is done, and out of how much: bars of a backtest, variants of a sweep, steps of a walk. May be called from
/// any thread.
pub type OnProgress<'a> = &'a (dyn Fn(u64, u64) + Sync);
