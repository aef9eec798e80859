//! One row of a source as text, whatever the source is.

use std::path::Path;

use crate::import_error::ImportError;
use crate::stamp::Stamp;

/// The columns in the desk's words; the time first.
pub(crate) const COLUMNS: [&str; 6] = ["date", "open", "high", "low", "close", "volume"];
/// Other names of the first column; the last is what pandas calls an index without a name.
const TIME_NAMES: [&str; 5] = ["date", "timestamp", "datetime", "time", "__index_level_0__"];

/// A row as the source has it. Reused from row to row.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Line of a CSV, or number of a Parquet row, from 1.
    pub line: u64,
    /// `None` when the text is no time.
    pub stamp: Option<Stamp>,
    /// As they stand there, in the order of `COLUMNS`; empty where nothing stands.
    pub texts: [String; 6],
}

/// A source of rows, read once from its beginning.
pub(crate) trait Rows {
    /// Reads the next row; false at the end.
    fn next(&mut self, row: &mut Row) -> Result<bool, ImportError>;
    /// Bytes of the source that have been read.
    fn bytes(&self) -> u64;
    /// Hex SHA-256 of the source; complete once all rows have been read.
    fn sha256(&mut self) -> String;
}

/// Finds the desk's columns among the source's, in any order and case. A first column without a name counts as
/// the date.
pub(crate) fn find_columns(path: &Path, names: &[String]) -> Result<[usize; 6], ImportError> {
    let is_named = |cell: &str, name: &str| {
        let cell = cell.trim();
        let is_time = name == "date" && TIME_NAMES.iter().any(|other| cell.eq_ignore_ascii_case(other));
        is_time || cell.eq_ignore_ascii_case(name)
    };
    let mut columns = [0; 6];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        let named = names.iter().position(|cell| is_named(cell, name));
        let unnamed =
            || (name == "date" && names.first().is_some_and(|cell| cell.trim().is_empty())).then_some(0);
        *column = named.or_else(unnamed).ok_or_else(|| ImportError::MissingColumn {
            path: path.to_owned(),
            column: name,
            found: names.join(", ").chars().take(200).collect(),
        })?;
    }
    Ok(columns)
}
