//! What can be wrong with a backtest.

use crate::book::BookError;
use crate::strategy::{BarRefused, StrategyError};

/// Why a backtest gives no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BacktestError {
    /// There is nothing to run on.
    #[error("{0} has no bars; a backtest needs at least two")]
    Empty(String),
    /// A signal has no next bar to be filled on.
    #[error("{0} has one bar; a backtest needs at least two, as a signal is filled on the next")]
    OneBar(String),
    /// The symbols share no time.
    #[error("{earlier} ends before {later} starts; symbols must overlap in time")]
    NoOverlap {
        /// The symbol that ends first.
        earlier: String,
        /// The symbol that starts last.
        later: String,
    },
    /// The same symbol twice.
    #[error("{0} is listed twice; each symbol has one list of bars")]
    SymbolRepeated(String),
    /// A bar that no market makes.
    #[error("{symbol}, bar at {at_ms}: {source}")]
    Bar {
        /// Its symbol.
        symbol: String,
        /// Its start in milliseconds since 1970.
        at_ms: i64,
        /// What is wrong with it.
        source: BarRefused,
    },
    /// A stream went back in time.
    #[error(
        "a bar at {at_ms} came after one at {last_ms}; the bars of a symbol must come in the order of time"
    )]
    NotInOrder {
        /// Start of the bar.
        at_ms: i64,
        /// Start of the one before.
        last_ms: i64,
    },
    /// A setting outside its range.
    #[error("{name} is {value}; it must be {from} to {to}")]
    SettingOutOfRange {
        /// The setting.
        name: &'static str,
        /// What was given.
        value: i64,
        /// The smallest value allowed.
        from: i64,
        /// The largest value allowed.
        to: i64,
    },
    /// There is nobody to trade.
    #[error("there is no agent; a backtest needs at least one")]
    NoAgents,
    /// An agent that follows nothing, or what is not there.
    #[error("agent {agent_id} follows symbol {symbol}, but the symbols are numbered 0 to {last}")]
    NoSuchSymbol {
        /// The agent.
        agent_id: String,
        /// The number it gave.
        symbol: usize,
        /// The last number.
        last: usize,
    },
    /// Agents are told apart by their ids.
    #[error("agent {0} is listed twice; each agent has one entry, with each symbol once")]
    AgentRepeated(String),
    /// A strategy wants a part of a share.
    #[error("agent {agent_id} wants {qty_nanos} billionths of a share of {symbol}; targets are whole shares")]
    TargetNotWhole {
        /// The agent.
        agent_id: String,
        /// The symbol.
        symbol: String,
        /// The target.
        qty_nanos: i64,
    },
    /// The strategy cannot be built.
    #[error(transparent)]
    Strategy(#[from] StrategyError),
    /// The book refused.
    #[error(transparent)]
    Book(#[from] BookError),
    /// An amount leaves the integers' range.
    #[error("an amount is too large to represent at {at_ms}; use less cash or smaller positions")]
    Overflow {
        /// The instant.
        at_ms: i64,
    },
    /// The caller stopped it.
    #[error("the backtest was cancelled")]
    Cancelled,
}
