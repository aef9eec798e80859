//! One dense histogram. Pages are made when first hit: an operation touches three or four of the 23.

use super::buckets::{MAX_US, MIN_US, PAGE, PAGES, index_of, middle_us};

/// A histogram of durations in microseconds. Merging is exact, and therefore associative and commutative.
#[derive(Debug, Clone, Default)]
pub struct Histogram {
    pages: [Option<Box<[u64; PAGE]>>; PAGES],
    n: u64,
    max_us: u64, // exact; 0 while empty
}

impl Histogram {
    /// Counts one duration; what is outside 1 us to 1 h counts as the nearest of the two.
    pub fn record(&mut self, us: u64) {
        let us = us.clamp(MIN_US, MAX_US);
        self.add(index_of(us), 1);
        self.max_us = self.max_us.max(us);
    }

    /// Adds everything that `other` has counted.
    pub fn merge(&mut self, other: &Self) {
        for (index, count) in other.cells() {
            self.add(index, count);
        }
        self.raise_max(other.max_us);
    }

    /// How many durations were counted.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The longest duration in microseconds, exact. `None` while empty.
    pub fn max_us(&self) -> Option<u64> {
        (self.n > 0).then_some(self.max_us)
    }

    /// The nearest-rank percentiles in microseconds, each within 0.05 % and never above the maximum. `percents`
    /// rise and are 1 to 100. `None` while empty.
    pub fn percentiles_us<const K: usize>(&self, percents: [u64; K]) -> Option<[u64; K]> {
        let mut cells = self.cells();
        let (mut index, mut seen) = cells.next()?;
        Some(percents.map(|percent| {
            let rank = (self.n * percent).div_ceil(100);
            while seen < rank {
                let Some((next, count)) = cells.next() else { break };
                (index, seen) = (next, seen + count);
            }
            middle_us(index).min(self.max_us)
        }))
    }

    /// How many durations are at most `us`, which counts with its whole bucket: up to 0.1 % more than `us`.
    pub fn count_through(&self, us: u64) -> u64 {
        let last = index_of(us);
        self.cells().take_while(|(index, _)| *index <= last).map(|(_, count)| count).sum()
    }

    /// Forgets all durations and keeps the memory.
    pub fn clear(&mut self) {
        for page in self.pages.iter_mut().flatten() {
            page.fill(0);
        }
        self.n = 0;
        self.max_us = 0;
    }

    /// Every bucket that counted something, shortest first.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, u64)> + '_ {
        let made = self.pages.iter().enumerate().filter_map(|(at, page)| Some((at * PAGE, page.as_ref()?)));
        let counts = made.flat_map(|(first, page)| (first..).zip(page.iter().copied()));
        counts.filter(|(_, count)| *count > 0)
    }

    /// Adds `count` durations of one bucket; the caller raises the maximum.
    pub(super) fn add(&mut self, index: usize, count: u64) {
        let page = self.pages[index / PAGE].get_or_insert_with(|| Box::new([0; PAGE]));
        page[index % PAGE] += count;
        self.n += count;
    }

    /// Takes in the maximum of durations that were added by bucket.
    pub(super) fn raise_max(&mut self, max_us: u64) {
        self.max_us = self.max_us.max(max_us);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filled(durations: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        durations.iter().for_each(|us| histogram.record(*us));
        histogram
    }

    fn merged(parts: &[&Histogram]) -> Histogram {
        let mut whole = Histogram::default();
        parts.iter().for_each(|part| whole.merge(part));
        whole
    }

    fn content(histogram: &Histogram) -> (Vec<(usize, u64)>, u64, Option<u64>) {
        (histogram.cells().collect(), histogram.n(), histogram.max_us())
    }

    /// Durations as operations have them: any magnitude from a microsecond to an hour.
    fn durations() -> impl Strategy<Value = Vec<u64>> {
        prop::collection::vec((0.0..31.7_f64).prop_map(|power| power.exp2() as u64), 1..300)
    }

    #[test]
    fn has_no_percentiles_while_empty_and_none_left_after_clearing() {
        let mut histogram = filled(&[5, 7_000]);
        histogram.clear();
        assert_eq!(content(&histogram), content(&Histogram::default()));
        assert_eq!((histogram.percentiles_us([50]), histogram.max_us()), (None, None));
    }

    #[test]
    fn takes_the_nearest_rank_and_not_a_mean_of_neighbours() {
        let histogram = filled(&(1..=20).collect::<Vec<u64>>());
        assert_eq!(histogram.percentiles_us([1, 50, 95, 96, 100]), Some([1, 10, 19, 20, 20]));
    }

    proptest! {
        #[test]
        fn percentiles_are_within_a_thousandth_of_the_sorted_sample(mut sample in durations(), percent in 1_u64..=100) {
            let histogram = filled(&sample);
            sample.sort_unstable();
            let rank = (sample.len() * percent as usize).div_ceil(100);
            let exact = sample[rank - 1].clamp(MIN_US, MAX_US) as f64;
            let [measured] = histogram.percentiles_us([percent]).unwrap().map(|us| us as f64);
            prop_assert!((measured - exact).abs() <= exact * 0.001, "{measured} for {exact}");
        }

        #[test]
        fn percentiles_rise_and_end_at_the_maximum(sample in durations()) {
            let histogram = filled(&sample);
            let [p50, p95, p99] = histogram.percentiles_us([50, 95, 99]).unwrap();
            let max = sample.iter().max().map(|us| (*us).clamp(MIN_US, MAX_US));
            prop_assert_eq!(histogram.max_us(), max);
            prop_assert!([p50, p95, p99, max.unwrap()].is_sorted());
        }

        #[test]
        fn merging_loses_nothing_in_whatever_order(a in durations(), b in durations(), c in durations()) {
            let whole = filled(&[a.as_slice(), &b, &c].concat());
            let (a, b, c) = (filled(&a), filled(&b), filled(&c));
            prop_assert_eq!(content(&merged(&[&a, &b, &c])), content(&whole));
            prop_assert_eq!(content(&merged(&[&c, &a, &b])), content(&whole));
            prop_assert_eq!(content(&merged(&[&a, &merged(&[&b, &c])])), content(&whole));
        }

        #[test]
        fn counts_what_is_within_a_target_up_to_its_bucket(sample in durations(), target in 1_u64..MAX_US) {
            let within = filled(&sample).count_through(target);
            let at_most = |limit: f64| sample.iter().filter(|us| **us as f64 <= limit).count() as u64;
            prop_assert!(at_most(target as f64) <= within && within <= at_most(target as f64 * 1.001));
        }
    }
}
