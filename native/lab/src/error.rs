//! Why the laboratory gives no report.

use desk_core::backtest::{BacktestError, GridError, WindowError};
use desk_datasets::BarFileError;

/// Why there is no report. Displays as a sentence that names the remedy.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// A bar file cannot be used.
    #[error(transparent)]
    File(#[from] BarFileError),
    /// More bars than are held at once.
    #[error(
        "the data has {bars} bars; a sweep and a walk hold them all, at most {most}: choose a shorter time"
    )]
    TooManyBars {
        /// Bars there are.
        bars: u64,
        /// Most that are held.
        most: u64,
    },
    /// Columns of different lengths.
    #[error("{0}: the columns have different lengths; each needs one value a bar")]
    ColumnsUneven(String),
    /// An agent follows what the request does not hold.
    #[error("agent {agent_id} follows {symbol}, which has no bars in the request")]
    SymbolUnknown {
        /// The agent.
        agent_id: String,
        /// The symbol.
        symbol: String,
    },
    /// A number that is no amount or rate.
    #[error("{name} is {value}; it must be a number from {from} to {to}")]
    OutOfRange {
        /// The setting.
        name: &'static str,
        /// What was given.
        value: f64,
        /// The smallest value allowed.
        from: f64,
        /// The largest value allowed.
        to: f64,
    },
    /// No metric has this name.
    #[error("there is no metric \"{0}\" to choose by; use one of a report's, such as sharpe")]
    MetricUnknown(String),
    /// No variant could be run or scored.
    #[error("no variant has a {metric}: {reason}")]
    NoneScored {
        /// The metric.
        metric: String,
        /// What the first one lacked.
        reason: String,
    },
    /// The grid is not possible.
    #[error(transparent)]
    Grid(#[from] GridError),
    /// The data cannot be walked over.
    #[error(transparent)]
    Window(#[from] WindowError),
    /// The backtest gives no result.
    #[error(transparent)]
    Backtest(#[from] BacktestError),
    /// A worker panicked: a bug in a strategy.
    #[error("a strategy failed while it ran; its parameters were {0}")]
    WorkerFailed(String),
}

impl LabError {
    /// Whether the caller stopped it, which is no failure.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Backtest(BacktestError::Cancelled))
    }
}
