//! Reads a source, checks every row and writes the bar file.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::bar_file::{BarFile, Details, Header, Origin};
use crate::check::{Fault, check_row, finding};
use crate::continuity::Continuity;
use crate::csv_rows::CsvRows;
use crate::import_error::ImportError;
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
    // A pipe would be waited for until somebody writes to it.
    let kind = fs::metadata(source).map_err(|error| ImportError::unreadable(source, error))?.file_type();
    if !kind.is_file() {
        let what = if kind.is_dir() { "it is a folder; name a file in it" } else { "it is no regular file" };
        return Err(ImportError::Unreadable { path: source.to_owned(), reason: what.to_owned() });
    }
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
