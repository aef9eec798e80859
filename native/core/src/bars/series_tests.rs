//! What a series gives, merges and forgets.

use super::TradedBar;
use super::series::*;
use crate::bars::Bar;

fn minute(index: i64, close: i64, volume: i64) -> TradedBar {
    let bar = Bar {
        at_ms: index * 60_000,
        open_ticks: close - 1,
        high_ticks: close + 2,
        low_ticks: close - 2,
        close_ticks: close,
        volume,
    };
    TradedBar { bar, trade_count: 1, vwap_ticks: close }
}

fn series() -> BarSeries {
    let mut series = BarSeries::new(60_000, 100);
    for index in 0..12 {
        series.push(minute(index, 100 + index, 1));
    }
    series
}

const ALL: BarWindow = BarWindow { start_ms: 0, end_ms: i64::MAX, limit: 1_000 };

#[test]
fn gives_the_oldest_bars_inside_the_window() {
    let window = BarWindow { start_ms: 60_000, end_ms: 240_000, limit: 3 };
    let starts: Vec<i64> = series().query(60, window, 0).unwrap().iter().map(|bar| bar.bar.at_ms).collect();
    assert_eq!(starts, [60_000, 120_000, 180_000]);
}

#[test]
fn merges_minutes_into_five_and_leaves_the_unfinished_out() {
    let merged = series().query(300, ALL, 12 * 60_000).unwrap();
    assert_eq!(merged.len(), 2);
    let bar =
        Bar { at_ms: 300_000, open_ticks: 104, high_ticks: 111, low_ticks: 103, close_ticks: 109, volume: 5 };
    assert_eq!(merged[1], TradedBar { bar, trade_count: 5, vwap_ticks: 107 });
    assert_eq!(series().query(300, ALL, 15 * 60_000).unwrap().len(), 3);
    assert_eq!(series().query(300, BarWindow { limit: 1, ..ALL }, 15 * 60_000).unwrap(), merged[..1]);
}

#[test]
fn never_gives_a_bucket_that_lost_its_beginning() {
    let merged = series().query(300, BarWindow { start_ms: 60_000, ..ALL }, 15 * 60_000).unwrap();
    assert_eq!(merged[0].bar.at_ms, 300_000);
}

#[test]
fn forgets_the_oldest_beyond_its_capacity() {
    let mut small = BarSeries::new(60_000, 3);
    for index in 0..5 {
        small.push(minute(index, 100, 1));
    }
    assert_eq!(small.len(), 3);
    assert_eq!(small.query(60, ALL, 0).unwrap()[0].bar.at_ms, 120_000);
}

#[test]
fn refuses_sizes_it_cannot_make() {
    assert_eq!(series().query(90, ALL, 0), Err(SeriesError::NotAMultiple { wanted_s: 90, kept_s: 60 }));
    assert_eq!(series().query(0, ALL, 0), Err(SeriesError::NotAMultiple { wanted_s: 0, kept_s: 60 }));
}
