//! Imports of real and of broken files.

// The tests' own helpers stop the test too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

#[allow(dead_code)]
mod support;

use std::fs;
use std::path::Path;

use desk_core::bars::Bar;
use desk_datasets::{BarFile, BarFileError, ImportError, ImportOptions, Imported, Kind, Problem, import};
use proptest::prelude::*;
use support::{Place, options, written};

const HEADER: &str = "date,open,high,low,close,volume\n";

fn problems(text: &str, options: &ImportOptions) -> Vec<Problem> {
    let place = Place::new();
    let source = place.source(text.as_bytes());
    match import(&source, &place.target(), options, |_| true).unwrap() {
        Imported::Written(header) => header.details.report.problems,
        Imported::Refused { report, .. } => report.problems,
    }
}

fn kinds(problems: &[Problem]) -> Vec<(Kind, u64)> {
    problems.iter().map(|problem| (problem.kind, problem.count)).collect()
}

#[test]
fn the_sp500_sample_has_no_gap_beside_the_exchanges_own_closings() {
    let source =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../node_modules/vega-datasets/data/sp500-2000.csv");
    if !source.exists() {
        eprintln!("skipped: {} is missing", source.display());
        return;
    }
    let place = Place::new();
    let header = written(&source, &place.target(), &options(None, &[]));
    assert_eq!((header.bars, header.interval_ms), (5_105, 86_400_000));
    assert_eq!(kinds(&header.details.report.problems), [(Kind::Rounded, 5_105)]);
    let file = BarFile::open(&place.target()).unwrap();
    let bars: Vec<Bar> = file.bars().unwrap().map(Result::unwrap).collect();
    assert_eq!(bars, desk_core::bars::read_bars(fs::File::open(&source).unwrap()).unwrap());
}

#[test]
fn reads_the_real_files_of_a_stock_and_of_a_currency() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.exists() {
        eprintln!("skipped: {} is missing", data.display());
        return;
    }
    let place = Place::new();
    let stock = written(&data.join("GOOG.csv"), &place.target(), &options(None, &[]));
    assert_eq!((stock.bars, kinds(&stock.details.report.problems)), (2_148, vec![]));
    let Imported::Refused { report, bars } =
        import(&data.join("EURUSD.csv"), &place.target(), &options(None, &[]), |_| true).unwrap()
    else {
        panic!("times without a zone were taken");
    };
    assert_eq!((kinds(&report.problems), bars), (vec![(Kind::MissingTimeZone, 5_000)], 0));
    let pair = written(&data.join("EURUSD.csv"), &place.target(), &options(Some("UTC"), &[]));
    assert_eq!((pair.bars, pair.interval_ms), (5_000, 3_600_000));
}

#[test]
fn locates_every_kind_of_problem_and_goes_on() {
    let rows = "2024-01-02,10,12,9,11,5\n\
        soon,10,12,9,11,5\n\
        2024-01-03,x,12,9,11,5\n\
        2024-01-03,10,NaN,9,11,5\n\
        2024-01-03,10,inf,9,11,5\n\
        2024-01-03,10,12,0,11,5\n\
        2024-01-03,10,12,-9,11,5\n\
        2024-01-03,10,2e9,9,11,5\n\
        2024-01-03,10,12,9,11,-5\n\
        2024-01-03,10,8,9,11,5\n\
        2024-01-03,13,12,9,11,5\n\
        2024-01-03,10,12,9,8.5,5\n\
        2024-01-02,10,12,9,11,5\n\
        2024-01-01,10,12,9,11,5\n\
        2024-01-03 10:00,10,12,9,11,5\n\
        2024-01-03,10,12,9,11\n\
        2024-01-03,10,12,9,11.00001,5\n";
    let found = problems(&format!("{HEADER}{rows}"), &options(None, &[]));
    let expected = [
        (Kind::BadTime, 1),
        (Kind::MissingTimeZone, 1),
        (Kind::NotANumber, 2),
        (Kind::NotFinite, 2),
        (Kind::TooLarge, 1),
        (Kind::PriceNotPositive, 2),
        (Kind::NegativeVolume, 1),
        (Kind::HighBelowLow, 1),
        (Kind::OutsideRange, 2),
        (Kind::Duplicate, 1),
        (Kind::OutOfOrder, 1),
        (Kind::Rounded, 1),
    ];
    assert_eq!(kinds(&found), expected);
    let first = &found[3].examples[0];
    assert_eq!(
        (first.line, first.column.as_str(), first.value.as_str(), first.rule.as_str()),
        (5, "high", "NaN", "it must be a finite number")
    );
}

#[test]
fn says_what_a_file_is_that_is_no_table_of_text() {
    let refusal = |bytes: &[u8]| {
        let place = Place::new();
        let source = place.source(bytes);
        let error = import(&source, &place.target(), &options(None, &[]), |_| true).unwrap_err();
        assert_eq!(place.names(), ["source"]);
        error.to_string().rsplit_once("source: ").map(|(_, what)| what.to_owned()).unwrap()
    };
    assert_eq!(refusal(b"\x1f\x8b\x08\0rest"), "it is packed with gzip; unpack it first");
    assert_eq!(refusal(b"PK\x03\x04rest"), "it is a zip archive; unpack it first");
    assert_eq!(refusal(b"\xff\xfed\0a\0"), "it is UTF-16; save it as UTF-8");
    assert_eq!(refusal(b"\0\x01\x02\n"), "it is no text; give a CSV or Parquet file");
    let semicolons = HEADER.replace(',', ";");
    assert_eq!(
        refusal(semicolons.as_bytes()),
        "its columns are separated by semicolons; separate them by commas"
    );
    let old_mac = format!("{HEADER}2024-01-02,1,1,1,1,1\n").replace('\n', "\r");
    assert_eq!(refusal(old_mac.as_bytes()), "its lines end with CR alone; save it with LF or CRLF");
    let place = Place::new();
    let folder = import(&place.0, &place.target(), &options(None, &[]), |_| true).unwrap_err().to_string();
    assert!(folder.ends_with("it is a folder; name a file in it"), "{folder}");
}

#[test]
fn leaves_out_only_the_rows_that_were_allowed_to_be_wrong() {
    let text = format!(
        "{HEADER}2024-01-02,1,1,1,1,1\n2024-01-02,2,2,2,2,1\n2024-01-03,1,1,1,0,1\n2024-01-04,1,1,1,1,1\n2024-01-05,1,1,1,1,1\n"
    );
    let place = Place::new();
    let source = place.source(text.as_bytes());
    let some = options(None, &[Kind::Duplicate]);
    assert!(matches!(
        import(&source, &place.target(), &some, |_| true).unwrap(),
        Imported::Refused { bars: 3, .. }
    ));
    assert_eq!(place.names(), ["source"]);
    let header =
        written(&source, &place.target(), &options(None, &[Kind::Duplicate, Kind::PriceNotPositive]));
    assert_eq!(header.bars, 3);
    let dropped: Vec<u64> = header.details.report.problems.iter().map(|problem| problem.dropped).collect();
    assert_eq!(dropped, [1, 1, 0]); // The third is the gap that they leave.
}

#[test]
fn flags_gaps_by_the_calendar_and_splits_by_the_volume() {
    let daily = "2024-07-02,100,101,99,100,1000\n2024-07-03,100,101,99,100,1000\n2024-07-05,50,51,49,50,2600\n\
        2024-07-08,50,51,49,50,2000\n2024-07-10,100,101,99,100,900\n2024-07-11,200,210,190,200,950\n";
    let found = problems(&format!("{HEADER}{daily}"), &options(None, &[]));
    assert_eq!(kinds(&found), [(Kind::Gap, 1), (Kind::SuspectedSplit, 2)]);
    assert_eq!(found[0].examples[0].value, "2024-07-08 to 2024-07-10");
    assert_eq!(found[0].examples[0].rule, "1 bars missing before this row");
    let splits: Vec<&str> = found[1].examples.iter().map(|place| place.rule.as_str()).collect();
    assert_eq!(
        splits,
        [
            "looks like a split 2 for 1; adjust the prices before it",
            "looks like a split 1 for 2; adjust the prices before it"
        ]
    );
}

#[test]
fn counts_missing_minutes_inside_a_day_and_the_change_of_clocks_as_none() {
    let minute = |time: &str| format!("{time},1,1,1,1,1\n");
    let rows: String =
        ["2024-03-08 15:58", "2024-03-08 15:59", "2024-03-11 09:30", "2024-03-11 09:31", "2024-03-11 09:35"]
            .map(minute)
            .concat();
    let found = problems(&format!("{HEADER}{rows}"), &options(Some("America/New_York"), &[]));
    assert_eq!(kinds(&found), [(Kind::Gap, 1)]);
    assert_eq!(found[0].examples[0].rule, "3 bars missing before this row");
}

#[test]
fn refuses_what_is_no_series_of_bars() {
    let place = Place::new();
    let target = place.target();
    let fails = |bytes: &[u8]| import(&place.source(bytes), &target, &options(None, &[]), |_| true);
    assert!(matches!(fails(b""), Err(ImportError::Empty { .. })));
    assert!(matches!(
        fails(b"date,open,high,low,close\n"),
        Err(ImportError::MissingColumn { column: "volume", .. })
    ));
    assert!(matches!(fails(&vec![b'x'; 70_000]), Err(ImportError::LineTooLong { line: 1, .. })));
    assert!(matches!(fails(b"PAR1 and no more"), Err(ImportError::Parquet { .. })));
    let one = format!("{HEADER}2024-01-02,1,1,1,1,1\n");
    for text in [HEADER, one.as_str()] {
        assert!(matches!(fails(text.as_bytes()).unwrap(), Imported::Refused { .. }), "{text}");
    }
    assert_eq!(place.names(), ["source"]);
}

#[test]
fn leaves_nothing_behind_when_it_is_cancelled_in_the_middle() {
    let place = Place::new();
    let row = |index: i64| format!("{},1,1,1,1,1\n", 1_700_000_000 + index * 60);
    let text: String = std::iter::once(HEADER.to_owned()).chain((0..10_000).map(row)).collect();
    let source = place.source(text.as_bytes());
    let outcome = import(&source, &place.target(), &options(None, &[]), |progress| progress.rows < 5_000);
    assert!(matches!(outcome, Err(ImportError::Cancelled)));
    assert_eq!(place.names(), ["source"]);
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let place = Place::new();
    let source = place.source(format!("{HEADER}2024-01-02,1,1,1,1,1\n2024-01-03,1,1,1,1,1\n").as_bytes());
    let bytes = |name: &str| {
        written(&source, &place.0.join(name), &options(None, &[]));
        fs::read(place.0.join(name)).unwrap()
    };
    assert_eq!(bytes("a"), bytes("b"));
}

#[test]
fn finds_any_changed_byte_of_a_bar_file() {
    let place = Place::new();
    let source = place.source(format!("{HEADER}2024-01-02,1,2,1,2,9\n2024-01-03,1,2,1,2,9\n").as_bytes());
    written(&source, &place.target(), &options(None, &[]));
    let sound = fs::read(place.target()).unwrap();
    for index in (0..112).chain(128..sound.len()) {
        let mut bytes = sound.clone();
        bytes[index] ^= 0x10;
        fs::write(place.target(), &bytes).unwrap();
        let read = BarFile::open(&place.target())
            .and_then(BarFile::bars)
            .and_then(|bars| bars.collect::<Result<Vec<_>, _>>());
        assert!(read.is_err(), "byte {index} was changed and nobody saw it");
    }
    fs::write(place.target(), &sound[..sound.len() - 1]).unwrap();
    assert!(matches!(BarFile::open(&place.target()), Err(BarFileError::Damaged { .. })));
}

fn arbitrary_bars() -> impl Strategy<Value = Vec<Bar>> {
    let bar = (
        60_000_i64..10_000_000,
        1_i64..1_000_000,
        0_i64..10_000,
        0_i64..10_000,
        0_i64..10_000,
        0_i64..i64::MAX,
    );
    prop::collection::vec(bar, 2..50).prop_map(|steps| {
        let mut at_ms = 1_600_000_000_000;
        let bars = steps.into_iter().map(|(step, low, a, b, c, volume)| {
            at_ms += step;
            let (open_ticks, close_ticks) = (low + a, low + b);
            let high_ticks = open_ticks.max(close_ticks) + c;
            Bar { at_ms, open_ticks, high_ticks, low_ticks: low, close_ticks, volume }
        });
        bars.collect()
    })
}

fn to_csv(bars: &[Bar]) -> String {
    let dollars = |ticks: i64| format!("{}.{:04}", ticks / 10_000, ticks % 10_000);
    let row = |bar: &Bar| {
        let prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks].map(dollars);
        format!("{},{},{}\n", bar.at_ms, prices.join(","), bar.volume)
    };
    std::iter::once(HEADER.to_owned()).chain(bars.iter().map(row)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_imported_is_read_back_exactly(bars in arbitrary_bars(), cut in 0..60_usize) {
        let place = Place::new();
        written(&place.source(to_csv(&bars).as_bytes()), &place.target(), &options(None, &[]));
        let read: Vec<Bar> = BarFile::open(&place.target()).unwrap().bars().unwrap().map(Result::unwrap).collect();
        prop_assert_eq!(&read, &bars);
        let from_ms = bars.get(cut).map_or(i64::MAX, |bar| bar.at_ms);
        let tail: Vec<Bar> = BarFile::open(&place.target()).unwrap().bars_from(from_ms).unwrap().map(Result::unwrap).collect();
        prop_assert_eq!(&tail[..], bars.get(cut..).unwrap_or_default());
    }

    #[test]
    fn no_bytes_make_an_import_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), parquet in any::<bool>()) {
        let place = Place::new();
        let start: &[u8] = if parquet { b"PAR1" } else { HEADER.as_bytes() };
        let source = place.source(&[start, &bytes, if parquet { b"PAR1" } else { b"" }].concat());
        let _ = import(&source, &place.target(), &options(Some("UTC"), &[]), |_| true);
    }

    #[test]
    fn no_row_makes_an_import_panic(cells in prop::collection::vec("[-0-9eE.:TZ naif\"]{0,24}", 0..60)) {
        let place = Place::new();
        let rows: String = cells.chunks(6).map(|row| format!("{}\n", row.join(","))).collect();
        let source = place.source(format!("{HEADER}{rows}").as_bytes());
        let _ = import(&source, &place.target(), &options(Some("Europe/London"), &[]), |_| true);
    }

    #[test]
    fn no_bytes_make_the_reader_of_bar_files_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let place = Place::new();
        fs::write(place.target(), [b"NTBARS01", bytes.as_slice()].concat()).unwrap();
        prop_assert!(BarFile::open(&place.target()).is_err());
    }
}
