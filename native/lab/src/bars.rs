//! Where bars come from.

use std::fs::File;

use desk_core::bars::{Bar, read_bars};
use serde::{Deserialize, Serialize};

use crate::LabError;

/// The bars of one symbol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Bars {
    /// A CSV file with a header that names date, open, high, low, close and volume.
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

impl Bars {
    /// Gives the bars.
    ///
    /// # Errors
    /// A file that cannot be read, or columns of different lengths.
    pub fn read(&self, symbol: &str) -> Result<Vec<Bar>, LabError> {
        match self {
            Self::File { path } => {
                let unreadable = |error: std::io::Error| LabError::FileUnreadable {
                    path: path.clone(),
                    reason: error.to_string(),
                };
                let file = File::open(path).map_err(unreadable)?;
                read_bars(file).map_err(|source| LabError::FileInvalid { path: path.clone(), source })
            }
            Self::Columns(columns) => columns.bars(symbol),
        }
    }
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

    fn bars(&self, symbol: &str) -> Result<Vec<Bar>, LabError> {
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
