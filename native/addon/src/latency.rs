//! Bindings of the latency windows: one set of windows an operation, made when it is first recorded.
//! Numbers that no clock gives throw INVALID_INPUT.

use std::collections::HashMap;

use desk_core::latency::{LatencyWindows, SeriesPoint, Summary};
use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

use crate::errors::{INVALID_INPUT, Result, coded};

/// One operation over one window; the percentiles are null while `n` is 0.
#[napi(object, use_nullable = true)]
pub struct LatencySummaryRow {
    /// Samples, failed ones included.
    pub n: f64,
    pub failed: f64,
    pub p50_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    /// Exact to the microsecond; the percentiles are within 0.1 %.
    pub max_ms: Option<f64>,
}

/// Even buckets over a window, oldest first; percentiles are NaN where a bucket is empty.
#[napi(object)]
pub struct LatencySeries {
    pub start_ms: Float64Array,
    pub n: Float64Array,
    pub p50_ms: Float64Array,
    pub p95_ms: Float64Array,
    pub p99_ms: Float64Array,
}

/// Histograms of durations in rolling windows of up to 24 h, by operation.
#[napi]
#[derive(Default)]
pub struct LatencyRecorder(HashMap<String, LatencyWindows>);

#[napi]
impl LatencyRecorder {
    /// Starts with nothing recorded.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one duration, told apart between 1 us and 1 h. `nowMs` may come out of order.
    #[napi(catch_unwind)]
    pub fn record(&mut self, operation: String, duration_ms: f64, now_ms: f64, failed: bool) -> Result<()> {
        let (us, now) = (micros("durationMs", duration_ms)?, moment(now_ms)?);
        // Not `entry`: the name is only kept when it is new.
        match self.0.get_mut(&operation) {
            Some(windows) => windows.record(us, now, failed),
            None => self.0.entry(operation).or_default().record(us, now, failed),
        }
        Ok(())
    }

    /// Sums up the last `windowS` seconds before `nowMs`.
    #[napi(catch_unwind)]
    pub fn summary(&self, operation: String, window_s: u32, now_ms: f64) -> Result<LatencySummaryRow> {
        let now = moment(now_ms)?;
        Ok(row(self.0.get(&operation).and_then(|windows| windows.summary(window_ms(window_s), now))))
    }

    /// Splits the window into even buckets, at most 10,000.
    #[napi(catch_unwind)]
    pub fn series(
        &self,
        operation: String,
        window_s: u32,
        buckets: u32,
        now_ms: f64,
    ) -> Result<LatencySeries> {
        let now = moment(now_ms)?;
        if !(1..=10_000).contains(&buckets) {
            return Err(coded(INVALID_INPUT, format!("buckets is {buckets}; it must be 1 to 10000")));
        }
        let none = LatencyWindows::default();
        let windows = self.0.get(&operation).unwrap_or(&none);
        Ok(columns(&windows.series(window_ms(window_s), buckets as usize, now)))
    }

    /// How many operations of the window succeeded within `targetMs`; failed ones never count as within.
    #[napi(catch_unwind)]
    pub fn within(&self, operation: String, window_s: u32, target_ms: f64, now_ms: f64) -> Result<f64> {
        let (target, now) = (micros("targetMs", target_ms)?, moment(now_ms)?);
        let windows = self.0.get(&operation);
        Ok(windows.map_or(0.0, |windows| windows.within(window_ms(window_s), target, now) as f64))
    }

    /// Forgets an operation.
    #[napi(catch_unwind)]
    pub fn forget(&mut self, operation: String) {
        self.0.remove(&operation);
    }
}

/// Rounds to whole microseconds; what is longer than the histograms tell apart is cut there.
fn micros(name: &str, ms: f64) -> Result<u64> {
    if ms >= 0.0 {
        return Ok((ms * 1_000.0).round() as u64);
    }
    Err(coded(INVALID_INPUT, format!("{name} is {ms}; it must be 0 or more")))
}

fn moment(now_ms: f64) -> Result<i64> {
    if now_ms.abs() < 9e15 {
        return Ok(now_ms.floor() as i64);
    }
    Err(coded(INVALID_INPUT, format!("nowMs is {now_ms}; it must be milliseconds since 1970")))
}

fn window_ms(window_s: u32) -> i64 {
    i64::from(window_s.max(1)) * 1_000
}

fn ms(us: u64) -> f64 {
    us as f64 / 1_000.0
}

fn row(summary: Option<Summary>) -> LatencySummaryRow {
    let value = |pick: fn(Summary) -> u64| summary.map(pick);
    LatencySummaryRow {
        n: value(|summary| summary.n).unwrap_or(0) as f64,
        failed: value(|summary| summary.failed).unwrap_or(0) as f64,
        p50_ms: value(|summary| summary.p50_us).map(ms),
        p95_ms: value(|summary| summary.p95_us).map(ms),
        p99_ms: value(|summary| summary.p99_us).map(ms),
        max_ms: value(|summary| summary.max_us).map(ms),
    }
}

fn columns(points: &[SeriesPoint]) -> LatencySeries {
    let column = |pick: fn(Summary) -> u64| {
        points
            .iter()
            .map(|point| point.summary.map_or(f64::NAN, |summary| ms(pick(summary))))
            .collect::<Vec<_>>()
    };
    let counts = points.iter().map(|point| point.summary.map_or(0.0, |summary| summary.n as f64));
    LatencySeries {
        start_ms: points.iter().map(|point| point.start_ms).collect::<Vec<_>>().into(),
        n: counts.collect::<Vec<_>>().into(),
        p50_ms: column(|summary| summary.p50_us).into(),
        p95_ms: column(|summary| summary.p95_us).into(),
        p99_ms: column(|summary| summary.p99_us).into(),
    }
}
