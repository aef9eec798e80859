//! What is kept of a slot of time that is over: only the buckets that counted something.

use std::cmp::Ordering;

use super::buckets::{MAX_US, MIN_US, index_of};
use super::histogram::Histogram;

/// A sparse histogram, sorted by bucket.
#[derive(Debug, Clone, Default)]
struct Frozen {
    cells: Vec<(u16, u64)>, // bucket and count, by bucket; counts are positive
    max_us: u64,
}

impl Frozen {
    fn of(histogram: &Histogram) -> Self {
        // Exact: there are fewer than 2^16 buckets.
        let cells = histogram.cells().map(|(index, count)| (index as u16, count)).collect();
        Self { cells, max_us: histogram.max_us().unwrap_or(0) }
    }

    fn one(us: u64) -> Self {
        let us = us.clamp(MIN_US, MAX_US);
        Self { cells: vec![(index_of(us) as u16, 1)], max_us: us }
    }

    /// Merges two sorted lists; one side may be a day's worth, so nothing is inserted in the middle.
    fn absorb(&mut self, other: &Self) {
        let mut merged = Vec::with_capacity(self.cells.len() + other.cells.len());
        let (mut ours, mut theirs) = (self.cells.iter().peekable(), other.cells.iter().peekable());
        while let (Some(our), Some(their)) = (ours.peek(), theirs.peek()) {
            match our.0.cmp(&their.0) {
                Ordering::Less => merged.extend(ours.next()),
                Ordering::Greater => merged.extend(theirs.next()),
                Ordering::Equal => {
                    merged.push((our.0, our.1 + their.1));
                    ours.next();
                    theirs.next();
                }
            }
        }
        merged.extend(ours.chain(theirs));
        merged.shrink_to_fit();
        self.cells = merged;
        self.max_us = self.max_us.max(other.max_us);
    }

    fn add_to(&self, histogram: &mut Histogram) {
        for (index, count) in &self.cells {
            histogram.add(usize::from(*index), *count);
        }
        histogram.raise_max(self.max_us);
    }
}

/// All durations of a stretch of time, and the failed ones among them.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub all: Histogram,
    pub failed: Histogram,
}

impl Tally {
    pub fn record(&mut self, us: u64, failed: bool) {
        self.all.record(us);
        if failed {
            self.failed.record(us);
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.failed.merge(&other.failed);
    }

    pub fn clear(&mut self) {
        self.all.clear();
        self.failed.clear();
    }
}

/// A tally at rest.
#[derive(Debug, Clone, Default)]
pub struct FrozenTally {
    all: Frozen,
    failed: Frozen,
}

impl FrozenTally {
    pub fn of(tally: &Tally) -> Self {
        Self { all: Frozen::of(&tally.all), failed: Frozen::of(&tally.failed) }
    }

    pub fn one(us: u64, failed: bool) -> Self {
        let failed = if failed { Frozen::one(us) } else { Frozen::default() };
        Self { all: Frozen::one(us), failed }
    }

    pub fn absorb(&mut self, other: &Self) {
        self.all.absorb(&other.all);
        self.failed.absorb(&other.failed);
    }

    pub fn add_to(&self, tally: &mut Tally) {
        self.all.add_to(&mut tally.all);
        self.failed.add_to(&mut tally.failed);
    }
}
