//! The rolling windows of one operation: 1 min, 15 min, 1 h and 24 h.
//!
//! Durations are counted in a dense slot of the current second. When the second is over its buckets are kept in
//! slots of 1 s for a minute, of 10 s for 15 minutes, of 1 min for an hour and of 5 min for a day. A window is
//! the slots that reach into it, so its far edge is blurred by the slot length kept at that age, 2 % at most.

use super::frozen::{FrozenTally, Tally};
use super::level::{Level, floor_to};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const DAY_MS: i64 = 1_440 * MINUTE_MS;

/// One operation over one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Samples, failed ones included; never 0.
    pub n: u64,
    /// The failed ones among them.
    pub failed: u64,
    /// Median in microseconds.
    pub p50_us: u64,
    /// 95th percentile in microseconds.
    pub p95_us: u64,
    /// 99th percentile in microseconds.
    pub p99_us: u64,
    /// Maximum in microseconds, exact.
    pub max_us: u64,
}

/// One bucket of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesPoint {
    /// Start of the bucket in milliseconds since 1970.
    pub start_ms: f64,
    /// What was measured in it; `None` when nothing was.
    pub summary: Option<Summary>,
}

/// The recent past of one operation. Memory is bounded: at most 519 slots, each no larger than what it counted.
#[derive(Debug)]
pub struct LatencyWindows {
    current: Tally,
    current_ms: Option<i64>, // start of the current second; `None` before the first sample
    levels: [Level; 4],      // finest first
}

impl Default for LatencyWindows {
    fn default() -> Self {
        let levels = [
            Level::new(SECOND_MS, MINUTE_MS, 10 * SECOND_MS),
            Level::new(10 * SECOND_MS, 15 * MINUTE_MS, MINUTE_MS),
            Level::new(MINUTE_MS, 60 * MINUTE_MS, 5 * MINUTE_MS),
            Level::new(5 * MINUTE_MS, DAY_MS, 5 * MINUTE_MS),
        ];
        Self { current: Tally::default(), current_ms: None, levels }
    }
}

impl LatencyWindows {
    /// Counts one duration that ended at `now_ms`. Times may come out of order; one that lies more than a day
    /// before the newest means that the clock was set back, and the past is forgotten.
    pub fn record(&mut self, us: u64, now_ms: i64, failed: bool) {
        let Some(current_ms) = self.current_ms else { return self.start(us, now_ms, failed) };
        let into_ms = now_ms.saturating_sub(current_ms);
        if (0..SECOND_MS).contains(&into_ms) {
            self.current.record(us, failed);
        } else if into_ms > 0 {
            self.freeze(current_ms);
            self.start(us, now_ms, failed);
            self.fold(floor_to(now_ms, SECOND_MS));
        } else {
            self.record_late(us, now_ms, failed, current_ms);
        }
    }

    /// Sums up the last `window_ms` before `now_ms`; `None` when nothing was measured.
    pub fn summary(&self, window_ms: i64, now_ms: i64) -> Option<Summary> {
        summarise(&self.merged(window_ms, now_ms))
    }

    /// How many operations succeeded within `target_us` in the window. The target's bucket counts whole: up to
    /// 0.1 % longer passes.
    pub fn within(&self, window_ms: i64, target_us: u64, now_ms: i64) -> u64 {
        let tally = self.merged(window_ms, now_ms);
        tally.all.count_through(target_us) - tally.failed.count_through(target_us)
    }

    /// Splits the window into `buckets` even parts, oldest first. A slot counts in the part that its middle
    /// lies in, so the parts together are the window's summary.
    pub fn series(&self, window_ms: i64, buckets: usize, now_ms: i64) -> Vec<SeriesPoint> {
        let (width_ms, last) = (window_ms as f64 / buckets as f64, buckets.saturating_sub(1));
        let from_ms = now_ms.saturating_sub(window_ms);
        let start = |bucket: usize| from_ms as f64 + bucket as f64 * width_ms;
        let mut points: Vec<SeriesPoint> =
            (0..buckets).map(|bucket| SeriesPoint { start_ms: start(bucket), summary: None }).collect();
        let mut placed: Vec<(usize, Slot<'_>)> = Vec::new();
        self.visit(window_ms, now_ms, |middle_ms, slot| {
            let past_ms = middle_ms.saturating_sub(from_ms).max(0) as f64;
            placed.push((((past_ms / width_ms) as usize).min(last), slot));
        });
        let mut tally = Tally::default();
        for part in placed.chunk_by(|(bucket, _), (next, _)| bucket == next) {
            tally.clear();
            part.iter().for_each(|(_, slot)| slot.add_to(&mut tally));
            if let Some(point) = points.get_mut(part[0].0) {
                point.summary = summarise(&tally);
            }
        }
        points
    }

    fn start(&mut self, us: u64, now_ms: i64, failed: bool) {
        self.current_ms = Some(floor_to(now_ms, SECOND_MS));
        self.current.record(us, failed);
    }

    fn freeze(&mut self, current_ms: i64) {
        self.levels[0].absorb(current_ms, &FrozenTally::of(&self.current));
        self.current.clear();
    }

    fn fold(&mut self, newest_ms: i64) {
        for finer in 0..self.levels.len() {
            let expired = self.levels[finer].expire(newest_ms);
            if let Some(coarser) = self.levels.get_mut(finer + 1) {
                expired.iter().for_each(|(start_ms, tally)| coarser.absorb(*start_ms, tally));
            }
        }
    }

    fn record_late(&mut self, us: u64, now_ms: i64, failed: bool, newest_ms: i64) {
        let Some(level) = self.levels.iter_mut().find(|level| now_ms >= level.horizon_ms(newest_ms)) else {
            self.levels.iter_mut().for_each(Level::clear);
            self.current.clear();
            return self.start(us, now_ms, failed);
        };
        level.absorb(now_ms, &FrozenTally::one(us, failed));
    }

    fn merged(&self, window_ms: i64, now_ms: i64) -> Tally {
        let mut tally = Tally::default();
        self.visit(window_ms, now_ms, |_, slot| slot.add_to(&mut tally));
        tally
    }

    /// Shows every slot of the window with the middle of its time, oldest first.
    fn visit<'a>(&'a self, window_ms: i64, now_ms: i64, mut see: impl FnMut(i64, Slot<'a>)) {
        let from_ms = now_ms.saturating_sub(window_ms);
        for level in self.levels.iter().rev() {
            for (start_ms, tally) in level.between(from_ms, now_ms) {
                see(start_ms + level.slot_ms / 2, Slot::Frozen(tally));
            }
        }
        if let Some(start_ms) =
            self.current_ms.filter(|start| *start <= now_ms && start + SECOND_MS > from_ms)
        {
            see(start_ms + SECOND_MS / 2, Slot::Current(&self.current));
        }
    }
}

enum Slot<'a> {
    Frozen(&'a FrozenTally),
    Current(&'a Tally),
}

impl Slot<'_> {
    fn add_to(&self, tally: &mut Tally) {
        match self {
            Self::Frozen(frozen) => frozen.add_to(tally),
            Self::Current(current) => tally.merge(current),
        }
    }
}

fn summarise(tally: &Tally) -> Option<Summary> {
    let all = &tally.all;
    let [p50_us, p95_us, p99_us] = all.percentiles_us([50, 95, 99])?;
    Some(Summary { n: all.n(), failed: tally.failed.n(), p50_us, p95_us, p99_us, max_us: all.max_us()? })
}
