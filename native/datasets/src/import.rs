//! Reads a source, checks every row and writes the bar file.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::bar_file::{BarFile, BarFileError, Details, Header, Origin};
use crate::check::{Fault, check_row, finding};
use crate::continuity::Continuity;
use crate::csv_rows::CsvRows;
use crate::parquet_rows::{ParquetRows, is_parquet};
use crate::report::{Kind, Report};
use crate::row::{Row, Rows};
use crate::stamp::Zone;
use crate::write::BarWriter;

/// Rows between two looks at whether to go on.
const ROWS_A_LOOK: u64 = 2_048;

/// How a source is to be read.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// Name of the instrument.
    pub symbol: String,
    /// Gives dates and local times their meaning.
    pub zone: Option<Zone>,
    /// Rows with these problems are left out; without, they refuse the file.
    pub allow: BTreeSet<Kind>,
    /// Where the bars come from.
    pub origin: Origin,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows read.
    pub rows: u64,
    /// Bytes of the source read; a Parquet file's count twice, once for its digest.
    pub bytes: u64,
}

/// How an import ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// The bar file is there.
    Written(Box<Header>),
    /// Nothing was written: problems that were not allowed, or fewer than two bars.
    Refused {
        /// What is wrong.
        report: Report,
        /// Rows that would have become bars.
        bars: u64,
    },
}

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
    #[error("{path}: it cannot be read as Parquet: {reason}", path = path.display())]
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

    fn unwritable(path: &Path, error: std::io::Error) -> Self {
        Self::Unwritable { path: path.to_owned(), reason: error.to_string() }
    }
}

/// Imports the CSV or Parquet file `source` into the bar file `target`, which it replaces once it is whole. Problems
/// do not stop the reading: all are counted. `go_on` is asked every so often, and ends the import by saying false.
///
/// # Errors
/// The source is not a table of bars, a file fails, or the import was cancelled; `target` is then untouched.
pub fn import(
    source: &Path,
    target: &Path,
    options: &ImportOptions,
    mut go_on: impl FnMut(Progress) -> bool,
) -> Result<Imported, ImportError> {
    if !is_parquet(source)? {
        return copy(CsvRows::open(source)?, target, options, &mut go_on, 0);
    }
    // The decoder is made for files that its kind has written; a damaged one must not take the desk down.
    let run = AssertUnwindSafe(|| {
        let mut hashed = 0;
        let rows = ParquetRows::open(source, |bytes| {
            hashed = bytes;
            go_on(Progress { rows: 0, bytes })
        })?;
        copy(rows, target, options, &mut go_on, hashed)
    });
    catch_unwind(run).unwrap_or_else(|_| {
        let reason = "its decoder gave up on it; is it damaged?".to_owned();
        Err(ImportError::Parquet { path: source.to_owned(), reason })
    })
}

fn copy(
    mut rows: impl Rows,
    target: &Path,
    options: &ImportOptions,
    go_on: &mut impl FnMut(Progress) -> bool,
    bytes_before: u64,
) -> Result<Imported, ImportError> {
    let unwritable = |error| ImportError::unwritable(target, error);
    let mut writer = BarWriter::create(target).map_err(unwritable)?;
    let mut judge = Judge::new(options);
    let mut row = Row::default();
    while rows.next(&mut row)? {
        if judge.report.rows.is_multiple_of(ROWS_A_LOOK) {
            let progress = Progress { rows: judge.report.rows, bytes: bytes_before + rows.bytes() };
            if !go_on(progress) {
                return Err(ImportError::Cancelled);
            }
        }
        if let Some(bar) = judge.row(&row) {
            writer.push(&bar).map_err(unwritable)?;
        }
    }
    let interval_ms = judge.continuity.finish(&mut judge.report);
    let (report, bars) = (judge.report, judge.bars);
    let Some(interval_ms) = interval_ms.filter(|_| report.accepts()) else {
        return Ok(Imported::Refused { report, bars });
    };
    let details = Details {
        symbol: options.symbol.clone(),
        time_zone: options.zone.as_ref().map(|zone| zone.name().to_owned()),
        origin: options.origin,
        source_sha256: rows.sha256(),
        report,
    };
    writer.finish(interval_ms, &details).map_err(unwritable)?;
    Ok(Imported::Written(Box::new(BarFile::open(target)?.header().clone())))
}

/// Decides row by row what becomes a bar.
struct Judge<'a> {
    options: &'a ImportOptions,
    report: Report,
    continuity: Continuity,
    bars: u64,
    previous_ms: Option<i64>,
    /// Whether the first row with a time of day carries its zone.
    zoned: Option<bool>,
}

impl<'a> Judge<'a> {
    fn new(options: &'a ImportOptions) -> Self {
        let (report, continuity) = (Report::default(), Continuity::new(options.zone.clone()));
        Self { options, report, continuity, bars: 0, previous_ms: None, zoned: None }
    }

    /// The row's bar; `None` when it is refused or left out.
    fn row(&mut self, row: &Row) -> Option<desk_core::bars::Bar> {
        self.report.rows += 1;
        let checked = check_row(row, self.options.zone.as_ref(), self.previous_ms)
            .and_then(|checked| self.follows(row, checked.bar.at_ms).map(|()| checked));
        let checked = match checked {
            Ok(checked) => checked,
            Err((kind, place)) => {
                self.report.add(kind, self.options.allow.contains(&kind), || place);
                return None;
            }
        };
        if let Some(index) = checked.rounded {
            let rule = if index == 5 { "rounded to whole shares" } else { "rounded to 0.0001 USD" };
            self.report.add(Kind::Rounded, false, || finding(row, index, rule));
        }
        if let Some(zoned) = checked.zoned
            && *self.zoned.get_or_insert(zoned) != zoned
        {
            let rule = "some rows carry a time zone and others do not; each was read as it stands";
            self.report.add(Kind::MixedTimeZones, false, || finding(row, 0, rule));
        }
        self.previous_ms = Some(checked.bar.at_ms);
        self.bars += 1;
        self.continuity.push(row.line, checked.bar, &mut self.report);
        Some(checked.bar)
    }

    fn follows(&self, row: &Row, at_ms: i64) -> Result<(), Fault> {
        match self.previous_ms {
            Some(previous) if previous == at_ms => {
                Err((Kind::Duplicate, finding(row, 0, "the bar before has the same time")))
            }
            Some(previous) if previous > at_ms => {
                Err((Kind::OutOfOrder, finding(row, 0, "times must rise; the bar before is later")))
            }
            _ => Ok(()),
        }
    }
}
