//! Bars as columns for charts, merged so that a picture's worth of them crosses, never a file's.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use desk_core::bars::Bar;
use desk_datasets::{BarFile, BarFileError};
use napi::bindgen_prelude::{AsyncTask, Float64Array};
use napi::{Env, Task};
use napi_derive::napi;

use super::bar_file_error;
use crate::errors::{INVALID_INPUT, Result, coded};
use crate::numbers::require;

/// More points than any screen has columns.
const MOST_POINTS: i64 = 10_000;

/// Bars by column, oldest first, all of one length. Prices in ticks.
#[napi(object)]
pub struct BarColumns {
    pub at_ms: Float64Array,
    pub open_ticks: Float64Array,
    pub high_ticks: Float64Array,
    pub low_ticks: Float64Array,
    pub close_ticks: Float64Array,
    pub volume: Float64Array,
    /// Bars of the file that each of these stands for; the last may stand for fewer.
    pub merged: f64,
}

/// Reads the bars of a file that start from `fromMs` to `toMs`, both inclusive, off the JavaScript thread. So many
/// neighbours are merged into one that at most `points` (1 to 10,000) come out. Rejects with FILE_NOT_FOUND,
/// DATASET_INVALID in its message.
#[napi(ts_return_type = "Promise<BarColumns>")]
pub fn read_bars(path: String, from_ms: f64, to_ms: f64, points: f64) -> Result<AsyncTask<ReadColumns>> {
    let points = require("points", points)?;
    if !(1..=MOST_POINTS).contains(&points) {
        return Err(coded(INVALID_INPUT, format!("points is {points}; it must be 1 to {MOST_POINTS}")));
    }
    let (from_ms, to_ms) = (require("fromMs", from_ms)?, require("toMs", to_ms)?);
    Ok(AsyncTask::new(ReadColumns { path: PathBuf::from(path), from_ms, to_ms, points }))
}

/// The reading, on a worker thread.
pub struct ReadColumns {
    path: PathBuf,
    from_ms: i64,
    to_ms: i64,
    points: i64,
}

impl ReadColumns {
    fn read(&self) -> std::result::Result<(Vec<Bar>, i64), BarFileError> {
        let mut file = BarFile::open(&self.path)?;
        let first = file.first_from(self.from_ms)?;
        let count = (file.first_from(self.to_ms.saturating_add(1))? - first).max(0);
        let merged = (count + self.points - 1) / self.points;
        let mut columns: Vec<Bar> = Vec::new();
        for (index, bar) in (0..count).zip(file.bars_from(self.from_ms)?) {
            let bar = bar?;
            match columns.last_mut() {
                Some(open) if index % merged.max(1) != 0 => open.extend(&bar),
                _ => columns.push(bar),
            }
        }
        Ok((columns, merged.max(1)))
    }
}

#[napi]
impl Task for ReadColumns {
    type Output = (Vec<Bar>, i64);
    type JsValue = BarColumns;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.read()));
        let read = outcome.map_err(|_| napi::Error::from_reason("the bars could not be read"))?;
        read.map_err(|error| napi::Error::from_reason(bar_file_error(error).reason.clone()))
    }

    fn resolve(&mut self, _env: Env, (bars, merged): Self::Output) -> napi::Result<Self::JsValue> {
        let column =
            |value: fn(&Bar) -> i64| Float64Array::new(bars.iter().map(|bar| value(bar) as f64).collect());
        Ok(BarColumns {
            at_ms: column(|bar| bar.at_ms),
            open_ticks: column(|bar| bar.open_ticks),
            high_ticks: column(|bar| bar.high_ticks),
            low_ticks: column(|bar| bar.low_ticks),
            close_ticks: column(|bar| bar.close_ticks),
            volume: column(|bar| bar.volume),
            merged: merged as f64,
        })
    }
}
