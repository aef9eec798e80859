use proptest::prelude::*;

use super::*;

const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600 * SECOND_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
const START_MS: i64 = 1_700_000_000_123;

/// The windows of the desk, with how far their edge may be blurred.
const WINDOWS: [(i64, i64); 4] = [
    (60 * SECOND_MS, SECOND_MS),
    (900 * SECOND_MS, 10 * SECOND_MS),
    (HOUR_MS, 60 * SECOND_MS),
    (DAY_MS, 300 * SECOND_MS),
];

#[derive(Debug, Clone, Copy)]
struct Sample {
    at_ms: i64,
    us: u64,
    failed: bool,
}

fn recorded(samples: &[Sample]) -> LatencyWindows {
    let mut windows = LatencyWindows::default();
    samples.iter().for_each(|sample| windows.record(sample.us, sample.at_ms, sample.failed));
    windows
}

/// Samples at rising times with pauses of all lengths, up to a day and a half in all.
fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let pause =
        prop_oneof![4 => 0..2_000_i64, 3 => 0..60_000_i64, 2 => 0..1_000_000_i64, 1 => 0..8_000_000_i64];
    prop::collection::vec((pause, 1..60_000_u64, prop::bool::weighted(0.2)), 1..150).prop_map(|steps| {
        let mut at_ms = START_MS;
        let sample = |(pause, us, failed)| {
            at_ms += pause;
            Sample { at_ms, us, failed }
        };
        steps.into_iter().map(sample).collect()
    })
}

#[test]
fn has_no_summary_before_the_first_sample_and_after_the_window_has_passed() {
    let mut windows = LatencyWindows::default();
    assert_eq!(windows.summary(60 * SECOND_MS, START_MS), None);
    windows.record(500, START_MS, false);
    assert!(windows.summary(60 * SECOND_MS, START_MS + 59_000).is_some());
    assert_eq!(windows.summary(60 * SECOND_MS, START_MS + 62_000), None);
    assert!(windows.summary(HOUR_MS, START_MS + 62_000).is_some());
}

#[test]
fn counts_a_failure_as_a_sample_and_not_as_within_its_target() {
    let mut windows = LatencyWindows::default();
    for failed in [false, true, false] {
        windows.record(1_000, START_MS, failed);
    }
    windows.record(9_000, START_MS, false);
    let summary = windows.summary(HOUR_MS, START_MS).unwrap();
    assert_eq!((summary.n, summary.failed, summary.max_us), (4, 1, 9_000));
    assert_eq!(windows.within(HOUR_MS, 2_000, START_MS), 2);
}

#[test]
fn starts_anew_when_the_clock_is_set_back_by_more_than_a_day() {
    let mut windows = LatencyWindows::default();
    windows.record(1_000, START_MS + 3 * DAY_MS, false);
    windows.record(2_000, START_MS, false);
    windows.record(3_000, START_MS + 1, false);
    assert_eq!(windows.summary(DAY_MS, START_MS + 1).map(|summary| summary.n), Some(2));
    assert_eq!(windows.summary(DAY_MS, START_MS + 3 * DAY_MS), None);
}

#[test]
fn leaves_the_parts_of_a_series_empty_in_which_nothing_was_measured() {
    let now_ms = 1_700_000_060_000;
    let mut windows = LatencyWindows::default();
    windows.record(4_000, now_ms - 50 * SECOND_MS, false);
    windows.record(6_000, now_ms, true);
    let series = windows.series(60 * SECOND_MS, 6, now_ms);
    let measured: Vec<Option<u64>> =
        series.iter().map(|point| point.summary.map(|summary| summary.p50_us)).collect();
    assert_eq!(measured[1].map(|us| us / 10), Some(400), "within its bucket");
    assert_eq!(measured[5].map(|us| us / 10), Some(600));
    assert_eq!(measured.iter().flatten().count(), 2);
    let starts: Vec<f64> =
        series.iter().map(|point| point.start_ms - (now_ms - 60 * SECOND_MS) as f64).collect();
    assert_eq!(starts, [0.0, 10_000.0, 20_000.0, 30_000.0, 40_000.0, 50_000.0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn holds_every_sample_of_each_window_and_none_from_beyond_its_blurred_edge(samples in samples(), later in 0..90_000_i64) {
        let windows = recorded(&samples);
        let now_ms = samples[samples.len() - 1].at_ms + later;
        for (window_ms, blur_ms) in WINDOWS {
            let since = |from_ms: i64| samples.iter().filter(move |sample| sample.at_ms > from_ms);
            let summary = windows.summary(window_ms, now_ms);
            let (n, failed) = summary.map_or((0, 0), |summary| (summary.n, summary.failed));
            let (inner, outer) = (since(now_ms - window_ms), since(now_ms - window_ms - blur_ms));
            prop_assert!(inner.clone().count() as u64 <= n && n <= outer.clone().count() as u64);
            prop_assert!(inner.filter(|sample| sample.failed).count() as u64 <= failed);
            prop_assert!(failed <= outer.filter(|sample| sample.failed).count() as u64);
        }
    }

    #[test]
    fn gives_the_percentiles_of_one_histogram_however_the_slots_were_folded(samples in samples()) {
        let now_ms = samples[samples.len() - 1].at_ms;
        let young: Vec<Sample> = samples.into_iter().filter(|sample| now_ms - sample.at_ms < DAY_MS).collect();
        let mut whole = Histogram::default();
        young.iter().for_each(|sample| whole.record(sample.us));
        let summary = recorded(&young).summary(DAY_MS, now_ms).unwrap();
        prop_assert_eq!(Some([summary.p50_us, summary.p99_us]), whole.percentiles_us([50, 99]));
        prop_assert_eq!((summary.n, Some(summary.max_us)), (whole.n(), whole.max_us()));
    }

    #[test]
    fn does_not_mind_the_order_of_arrival_within_a_day(samples in samples(), seed in any::<u64>()) {
        let now_ms = samples[samples.len() - 1].at_ms;
        let young: Vec<Sample> = samples.into_iter().filter(|sample| now_ms - sample.at_ms < DAY_MS).collect();
        let mut shuffled = young.clone();
        shuffled.sort_by_key(|sample| (sample.us ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let (ordered, shuffled) = (recorded(&young), recorded(&shuffled));
        for (window_ms, _) in WINDOWS {
            prop_assert_eq!(ordered.summary(window_ms, now_ms), shuffled.summary(window_ms, now_ms));
        }
    }

    #[test]
    fn parts_of_a_series_add_up_to_the_summary(samples in samples(), buckets in 1_usize..300) {
        let windows = recorded(&samples);
        let now_ms = samples[samples.len() - 1].at_ms;
        for (window_ms, _) in WINDOWS {
            let series = windows.series(window_ms, buckets, now_ms);
            prop_assert_eq!(series.len(), buckets);
            let parts: Vec<Summary> = series.iter().filter_map(|point| point.summary).collect();
            let whole = windows.summary(window_ms, now_ms).unwrap();
            prop_assert_eq!(parts.iter().map(|part| part.n).sum::<u64>(), whole.n);
            prop_assert_eq!(parts.iter().map(|part| part.failed).sum::<u64>(), whole.failed);
            prop_assert_eq!(parts.iter().map(|part| part.max_us).max(), Some(whole.max_us));
        }
    }
}
