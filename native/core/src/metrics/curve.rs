//! An equity curve of bounded size that keeps every extreme it can: each bucket holds its lowest and highest point.

use serde::Serialize;

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
    open: Option<Bucket>,
    first: Option<CurvePoint>,
    last: Option<CurvePoint>,
}

impl Curve {
    /// A curve of at most `points` points, and the first and last besides. 0 keeps nothing.
    pub fn new(points: usize) -> Self {
        let capacity = points / 4 * 2;
        Self { buckets: Vec::new(), capacity, width: 1, filled: 0, open: None, first: None, last: None }
    }

    /// Adds the next point.
    #[inline]
    pub fn push(&mut self, at_ms: i64, equity_micros: Micros) {
        if self.capacity == 0 {
            return;
        }
        let point = CurvePoint { at_ms, equity_micros };
        match &mut self.open {
            Some(open) => {
                if equity_micros < open.low.equity_micros {
                    open.low = point;
                }
                if equity_micros > open.high.equity_micros {
                    open.high = point;
                }
            }
            None => self.open = Some(Bucket { low: point, high: point }),
        }
        self.last = Some(point);
        self.filled += 1;
        if self.filled == self.width {
            self.close_bucket();
        }
    }

    fn close_bucket(&mut self) {
        if self.first.is_none() {
            self.first = self.last;
        }
        self.buckets.extend(self.open.take());
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
        for bucket in self.buckets.iter().chain(&self.open) {
            let (early, late) = if bucket.low.at_ms <= bucket.high.at_ms {
                (bucket.low, bucket.high)
            } else {
                (bucket.high, bucket.low)
            };
            points.extend([early, late]);
        }
        points.extend(self.last);
        points.dedup();
        points
    }
}
