//! The highest and the lowest of a window.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

use super::guard::usable;

/// The lowest and the highest of the last `period` pairs. Amortised O(1): every value enters and leaves a queue once.
#[derive(Debug, Clone)]
pub struct RollingExtremes {
    period: u64, // at least 1
    seen: u64,
    lows: VecDeque<(u64, f64)>,  // rising, the front is the lowest
    highs: VecDeque<(u64, f64)>, // falling, the front is the highest
}

impl RollingExtremes {
    /// Makes a window of `period` pairs. A period of 0 is taken as 1.
    pub fn new(period: usize) -> Self {
        Self { period: period.max(1) as u64, seen: 0, lows: VecDeque::new(), highs: VecDeque::new() }
    }

    /// Takes in the next low and high and gives the range of the window, `None` for the first `period - 1` pairs.
    pub fn push(&mut self, low: f64, high: f64) -> Option<RangeInclusive<f64>> {
        if !usable(low) || !usable(high) {
            return None;
        }
        enqueue(&mut self.lows, (self.seen, low), |last| last >= low);
        enqueue(&mut self.highs, (self.seen, high), |last| last <= high);
        self.seen += 1;
        let first = self.seen.saturating_sub(self.period);
        for queue in [&mut self.lows, &mut self.highs] {
            // At most one leaves with each that enters.
            if queue.front().is_some_and(|(at, _)| *at < first) {
                queue.pop_front();
            }
        }
        self.value()
    }

    /// The current range, `None` until warm.
    pub fn value(&self) -> Option<RangeInclusive<f64>> {
        if self.seen < self.period {
            return None;
        }
        Some(self.lows.front()?.1..=self.highs.front()?.1)
    }

    /// How many pairs pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.period as usize - 1
    }
}

/// Adds a value behind those that it does not outdo: the outdone can never become the extreme again.
fn enqueue(queue: &mut VecDeque<(u64, f64)>, entry: (u64, f64), outdone: impl Fn(f64) -> bool) {
    while queue.back().is_some_and(|(_, last)| outdone(*last)) {
        queue.pop_back();
    }
    queue.push_back(entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_an_extreme_when_it_leaves_the_window() {
        let mut extremes = RollingExtremes::new(2);
        let ranges: Vec<Option<RangeInclusive<f64>>> =
            [5.0, 1.0, 2.0, 3.0].iter().map(|value| extremes.push(*value, *value)).collect();
        assert_eq!(ranges, [None, Some(1.0..=5.0), Some(1.0..=2.0), Some(2.0..=3.0)]);
    }
}
