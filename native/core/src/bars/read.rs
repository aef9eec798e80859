//! Reads price bars from CSV text, one row at a time.

use std::io::Read;

use csv::{Reader, ReaderBuilder, StringRecord};
use thiserror::Error;

use super::Bar;
use super::date::parse_date;
use super::decimal::{NotDecimal, parse_scaled};
use crate::money::{PriceTicks, TICKS_PER_USD};

/// Highest price that a file may hold: a billion dollars, so that no later sum can overflow.
pub const MAX_PRICE_TICKS: PriceTicks = 1_000_000_000 * TICKS_PER_USD;
/// A quoted value is cut to this many characters in a message.
const QUOTED_CHARS: usize = 40;
const NAMES: [&str; 6] = ["date", "open", "high", "low", "close", "volume"];

/// Why a file is not a list of bars. Lines are counted from 1, the header included.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum BarFileError {
    /// The header lacks a column.
    #[error("line 1: the header has no \"{0}\" column; it must name date, open, high, low, close and volume")]
    MissingColumn(&'static str),
    /// There is no row below the header.
    #[error("line 2: the file has no bars; it needs at least one row below the header")]
    Empty,
    /// One value breaks a rule.
    #[error("line {line}: {column} is \"{value}\"; {rule}")]
    Value {
        /// Where.
        line: u64,
        /// Which column.
        column: &'static str,
        /// What stands there, cut to 40 characters.
        value: String,
        /// What should stand there.
        rule: &'static str,
    },
    /// The bytes are not CSV in UTF-8, or the source failed.
    #[error("line {line}: the file cannot be read as CSV: {reason}")]
    Unreadable {
        /// Where.
        line: u64,
        /// What the reader said.
        reason: String,
    },
}

/// Reads bars, oldest first, from CSV with a header naming date, open, high, low, close and volume in any order
/// and case. A first column without a name counts as the date; other columns are ignored.
///
/// # Errors
/// The first line that breaks a rule: every value present and a number, prices above 0 and at most a billion
/// dollars, high not below low, volume not negative, dates strictly rising.
pub fn read_bars(input: impl Read) -> Result<Vec<Bar>, BarFileError> {
    // With one kind of line end, and one at the very end, the reader's line is always the one after the row.
    let input = WithoutCarriageReturns(input).chain(b"\n".as_slice());
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(input);
    let columns = find_columns(&mut reader)?;
    let mut record = StringRecord::new();
    let mut bars: Vec<Bar> = Vec::new();
    while read_record(&mut reader, &mut record)? {
        let row = Row { record: &record, columns, line: reader.position().line() - 1 };
        bars.push(row.bar(bars.last().map(|bar| bar.at_ms))?);
    }
    if bars.is_empty() { Err(BarFileError::Empty) } else { Ok(bars) }
}

fn read_record(reader: &mut Reader<impl Read>, record: &mut StringRecord) -> Result<bool, BarFileError> {
    reader.read_record(record).map_err(|error| unreadable(&error))
}

fn unreadable(error: &csv::Error) -> BarFileError {
    let line = error.position().map_or(0, csv::Position::line);
    BarFileError::Unreadable { line, reason: error.to_string() }
}

fn find_columns(reader: &mut Reader<impl Read>) -> Result<[usize; 6], BarFileError> {
    let header = reader.headers().map_err(|error| unreadable(&error))?;
    let mut columns = [0; 6];
    for (column, name) in columns.iter_mut().zip(NAMES) {
        let named = header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
        let unnamed_date =
            || (name == "date" && header.get(0).is_some_and(|cell| cell.trim().is_empty())).then_some(0);
        *column = named.or_else(unnamed_date).ok_or(BarFileError::MissingColumn(name))?;
    }
    Ok(columns)
}

/// Drops the `\r` of Windows line ends, which the CSV reader counts one row late.
struct WithoutCarriageReturns<R>(R);

impl<R: Read> Read for WithoutCarriageReturns<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let count = self.0.read(buffer)?;
            let mut kept = 0;
            for index in 0..count {
                if buffer[index] != b'\r' {
                    buffer[kept] = buffer[index];
                    kept += 1;
                }
            }
            // Nothing kept is not yet the end.
            if kept > 0 || count == 0 {
                return Ok(kept);
            }
        }
    }
}

struct Row<'a> {
    record: &'a StringRecord,
    columns: [usize; 6],
    line: u64,
}

impl Row<'_> {
    fn bar(&self, previous_ms: Option<i64>) -> Result<Bar, BarFileError> {
        let at_ms = self.date(previous_ms)?;
        let bar = Bar {
            at_ms,
            open_ticks: self.price(1)?,
            high_ticks: self.price(2)?,
            low_ticks: self.price(3)?,
            close_ticks: self.price(4)?,
            volume: self.volume()?,
        };
        if bar.high_ticks < bar.low_ticks {
            return Err(self.broken(2, "it must not be below the low"));
        }
        Ok(bar)
    }

    fn date(&self, previous_ms: Option<i64>) -> Result<i64, BarFileError> {
        const FORM: &str = "it must be a date such as 2000-01-03, 2000-01-03 09:30:00 or Jan 3 2000";
        let at_ms = parse_date(self.text(0)).ok_or_else(|| self.broken(0, FORM))?;
        match previous_ms {
            Some(previous) if previous == at_ms => Err(self.broken(0, "the line before has the same date")),
            Some(previous) if previous > at_ms => {
                Err(self.broken(0, "dates must rise; the line before is later"))
            }
            _ => Ok(at_ms),
        }
    }

    fn price(&self, index: usize) -> Result<PriceTicks, BarFileError> {
        let ticks = self.scaled(index, 4)?;
        match ticks {
            ..=0 => Err(self.broken(index, "a price must be above zero")),
            1..=MAX_PRICE_TICKS => Ok(ticks),
            _ => Err(self.broken(index, "a price must not exceed 1000000000")),
        }
    }

    fn volume(&self) -> Result<i64, BarFileError> {
        let volume = self.scaled(5, 0)?;
        if volume < 0 { Err(self.broken(5, "a volume must not be negative")) } else { Ok(volume) }
    }

    fn scaled(&self, index: usize, shift: i32) -> Result<i64, BarFileError> {
        parse_scaled(self.text(index), shift).map_err(|reason| {
            let rule = match reason {
                NotDecimal::Malformed => "it must be a number",
                NotDecimal::NotFinite => "it must be a finite number",
                NotDecimal::TooLarge => "the number is too large",
            };
            self.broken(index, rule)
        })
    }

    fn text(&self, index: usize) -> &str {
        self.columns.get(index).and_then(|column| self.record.get(*column)).unwrap_or("")
    }

    fn broken(&self, index: usize, rule: &'static str) -> BarFileError {
        let column = NAMES.get(index).copied().unwrap_or("value");
        let value = self.text(index).chars().take(QUOTED_CHARS).collect();
        BarFileError::Value { line: self.line, column, value, rule }
    }
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
