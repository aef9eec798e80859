//! Why a source becomes no bar file, with what to do about it.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::bar_file::BarFileError;

/// Why a source cannot be read at all.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file is not there, or not readable.
    #[error("{path}: it cannot be read: {reason}", path = path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The bar file cannot be written.
    #[error("{path}: it cannot be written: {reason}; free disk space or make the folder writable", path = path.display())]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// There is nothing in the file.
    #[error("{path}: the file is empty; it needs a header and at least two rows", path = path.display())]
    Empty {
        /// Which.
        path: PathBuf,
    },
    /// The file is something else than a table of text.
    #[error("{path}: {what}", path = path.display())]
    NotCsv {
        /// Which.
        path: PathBuf,
        /// What it is instead, and what to do.
        what: &'static str,
    },
    /// A column is missing.
    #[error("{path}: line 1: there is no \"{column}\" column among \"{found}\"; name date, open, high, low, close and volume", path = path.display())]
    MissingColumn {
        /// Which file.
        path: PathBuf,
        /// The missing one.
        column: &'static str,
        /// Those that are there.
        found: String,
    },
    /// A Parquet column has a type that cannot be a time or a number.
    #[error("{path}: the column \"{column}\" is of type {found}; store times as timestamp, date or text and values as numbers or decimals", path = path.display())]
    ColumnType {
        /// Which file.
        path: PathBuf,
        /// Which column.
        column: &'static str,
        /// Its type.
        found: String,
    },
    /// A line is longer than any of bars.
    #[error("{path}: line {line} is longer than 65536 bytes; is it a CSV with line ends?", path = path.display())]
    LineTooLong {
        /// Which file.
        path: PathBuf,
        /// Where.
        line: u64,
    },
    /// The Parquet file is damaged.
    #[error("{path}: it cannot be read as Parquet: {reason}; is it whole? write it again", path = path.display())]
    Parquet {
        /// Which.
        path: PathBuf,
        /// What the reader said.
        reason: String,
    },
    /// The caller did not want to go on.
    #[error("the import was cancelled; nothing was written")]
    Cancelled,
    /// The file that was just written does not read back.
    #[error(transparent)]
    ReadBack(#[from] BarFileError),
}

impl ImportError {
    pub(crate) fn unreadable(path: &Path, error: std::io::Error) -> Self {
        Self::Unreadable { path: path.to_owned(), reason: error.to_string() }
    }

    pub(crate) fn parquet(path: &Path, error: &parquet::errors::ParquetError) -> Self {
        Self::Parquet { path: path.to_owned(), reason: error.to_string() }
    }

    pub(crate) fn unwritable(path: &Path, error: std::io::Error) -> Self {
        Self::Unwritable { path: path.to_owned(), reason: error.to_string() }
    }
}
