//! Where bars come from.

use desk_core::bars::Bar;
use serde::{Deserialize, Serialize};

use crate::LabError;

/// The bars of one symbol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Bars {
    /// A bar file of the desk, read as it is needed and never held as a whole by a backtest.
    File {
        /// Where it is.
        path: String,
    },
    /// Given with the request.
    Columns(Columns),
}

/// Bars in columns of equal length, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Columns {
    /// Starts in milliseconds since 1970.
    pub at_ms: Vec<i64>,
    /// First prices.
    pub open_ticks: Vec<i64>,
    /// Highest prices.
    pub high_ticks: Vec<i64>,
    /// Lowest prices.
    pub low_ticks: Vec<i64>,
    /// Last prices.
    pub close_ticks: Vec<i64>,
    /// Whole shares traded.
    pub volume: Vec<i64>,
}

/// Which bars of a symbol were used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataUsed {
    /// The symbol.
    pub symbol: String,
    /// Hex SHA-256 of all bars of the file; absent for bars that came with the request.
    pub bars_sha256: Option<String>,
    /// How many were used.
    pub bars: u64,
    /// Start of the first, in milliseconds since 1970.
    pub first_at_ms: i64,
    /// Start of the last.
    pub last_at_ms: i64,
}

impl Columns {
    /// Puts bars into columns.
    pub fn of(bars: &[Bar]) -> Self {
        let column = |value: fn(&Bar) -> i64| bars.iter().map(value).collect();
        Self {
            at_ms: column(|bar| bar.at_ms),
            open_ticks: column(|bar| bar.open_ticks),
            high_ticks: column(|bar| bar.high_ticks),
            low_ticks: column(|bar| bar.low_ticks),
            close_ticks: column(|bar| bar.close_ticks),
            volume: column(|bar| bar.volume),
        }
    }

    pub(crate) fn bars(&self, symbol: &str) -> Result<Vec<Bar>, LabError> {
        let others = [&self.open_ticks, &self.high_ticks, &self.low_ticks, &self.close_ticks, &self.volume];
        if others.iter().any(|column| column.len() != self.at_ms.len()) {
            return Err(LabError::ColumnsUneven(symbol.to_owned()));
        }
        let bar = |at: usize| Bar {
            at_ms: self.at_ms[at],
            open_ticks: self.open_ticks[at],
            high_ticks: self.high_ticks[at],
            low_ticks: self.low_ticks[at],
            close_ticks: self.close_ticks[at],
            volume: self.volume[at],
        };
        Ok((0..self.at_ms.len()).map(bar).collect())
    }
}
