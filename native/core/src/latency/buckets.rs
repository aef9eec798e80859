//! The HdrHistogram scheme: buckets of equal width inside a power of two, twice as wide in the next one.

/// The shortest duration told apart, in microseconds; shorter ones count as this.
pub const MIN_US: u64 = 1;
/// The longest duration told apart, in microseconds: one hour. Longer ones count as this.
pub const MAX_US: u64 = 3_600_000_000;

/// Buckets in a power of two. A bucket is at most 1/1024 of its lower end wide, so its middle is within 0.05 %.
pub const PAGE: usize = 1 << PAGE_BITS;
const PAGE_BITS: u32 = 10;
/// Pages that [`MIN_US`] to [`MAX_US`] need; the first holds 0 to 1023, the second 1024 to 2047, both exactly.
pub const PAGES: usize = 23;

/// Gives the bucket of a duration.
pub fn index_of(us: u64) -> usize {
    let us = us.clamp(MIN_US, MAX_US);
    let shift = us.ilog2().saturating_sub(PAGE_BITS);
    ((shift as usize) << PAGE_BITS) + (us >> shift) as usize
}

/// Gives the duration in the middle of a bucket, in microseconds.
pub fn middle_us(index: usize) -> u64 {
    let shift = (index >> PAGE_BITS).saturating_sub(1);
    let low = ((index - (shift << PAGE_BITS)) as u64) << shift;
    low + ((1_u64 << shift) - 1) / 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn covers_the_range_with_the_pages_it_names() {
        assert_eq!(index_of(0), 1);
        assert_eq!(index_of(MAX_US) / PAGE, PAGES - 1);
        assert_eq!(index_of(u64::MAX), index_of(MAX_US));
    }

    #[test]
    fn leaves_no_gap_and_no_overlap() {
        let mut last = index_of(MIN_US);
        for us in 2..100_000 {
            let index = index_of(us);
            assert!(index == last || index == last + 1, "at {us}");
            last = index;
        }
    }

    proptest! {
        #[test]
        fn stands_for_its_durations_within_a_twentieth_of_a_percent(us in MIN_US..=MAX_US) {
            let error = middle_us(index_of(us)).abs_diff(us) as f64 / us as f64;
            prop_assert!(error <= 0.0005, "{error}");
        }
    }
}
