//! Exponential averages: the ordinary EMA and Wilder's, which differ only in their weight.

use super::guard::usable;

/// What the average starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seed {
    /// The mean of the first `period` values: the textbook's and TA-Lib's default.
    Mean,
    /// The first value, as in Metastock. The result is still withheld until `period` values were seen.
    First,
    /// The mean of a 0 and the first `period - 1` values; the next one already weighs as all later ones. So TA-Lib
    /// starts the sums of its directional index.
    Zero,
}

/// An exponential average of a stream.
#[derive(Debug, Clone)]
pub struct Average {
    period: usize, // at least 1
    weight: f64,   // of a new value, in (0, 1]
    seed: Seed,
    seen: usize, // stops counting at `period`
    value: f64,
}

impl Average {
    /// Makes an EMA over `period` values, weight 2 / (period + 1). A period of 0 is taken as 1.
    pub fn exponential(period: usize, seed: Seed) -> Self {
        let period = period.max(1);
        Self { period, weight: 2.0 / (period as f64 + 1.0), seed, seen: 0, value: 0.0 }
    }

    /// Makes Wilder's average over `period` values, weight 1 / period, seeded with their mean.
    pub fn wilder(period: usize) -> Self {
        Self::wilder_from(period, Seed::Mean)
    }

    /// As [`Self::wilder`], with another seed.
    pub(super) fn wilder_from(period: usize, seed: Seed) -> Self {
        let period = period.max(1);
        Self { period, weight: 1.0 / period as f64, seed, seen: 0, value: 0.0 }
    }

    /// Takes in the next value and gives the average, `None` for the first `period - 1` values.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<f64> {
        if usable(value) { self.take(value) } else { None }
    }

    /// As [`Self::push`], for a value that is known to be usable.
    #[inline]
    pub(super) fn take(&mut self, value: f64) -> Option<f64> {
        if self.seen < self.period {
            return self.start(value);
        }
        self.value += self.weight * (value - self.value);
        Some(self.value)
    }

    #[cold]
    fn start(&mut self, value: f64) -> Option<f64> {
        let weight = match (self.seed, self.seen) {
            (Seed::Zero, seen) if seen + 1 < self.period => 1.0 / (seen as f64 + 2.0),
            (Seed::Zero, _) => self.weight,
            (_, 0) => 1.0,
            // A running mean: the k-th value weighs 1 / k.
            (Seed::Mean, seen) => 1.0 / (seen as f64 + 1.0),
            (Seed::First, _) => self.weight,
        };
        self.value += weight * (value - self.value);
        self.seen += 1;
        self.value()
    }

    /// The current average, `None` until warm.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        (self.seen == self.period).then_some(self.value)
    }

    /// How many values pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.period - 1
    }

    /// The weight of a new value once warm.
    pub(crate) fn weight(&self) -> f64 {
        self.weight
    }

    /// The average of what was seen, warm or not; 0 before the first value.
    pub(super) fn so_far(&self) -> f64 {
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(mut average: Average, values: &[f64]) -> Vec<Option<f64>> {
        values.iter().map(|value| average.push(*value)).collect()
    }

    #[test]
    fn starts_from_the_mean_of_the_first_period() {
        let averages = run(Average::exponential(3, Seed::Mean), &[1.0, 2.0, 6.0, 5.0]);
        assert_eq!(averages, [None, None, Some(3.0), Some(4.0)]);
    }

    #[test]
    fn starts_from_the_first_value_when_told_to() {
        let averages = run(Average::exponential(3, Seed::First), &[1.0, 2.0, 6.0]);
        assert_eq!(averages, [None, None, Some(3.75)]);
    }

    #[test]
    fn starts_from_a_zero_and_one_value_fewer_when_told_to() {
        // (0 + 2 + 4) / 3 = 2, then a third of the way from there to 8.
        let averages = run(Average::wilder_from(3, Seed::Zero), &[2.0, 4.0, 8.0]);
        assert_eq!(averages, [None, None, Some(4.0)]);
        assert_eq!(run(Average::wilder_from(1, Seed::Zero), &[7.0, 3.0]), [Some(7.0), Some(3.0)]);
    }

    #[test]
    fn weighs_a_new_value_by_one_over_the_period_in_wilders_form() {
        assert_eq!(run(Average::wilder(2), &[2.0, 4.0, 7.0]), [None, Some(3.0), Some(5.0)]);
    }

    #[test]
    fn follows_every_value_with_a_period_of_one_or_none() {
        assert_eq!(run(Average::exponential(0, Seed::Mean), &[4.0, 9.0]), [Some(4.0), Some(9.0)]);
    }
}
