//! Behaviour of the file reader.

use std::fs::File;
use std::path::Path;

use super::*;
use crate::bars::date::{DAY_MS, days_from_civil};

fn read(text: &str) -> Result<Vec<Bar>, BarFileError> {
    read_bars(text.as_bytes())
}

fn message(text: &str) -> String {
    read(text).expect_err("the text should be refused").to_string()
}

#[test]
fn reads_columns_in_any_order_and_case_and_ignores_others() {
    let bars = read("\u{feff}Volume,CLOSE,note,Low,High,Open,Date\n7,2.5,x,1,3,2,2000-01-03\n").unwrap();
    let at_ms = days_from_civil(2000, 1, 3) * DAY_MS;
    let (open_ticks, high_ticks, low_ticks, close_ticks) = (20_000, 30_000, 10_000, 25_000);
    assert_eq!(bars, [Bar { at_ms, open_ticks, high_ticks, low_ticks, close_ticks, volume: 7 }]);
}

#[test]
fn takes_an_unnamed_first_column_for_the_date() {
    assert_eq!(read(",Open,High,Low,Close,Volume\nJan 3 2000,1,1,1,1,0\n").unwrap().len(), 1);
    assert_eq!(message("open,,high,low,close,volume\n"), BarFileError::MissingColumn("date").to_string());
}

#[test]
fn names_the_line_the_value_and_the_rule() {
    let header = "date,open,high,low,close,volume\n2000-01-03,2,3,1,2,5\n";
    let cases = [
        ("2000-01-04,x,3,1,2,5", "line 3: open is \"x\"; it must be a number"),
        ("2000-01-04,2,nan,1,2,5", "line 3: high is \"nan\"; it must be a finite number"),
        ("2000-01-04,2,3,0,2,5", "line 3: low is \"0\"; a price must be above zero"),
        ("2000-01-04,2,3,1,-2,5", "line 3: close is \"-2\"; a price must be above zero"),
        ("2000-01-04,2,3,1,2e9,5", "line 3: close is \"2e9\"; a price must not exceed 1000000000"),
        ("2000-01-04,2,1,3,2,5", "line 3: high is \"1\"; it must not be below the low"),
        ("2000-01-04,2,3,1,2,-5", "line 3: volume is \"-5\"; a volume must not be negative"),
        ("2000-01-04,2,3,1,2", "line 3: volume is \"\"; it must be a number"),
        ("2000-01-03,2,3,1,2,5", "line 3: date is \"2000-01-03\"; the line before has the same date"),
        ("2000-01-02,2,3,1,2,5", "line 3: date is \"2000-01-02\"; dates must rise; the line before is later"),
    ];
    for (row, expected) in cases {
        assert_eq!(message(&format!("{header}{row}\n")), expected);
    }
    for ends in ["\n", "\r\n"] {
        let text = format!("{header}\n\nsoon,2,3,1,2,5").replace('\n', ends);
        assert!(message(&text).starts_with("line 5: date is \"soon\"; it must be a date"), "{ends:?}");
    }
}

#[test]
fn refuses_files_without_bars_or_columns() {
    assert!(message("date,open,high,low,close,volume\n").contains("no bars"));
    assert_eq!(message(""), BarFileError::MissingColumn("date").to_string());
    assert_eq!(message("date,open,high,low,close\n"), BarFileError::MissingColumn("volume").to_string());
    let bytes = b"date,open,high,low,close,volume\n2000-01-03,2,3,1,2,\xff\n";
    let refused = read_bars(bytes.as_slice()).expect_err("the bytes are not UTF-8").to_string();
    assert!(refused.starts_with("line 2: the file cannot be read as CSV"), "{refused}");
}

#[test]
fn reads_the_sp500_sample_when_the_package_is_installed() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../node_modules/vega-datasets/data/sp500-2000.csv");
    let Ok(file) = File::open(&path) else {
        eprintln!("skipped: {} is missing", path.display());
        return;
    };
    let bars = read_bars(file).unwrap();
    assert_eq!(bars.len(), 5_105);
    assert_eq!(bars[0].open_ticks, 14_692_500);
    assert_eq!(bars[0].close_ticks, 14_552_200);
    assert_eq!(bars[0].volume, 931_800_000);
    assert_eq!(bars[5_104].at_ms, days_from_civil(2020, 4, 17) * DAY_MS);
}

#[test]
fn reads_a_source_that_gives_one_byte_at_a_time() {
    struct Trickle<'a>(&'a [u8]);
    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = 1.min(buffer.len());
            self.0.read(&mut buffer[..count])
        }
    }
    let text = "date,open,high,low,close,volume\r\n2000-01-03,2,3,1,2,5\r\n2000-01-04,2,3,1,2,5";
    assert_eq!(read_bars(Trickle(text.as_bytes())), read(text));
    assert_eq!(read(text).unwrap().len(), 2);
}
