//! Bars that are streamed from files give what the same bars give from memory.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use desk_core::bars::Bar;
use desk_datasets::{BarFile, ImportOptions, Imported, Origin, Zone, import};
use desk_lab::*;

const DAY_MS: i64 = 86_400_000;

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("desk-lab-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// A bar file of `days` days from the `from`th on.
    fn file(&self, symbol: &str, from: i64, days: i64) -> PathBuf {
        let mut text = "date,open,high,low,close,volume\n".to_owned();
        for day in from..from + days {
            let close = |day: i64| 100.0 + 20.0 * (day as f64 / 17.0).sin() + 5.0 * (day as f64 / 3.3).sin();
            let (open, close) = (close(day - 1), close(day));
            let (high, low) = (open.max(close) + 1.0, open.min(close) - 1.0);
            let at = seconds_of(day);
            writeln!(text, "{at},{open:.2},{high:.2},{low:.2},{close:.2},{}", 1_000 + day).unwrap();
        }
        let (source, target) = (self.0.join(format!("{symbol}.csv")), self.0.join(format!("{symbol}.bars")));
        fs::write(&source, text).unwrap();
        let options = ImportOptions {
            symbol: symbol.to_owned(),
            zone: Some(Zone::parse("UTC").unwrap()),
            allow: Default::default(),
            origin: Origin::File,
        };
        let imported = import(&source, &target, &options, |_| true).unwrap();
        assert!(matches!(imported, Imported::Written(_)));
        target
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Days since 1970 as seconds, which the import reads as an instant.
fn seconds_of(day: i64) -> i64 {
    (day + 10_000) * DAY_MS / 1_000
}

fn request(series: &[(&str, Bars)]) -> BacktestRequest {
    BacktestRequest {
        symbols: series
            .iter()
            .map(|(symbol, bars)| SymbolRequest { symbol: (*symbol).to_owned(), bars: bars.clone() })
            .collect(),
        agents: vec![AgentRequest {
            agent_id: "one".to_owned(),
            strategy: "momentum".to_owned(),
            params: BTreeMap::new(),
            symbols: vec![],
            max_position_micros: None,
        }],
        setup: SetupRequest { commission_bps: 5.0, ..SetupRequest::default() },
        seed: 1,
        from_ms: None,
        to_ms: None,
    }
}

fn run(request: &BacktestRequest) -> Result<Report, LabError> {
    run_backtest(request, &|_, _| (), &AtomicBool::new(false)).map(|report| Report { took_ms: 0.0, ..report })
}

fn on_file(path: &Path) -> Bars {
    Bars::File { path: path.to_str().unwrap().to_owned() }
}

fn in_memory(path: &Path) -> Bars {
    let bars: Vec<Bar> = BarFile::open(path).unwrap().bars().unwrap().map(Result::unwrap).collect();
    Bars::Columns(Columns::of(&bars))
}

/// Only the digest of a file tells the two apart.
fn without_digests(mut report: Report) -> Report {
    for used in &mut report.data {
        used.bars_sha256 = None;
    }
    report
}

#[test]
fn a_stream_gives_what_memory_gives_also_over_several_symbols_that_start_apart() {
    let folder = Folder::new("same");
    // More than one window of the look-ahead check.
    let (one, two) = (folder.file("ONE", 0, 9_000), folder.file("TWO", 500, 8_000));
    let mut streamed = request(&[("ONE", on_file(&one)), ("TWO", on_file(&two))]);
    let mut held = request(&[("ONE", in_memory(&one)), ("TWO", in_memory(&two))]);
    let (from_file, from_memory) = (run(&streamed).unwrap(), run(&held).unwrap());
    assert!(from_file.passed, "{:?}", from_file.checks);
    assert!(!from_file.trades.is_empty());
    assert_eq!(from_file.bars, 17_000);
    assert_eq!(without_digests(from_file), from_memory);
    for asked in [&mut streamed, &mut held] {
        asked.from_ms = Some((10_000 + 600) * DAY_MS);
        asked.to_ms = Some((10_000 + 900) * DAY_MS);
    }
    let (from_file, from_memory) = (run(&streamed).unwrap(), run(&held).unwrap());
    assert_eq!(from_file.data.iter().map(|used| used.bars).collect::<Vec<_>>(), [300, 300]);
    assert_eq!(from_file.data[0].first_at_ms, (10_000 + 600) * DAY_MS);
    assert_eq!(from_file.data[0].last_at_ms, (10_000 + 899) * DAY_MS);
    assert_eq!(without_digests(from_file), from_memory);
}

#[test]
fn a_file_whose_bars_were_changed_gives_no_report() {
    let folder = Folder::new("changed");
    let path = folder.file("ONE", 0, 300);
    let mut bytes = fs::read(&path).unwrap();
    // A volume in the middle: still a sound bar.
    bytes[128 + 48 * 150 + 40] ^= 1;
    fs::write(&path, bytes).unwrap();
    let refused = run(&request(&[("ONE", on_file(&path))])).unwrap_err().to_string();
    assert!(refused.contains("its bars were changed"), "{refused}");
}

#[test]
fn symbols_that_share_no_time_and_times_without_bars_are_refused() {
    let folder = Folder::new("apart");
    let (one, two) = (folder.file("ONE", 0, 100), folder.file("TWO", 200, 100));
    let apart = request(&[("ONE", on_file(&one)), ("TWO", on_file(&two))]);
    let refused = run(&apart).unwrap_err().to_string();
    assert_eq!(refused, "ONE ends before TWO starts; symbols must overlap in time");
    let mut late = request(&[("ONE", on_file(&one))]);
    late.from_ms = Some(20_000 * DAY_MS);
    assert_eq!(run(&late).unwrap_err().to_string(), "ONE has no bars; a backtest needs at least two");
    late.from_ms = Some(10_099 * DAY_MS);
    assert!(run(&late).unwrap_err().to_string().starts_with("ONE has one bar"));
}
