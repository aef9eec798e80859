//! Parquet files of the shapes that pandas, Polars and DuckDB write.

// The tests' own helpers stop the test too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

#[allow(dead_code)]
mod support;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use desk_core::bars::Bar;
use desk_datasets::{BarFile, ImportError, Imported, Kind, import};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
    Int32Type, Int64Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;
use support::{Place, options, written};

/// 2024-01-02 to 2024-01-05.
const DAYS: [i64; 4] = [19_724, 19_725, 19_726, 19_727];
const CLOSES: [f64; 4] = [11.0, 12.0, 11.5, 12.25];
const DAY_MS: i64 = 86_400_000;

/// Writes one column after the other into a group.
struct Columns<'a>(SerializedRowGroupWriter<'a, File>);

impl Columns<'_> {
    fn put<T: DataType>(&mut self, values: &[T::T], levels: Option<&[i16]>) -> &mut Self {
        let mut column = self.0.next_column().unwrap().unwrap();
        column.typed::<T>().write_batch(values, levels, None).unwrap();
        column.close().unwrap();
        self
    }

    fn close(self) {
        self.0.close().unwrap();
    }
}

fn write(
    path: &Path,
    schema: &str,
    compression: Compression,
    groups: usize,
    fill: impl Fn(&mut Columns, usize),
) {
    let schema = Arc::new(parse_message_type(&format!("message bars {{ {schema} }}")).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, properties).unwrap();
    for group in 0..groups {
        let mut columns = Columns(writer.next_row_group().unwrap());
        fill(&mut columns, group);
        columns.close();
    }
    writer.close().unwrap();
}

const DOUBLES: &str = "REQUIRED DOUBLE open; REQUIRED DOUBLE high; REQUIRED DOUBLE low; REQUIRED DOUBLE close; \
    REQUIRED INT64 volume;";

fn put_doubles(columns: &mut Columns) {
    let highs = CLOSES.map(|close| close + 1.0);
    let lows = CLOSES.map(|close| close - 1.0);
    columns
        .put::<DoubleType>(&CLOSES, None)
        .put::<DoubleType>(&highs, None)
        .put::<DoubleType>(&lows, None)
        .put::<DoubleType>(&CLOSES, None)
        .put::<Int64Type>(&[500, 600, 700, 800], None);
}

fn read(path: &Path, zone: Option<&str>) -> Vec<Bar> {
    let place = Place::new();
    written(path, &place.target(), &options(zone, &[]));
    BarFile::open(&place.target()).unwrap().bars().unwrap().map(Result::unwrap).collect()
}

fn expected(first_ms: i64) -> Vec<Bar> {
    let bar = |(index, close): (usize, f64)| {
        let ticks = (close * 10_000.0) as i64;
        Bar {
            at_ms: first_ms + index as i64 * DAY_MS,
            open_ticks: ticks,
            high_ticks: ticks + 10_000,
            low_ticks: ticks - 10_000,
            close_ticks: ticks,
            volume: 500 + index as i64 * 100,
        }
    };
    CLOSES.into_iter().enumerate().map(bar).collect()
}

fn path(place: &Place) -> PathBuf {
    place.0.join("bars.parquet")
}

#[test]
fn reads_times_in_every_unit_and_codec() {
    let first = DAYS[0] * DAY_MS;
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let cases = [
        ("REQUIRED INT64 Timestamp (TIMESTAMP(MILLIS,true));", 1, Compression::SNAPPY, None, 0),
        ("REQUIRED INT64 time (TIMESTAMP(MICROS,true));", 1_000, zstd, None, 0),
        ("REQUIRED INT64 date (TIMESTAMP(NANOS,true));", 1_000_000, Compression::UNCOMPRESSED, None, 0),
        (
            "REQUIRED INT64 datetime (TIMESTAMP_MICROS);",
            1_000,
            Compression::GZIP(Default::default()),
            None,
            0,
        ),
        ("REQUIRED INT64 date;", 1_000, zstd, None, 0),
        (
            "REQUIRED INT64 __index_level_0__ (TIMESTAMP(NANOS,false));",
            1_000_000,
            zstd,
            Some("-05:00"),
            5 * 3_600_000,
        ),
    ];
    for (time, per_ms, compression, zone, shift_ms) in cases {
        let place = Place::new();
        write(&path(&place), &format!("{time} {DOUBLES}"), compression, 1, |columns, _| {
            columns.put::<Int64Type>(&DAYS.map(|day| day * DAY_MS * per_ms), None);
            put_doubles(columns);
        });
        assert_eq!(read(&path(&place), zone), expected(first + shift_ms), "{time}");
    }
}

#[test]
fn reads_dates_decimals_floats_and_text() {
    let place = Place::new();
    let schema = "REQUIRED INT32 date (DATE); REQUIRED INT32 open (DECIMAL(9,2)); \
        REQUIRED FIXED_LEN_BYTE_ARRAY(5) high (DECIMAL(10,4)); REQUIRED BYTE_ARRAY low (UTF8); \
        REQUIRED FLOAT close; REQUIRED INT32 volume;";
    write(&path(&place), schema, Compression::SNAPPY, 1, |columns, _| {
        let wide = |close: f64| {
            let bytes = (((close + 1.0) * 10_000.0) as i64).to_be_bytes();
            FixedLenByteArray::from(bytes[3..].to_vec())
        };
        let text = |close: f64| ByteArray::from(format!("{}", close - 1.0).as_str());
        columns
            .put::<Int32Type>(&DAYS.map(|day| day as i32), None)
            .put::<Int32Type>(&CLOSES.map(|close| (close * 100.0) as i32), None)
            .put::<FixedLenByteArrayType>(&CLOSES.map(wide), None)
            .put::<ByteArrayType>(&CLOSES.map(text), None)
            .put::<FloatType>(&CLOSES.map(|close| close as f32), None)
            .put::<Int32Type>(&[500, 600, 700, 800], None);
    });
    assert_eq!(read(&path(&place), None), expected(DAYS[0] * DAY_MS));
}

#[test]
fn reads_many_row_groups_in_batches() {
    let place = Place::new();
    let rows = 3_000_usize;
    write(
        &path(&place),
        &format!("REQUIRED INT64 date; {DOUBLES}"),
        Compression::SNAPPY,
        3,
        |columns, group| {
            let at = |row: usize| 1_600_000_000_000 + (group * rows + row) as i64 * 60_000;
            let times: Vec<i64> = (0..rows).map(at).collect();
            columns.put::<Int64Type>(&times, None);
            for _ in 0..4 {
                columns.put::<DoubleType>(&vec![1.5; rows], None);
            }
            columns.put::<Int64Type>(&vec![7; rows], None);
        },
    );
    let bars = read(&path(&place), None);
    assert_eq!(bars.len(), 3 * rows);
    assert!(bars.windows(2).all(|pair| pair[1].at_ms - pair[0].at_ms == 60_000));
}

#[test]
fn counts_nulls_and_values_that_are_no_price_by_their_row() {
    let place = Place::new();
    let schema = format!(
        "REQUIRED INT32 date (DATE); {}",
        DOUBLES.replace("REQUIRED DOUBLE close", "OPTIONAL DOUBLE close")
    );
    write(&path(&place), &schema, Compression::SNAPPY, 1, |columns, _| {
        columns.put::<Int32Type>(&DAYS.map(|day| day as i32), None);
        columns.put::<DoubleType>(&[1.0, f64::NAN, f64::INFINITY, 1.0], None);
        columns.put::<DoubleType>(&[1.0; 4], None).put::<DoubleType>(&[1.0; 4], None);
        columns.put::<DoubleType>(&[1.0, 1.0, 1.0], Some(&[1, 1, 1, 0]));
        columns.put::<Int64Type>(&[1; 4], None);
    });
    let outcome = import(&path(&place), &place.target(), &options(None, &[]), |_| true).unwrap();
    let Imported::Refused { report, bars: 1 } = outcome else { panic!("{outcome:?}") };
    let found: Vec<(Kind, u64, u64)> = report
        .problems
        .iter()
        .map(|problem| (problem.kind, problem.count, problem.examples[0].line))
        .collect();
    assert_eq!(found, [(Kind::NotANumber, 1, 4), (Kind::NotFinite, 2, 2)]);
}

#[test]
fn names_a_column_whose_type_holds_no_price() {
    let place = Place::new();
    write(&path(&place), &format!("REQUIRED BOOLEAN date; {DOUBLES}"), Compression::SNAPPY, 0, |_, _| {});
    let refused = import(&path(&place), &place.target(), &options(None, &[]), |_| true);
    assert!(matches!(refused, Err(ImportError::ColumnType { column: "date", .. })), "{refused:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_damage_to_a_file_makes_an_import_panic(at in any::<prop::sample::Index>(), bits in 1_u8.., cut in any::<bool>()) {
        let place = Place::new();
        write(&path(&place), &format!("REQUIRED INT64 date; {DOUBLES}"), Compression::SNAPPY, 1, |columns, _| {
            columns.put::<Int64Type>(&DAYS.map(|day| day * DAY_MS), None);
            put_doubles(columns);
        });
        let mut bytes = fs::read(path(&place)).unwrap();
        let index = at.index(bytes.len());
        if cut { bytes.truncate(index) } else { bytes[index] ^= bits }
        fs::write(path(&place), &bytes).unwrap();
        let _ = import(&path(&place), &place.target(), &options(None, &[]), |_| true);
    }
}
