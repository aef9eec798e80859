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

    /// Adds the next points.
    pub fn push_all(&mut self, points: &[CurvePoint]) {
        let mut rest = points;
        while self.capacity > 0 && !rest.is_empty() {
            let room = usize::try_from(self.width - self.filled).unwrap_or(usize::MAX);
            let (now, later) = rest.split_at(room.min(rest.len()));
            self.fill(now);
            rest = later;
        }
    }

    /// Adds points that all fall into the open bucket; at least one.
    fn fill(&mut self, points: &[CurvePoint]) {
        let [first, ..] = *points else { return };
        if self.filled == 0 {
            self.open = Bucket { low: first, high: first };
        }
        // Where an extreme is gets looked for only if there is a new one.
        let first_at = |equity| points.iter().find(|point| point.equity_micros == equity).copied();
        let (low, high) = extremes(points);
        if low < self.open.low.equity_micros {
            self.open.low = first_at(low).unwrap_or(first);
        }
        if high > self.open.high.equity_micros {
            self.open.high = first_at(high).unwrap_or(first);
        }
        self.last = points.last().copied().unwrap_or(first);
        self.filled += points.len() as u64;
        if self.filled == self.width {
            self.close_bucket();
        }
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

/// The lowest and the highest equity.
pub(super) fn extremes(points: &[CurvePoint]) -> (Micros, Micros) {
    let all = points.iter().map(|point| point.equity_micros);
    all.fold((Micros::MAX, Micros::MIN), |(low, high), equity| (low.min(equity), high.max(equity)))
}
