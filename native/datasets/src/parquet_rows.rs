//! Reads rows of a Parquet file, a batch of each of the six columns at a time.

use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use desk_core::bars::date::DAY_MS;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use crate::digest::hash_file;
use crate::import_error::ImportError;
use crate::row::{COLUMNS, Row, Rows, find_columns};
use crate::stamp::Stamp;

const BATCH: usize = 1_024;
/// What a Parquet file begins with.
const MAGIC: [u8; 4] = *b"PAR1";

/// Whether the file says that it is Parquet.
pub(crate) fn is_parquet(path: &Path) -> Result<bool, ImportError> {
    let unreadable = |error| ImportError::unreadable(path, error);
    let mut first = Vec::new();
    File::open(path).map_err(unreadable)?.take(4).read_to_end(&mut first).map_err(unreadable)?;
    Ok(first == MAGIC)
}

pub(crate) struct ParquetRows {
    path: PathBuf,
    reader: SerializedFileReader<File>,
    sha256: String,
    /// Where each of the desk's columns is, and how its values are read.
    columns: Vec<(usize, Meaning)>,
    group: usize,
    batch: Vec<Column>,
    /// Rows of the batch, and how many of them were given.
    rows: usize,
    given: usize,
    line: u64,
    bytes: u64,
}

/// How the numbers of a column are meant.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    /// As they are; text as it stands there.
    Plain,
    /// Whole numbers with so many digits after the point.
    Decimal(i32),
    /// Days since 1970.
    Date,
    /// A count since 1970, of which so many make a millisecond (µs: 1,000); in UTC or without a zone.
    Time { per_ms: i64, is_utc: bool },
}

/// A batch of one column.
struct Column {
    reader: ColumnReader,
    meaning: Meaning,
    is_optional: bool,
    texts: Vec<String>,
    stamps: Vec<Option<Stamp>>,
}

impl ParquetRows {
    /// Reads the schema and the digest of the whole file. `go_on` is told the bytes hashed so far.
    pub fn open(path: &Path, mut go_on: impl FnMut(u64) -> bool) -> Result<Self, ImportError> {
        let sha256 = hash_file(path, &mut go_on)?;
        let broken = |error: ParquetError| ImportError::parquet(path, &error);
        let file = File::open(path).map_err(|error| ImportError::unreadable(path, error))?;
        let reader = SerializedFileReader::new(file).map_err(broken)?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let names: Vec<String> = schema.columns().iter().map(|column| column.name().to_owned()).collect();
        let found = find_columns(path, &names)?;
        let columns = found
            .into_iter()
            .zip(COLUMNS)
            .map(|(index, name)| {
                let descriptor = schema.column(index);
                let meaning = meaning_of(&descriptor, name == "date").ok_or_else(|| {
                    let is_nested = descriptor.max_rep_level() > 0 || descriptor.max_def_level() > 1;
                    let nested = if is_nested { " inside a list or group" } else { "" };
                    let found = format!("{:?}{nested}", descriptor.physical_type());
                    ImportError::ColumnType { path: path.to_owned(), column: name, found }
                })?;
                Ok((index, meaning))
            })
            .collect::<Result<Vec<_>, ImportError>>()?;
        let (batch, sha256) = (Vec::new(), sha256);
        let path = path.to_owned();
        Ok(Self { path, reader, sha256, columns, group: 0, batch, rows: 0, given: 0, line: 0, bytes: 0 })
    }

    /// Reads the next batch, from the next row group when this one is through; false at the end.
    fn refill(&mut self) -> Result<bool, ImportError> {
        loop {
            let mut sizes = Vec::new();
            for column in &mut self.batch {
                sizes.push(column.fill().map_err(|error| ImportError::parquet(&self.path, &error))?);
            }
            let rows = sizes.first().copied().unwrap_or(0);
            if sizes.iter().any(|size| *size != rows) {
                let error = ParquetError::General("its columns differ in length".to_owned());
                return Err(ImportError::parquet(&self.path, &error));
            }
            (self.rows, self.given) = (rows, 0);
            if rows > 0 {
                return Ok(true);
            }
            if self.group == self.reader.num_row_groups() {
                return Ok(false);
            }
            self.open_group().map_err(|error| ImportError::parquet(&self.path, &error))?;
        }
    }

    fn open_group(&mut self) -> Result<(), ParquetError> {
        let group = self.reader.get_row_group(self.group)?;
        let schema = self.reader.metadata().file_metadata().schema_descr();
        self.batch.clear();
        for (index, meaning) in &self.columns {
            let is_optional = schema.column(*index).max_def_level() > 0;
            let reader = group.get_column_reader(*index)?;
            let (texts, stamps) = (Vec::new(), Vec::new());
            self.batch.push(Column { reader, meaning: *meaning, is_optional, texts, stamps });
        }
        self.bytes =
            self.bytes.saturating_add(u64::try_from(group.metadata().compressed_size()).unwrap_or(0));
        self.group += 1;
        Ok(())
    }
}

impl Rows for ParquetRows {
    fn next(&mut self, row: &mut Row) -> Result<bool, ImportError> {
        if self.given == self.rows && !self.refill()? {
            return Ok(false);
        }
        self.line += 1;
        row.line = self.line;
        for (text, column) in row.texts.iter_mut().zip(&mut self.batch) {
            if let Some(value) = column.texts.get_mut(self.given) {
                std::mem::swap(text, value);
            }
        }
        row.stamp = self.batch.first().and_then(|column| column.stamps.get(self.given).copied().flatten());
        self.given += 1;
        Ok(true)
    }

    /// Counted in whole row groups.
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn sha256(&mut self) -> String {
        self.sha256.clone()
    }
}

impl Column {
    /// Reads up to a batch of values as text, and as times where they are ones.
    fn fill(&mut self) -> Result<usize, ParquetError> {
        let Self { reader, meaning, is_optional, texts, stamps } = self;
        let mut sink = Sink { meaning: *meaning, texts, stamps, count: 0 };
        let optional = *is_optional;
        match reader {
            ColumnReader::Int32ColumnReader(reader) => {
                read(reader, optional, |value| sink.whole(value.map(|value| i128::from(*value))))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                read(reader, optional, |value| sink.whole(value.map(|value| i128::from(*value))))
            }
            // The shortest text that reads back as the same number: 1.07083 becomes that, as in a CSV.
            ColumnReader::FloatColumnReader(reader) => read(reader, optional, |value| sink.shown(value)),
            ColumnReader::DoubleColumnReader(reader) => read(reader, optional, |value| sink.shown(value)),
            ColumnReader::ByteArrayColumnReader(reader) => {
                read(reader, optional, |value| sink.bytes(value.map(|value| value.data())))
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                read(reader, optional, |value| sink.bytes(value.map(|value| value.data())))
            }
            _ => Err(ParquetError::General("a column has a type that holds no bars".to_owned())),
        }
    }
}

/// Writes values of a batch into reused strings.
struct Sink<'a> {
    meaning: Meaning,
    texts: &'a mut Vec<String>,
    stamps: &'a mut Vec<Option<Stamp>>,
    count: usize,
}

impl Sink<'_> {
    fn put(&mut self, stamp: Option<Stamp>, write: impl FnOnce(&mut String)) {
        if self.count == self.texts.len() {
            self.texts.push(String::new());
            self.stamps.push(None);
        }
        if let (Some(text), Some(slot)) = (self.texts.get_mut(self.count), self.stamps.get_mut(self.count)) {
            text.clear();
            write(text);
            *slot = stamp.or_else(|| Stamp::parse(text));
        }
        self.count += 1;
    }

    fn shown(&mut self, value: Option<&impl std::fmt::Display>) {
        self.put(None, |text| {
            if let Some(value) = value {
                // Writing to a string cannot fail.
                let _ = write!(text, "{value}");
            }
        });
    }

    fn whole(&mut self, value: Option<i128>) {
        let Some(value) = value else { return self.shown(None::<&i64>) };
        match self.meaning {
            Meaning::Plain => self.shown(Some(&value)),
            Meaning::Decimal(scale) => self.shown(Some(&format_args!("{value}e-{scale}"))),
            Meaning::Date => {
                let days = i64::try_from(value).ok().and_then(|days| days.checked_mul(DAY_MS));
                self.put(days.and_then(|at_ms| Stamp::Date(at_ms).bounded()), |text| {
                    let _ = write!(text, "day {value}");
                });
            }
            Meaning::Time { per_ms, is_utc } => {
                let at_ms = i64::try_from(value).unwrap_or(i64::MAX).div_euclid(per_ms);
                let stamp = if is_utc { Stamp::Moment(at_ms) } else { Stamp::Local(at_ms) };
                self.put(stamp.bounded(), |text| {
                    let _ = write!(text, "{at_ms} ms");
                });
            }
        }
    }

    fn bytes(&mut self, value: Option<&[u8]>) {
        match (self.meaning, value) {
            (Meaning::Decimal(_), Some(bytes)) => self.whole(big_endian(bytes)),
            (_, Some(bytes)) => self.shown(Some(&String::from_utf8_lossy(bytes))),
            (_, None) => self.shown(None::<&i64>),
        }
    }
}

/// Reads a batch; a null is `None`.
fn read<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    is_optional: bool,
    mut each: impl FnMut(Option<&T::T>),
) -> Result<usize, ParquetError> {
    let (mut values, mut levels) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
    let (records, _, _) =
        reader.read_records(BATCH, is_optional.then_some(&mut levels), None, &mut values)?;
    let mut present = values.iter();
    if is_optional {
        levels.iter().for_each(|level| each(if *level > 0 { present.next() } else { None }));
    } else {
        present.for_each(|value| each(Some(value)));
    }
    Ok(records)
}

fn meaning_of(column: &ColumnDescriptor, is_time: bool) -> Option<Meaning> {
    if column.max_rep_level() > 0 || column.max_def_level() > 1 {
        return None;
    }
    let is_decimal = column.converted_type() == ConvertedType::DECIMAL
        || matches!(column.logical_type_ref(), Some(LogicalType::Decimal(_)));
    match (column.physical_type(), is_time) {
        (Type::INT32, true) => (column.converted_type() == ConvertedType::DATE
            || matches!(column.logical_type_ref(), Some(LogicalType::Date)))
        .then_some(Meaning::Date),
        (Type::INT64, true) => Some(time_meaning(column)),
        (Type::BYTE_ARRAY, true) => Some(Meaning::Plain),
        (_, true) => None,
        (Type::INT32 | Type::INT64 | Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY, _) if is_decimal => {
            Some(Meaning::Decimal(column.type_scale()))
        }
        (Type::INT32 | Type::INT64 | Type::FLOAT | Type::DOUBLE | Type::BYTE_ARRAY, _) => {
            Some(Meaning::Plain)
        }
        _ => None,
    }
}

/// A time stamp; a plain count since 1970 is told by its digits.
fn time_meaning(column: &ColumnDescriptor) -> Meaning {
    if let Some(LogicalType::Timestamp(time)) = column.logical_type_ref() {
        let per_ms = match time.unit {
            TimeUnit::MILLIS => 1,
            TimeUnit::MICROS => 1_000,
            TimeUnit::NANOS => 1_000_000,
        };
        return Meaning::Time { per_ms, is_utc: time.is_adjusted_to_u_t_c };
    }
    match column.converted_type() {
        ConvertedType::TIMESTAMP_MILLIS => Meaning::Time { per_ms: 1, is_utc: true },
        ConvertedType::TIMESTAMP_MICROS => Meaning::Time { per_ms: 1_000, is_utc: true },
        _ => Meaning::Plain,
    }
}

/// A decimal's whole number; `None` when it is longer than 16 bytes.
fn big_endian(bytes: &[u8]) -> Option<i128> {
    let negative = bytes.first().is_some_and(|first| *first >= 0x80);
    let mut wide = [if negative { 0xff } else { 0 }; 16];
    let start = wide.len().checked_sub(bytes.len())?;
    wide.get_mut(start..)?.copy_from_slice(bytes);
    Some(i128::from_be_bytes(wide))
}
