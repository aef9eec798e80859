//! An equity curve of bounded size that keeps every extreme it can: each bucket holds its lowest and highest point.

use serde::Serialize;

use super::run::Run;
use crate::money::Micros;

/// One point of the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    /// Start of the bar in milliseconds since 1970.
    pub at_ms: i64,
    /// Equity at its close.
    pub equity_micros: Micros,
}

const NOWHERE: CurvePoint = CurvePoint { at_ms: 0, equity_micros: 0 };

#[derive(Debug, Clone, Copy)]
struct Bucket {
    low: CurvePoint,
    high: CurvePoint,
}

impl Bucket {
    fn merge(self, later: Self) -> Self {
        let low = if later.low.equity_micros < self.low.equity_micros { later.low } else { self.low };
        let high = if later.high.equity_micros > self.high.equity_micros { later.high } else { self.high };
        Self { low, high }
    }
}

/// The curve so far. When its buckets are used up, neighbours are merged and the buckets become twice as wide.
#[derive(Debug, Clone)]
pub struct Curve {
    buckets: Vec<Bucket>,
    capacity: usize, // even
    width: u64,      // instants in a bucket
    filled: u64,     // instants in the open bucket
    open: Bucket,    // says nothing while `filled` is 0
    first: Option<CurvePoint>,
    last: CurvePoint, // says nothing without a first
}

impl Curve {
    /// A curve of at most `points` points, and the first and last besides. 0 keeps nothing.
    pub fn new(points: usize) -> Self {
        let capacity = points / 4 * 2;
        let (open, last) = (Bucket { low: NOWHERE, high: NOWHERE }, NOWHERE);
        Self { buckets: Vec::new(), capacity, width: 1, filled: 0, open, first: None, last }
    }

    /// Adds the next point.
    #[inline]
    pub fn push(&mut self, at_ms: i64, equity_micros: Micros) {
        if self.capacity == 0 {
            return;
        }
        let point = CurvePoint { at_ms, equity_micros };
        if self.filled == 0 {
            self.open = Bucket { low: point, high: point };
        } else if equity_micros < self.open.low.equity_micros {
            self.open.low = point;
        } else if equity_micros > self.open.high.equity_micros {
            self.open.high = point;
        }
        self.last = point;
        self.filled += 1;
        if self.filled == self.width {
            self.close_bucket();
        }
    }

    /// Adds the points of a run: as if each were pushed.
    pub fn push_run(&mut self, run: &Run<'_>) {
        let Some((last, equity)) = run.last() else { return };
        let filled = self.filled + run.bars.len() as u64;
        if self.filled == 0 || filled >= self.width {
            run.points().for_each(|(bar, equity)| self.push(bar.at_ms, equity));
            return;
        }
        // All of it is in the open bucket: its points are looked for only if it has new extremes.
        let first_at = |equity_micros| {
            let found = run.points().find(|(_, equity)| *equity == equity_micros);
            CurvePoint { at_ms: found.map_or(last.at_ms, |(bar, _)| bar.at_ms), equity_micros }
        };
        if run.low < self.open.low.equity_micros {
            self.open.low = first_at(run.low);
        }
        if run.high > self.open.high.equity_micros {
            self.open.high = first_at(run.high);
        }
        self.last = CurvePoint { at_ms: last.at_ms, equity_micros: equity };
        self.filled = filled;
    }

    #[cold]
    fn close_bucket(&mut self) {
        // The first bucket holds one point, so that nothing is pushed without there being a first.
        self.first.get_or_insert(self.last);
        self.buckets.push(self.open);
        self.filled = 0;
        if self.buckets.len() == self.capacity {
            let pairs = self.buckets.chunks_exact(2).map(|pair| pair[0].merge(pair[1]));
            self.buckets = pairs.collect();
            self.width *= 2;
        }
    }

    /// The points in the order of time.
    pub fn points(&self) -> Vec<CurvePoint> {
        let mut points: Vec<CurvePoint> = self.first.into_iter().collect();
        let open = (self.filled > 0).then_some(&self.open);
        for bucket in self.buckets.iter().chain(open) {
            let (early, late) = if bucket.low.at_ms <= bucket.high.at_ms {
                (bucket.low, bucket.high)
            } else {
                (bucket.high, bucket.low)
            };
            points.extend([early, late]);
        }
        points.extend(self.first.map(|_| self.last));
        points.dedup();
        points
    }
}
