//! Mean and variance over a window, exact enough for a stream that never ends.
//!
//! The sums are taken of distances from an origin inside the window, so a large offset costs no digits. They are
//! made anew from the window once it has turned over, and at once when most of the spread has left it: otherwise the
//! rounding of a value long gone would outweigh what is left. Amortised O(1).

use super::atr::greater;
use super::guard::usable;
use super::ring::Ring;

/// When the squares fall below this share of their peak, rounding at the peak is no longer negligible.
pub(super) const SPENT: f64 = 1e-4;

/// What squares are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divisor {
    /// n: the variance of these values (ddof 0), as Bollinger bands take it.
    Population,
    /// n - 1: the unbiased estimate of where they came from (ddof 1). A single value has the variance 0.
    Sample,
}

/// Mean and variance of a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    squares: f64, // of the distances from the mean; at least 0
    count: f64,   // at least 1
}

impl Spread {
    /// The variance, at least 0.
    pub fn variance(&self, divisor: Divisor) -> f64 {
        match divisor {
            Divisor::Population => self.squares / self.count,
            Divisor::Sample => self.squares / (self.count - 1.0).max(1.0),
        }
    }

    /// The standard deviation, at least 0.
    pub fn deviation(&self, divisor: Divisor) -> f64 {
        self.variance(divisor).sqrt()
    }
}

/// Mean and variance of the last `period` values.
#[derive(Debug, Clone)]
pub struct RollingMoments {
    window: Ring<f64>,
    sums: Sums,
    turns: usize, // pushes since the sums were made, at most the period
}

impl RollingMoments {
    /// Makes a window of `period` values. A period of 0 is taken as 1.
    pub fn new(period: usize) -> Self {
        Self { window: Ring::new(period), sums: Sums::default(), turns: 0 }
    }

    /// Takes in the next value and gives the moments, `None` for the first `period - 1` values.
    #[inline(always)] // left to itself, the compiler passes the moments through memory
    pub fn push(&mut self, value: f64) -> Option<Spread> {
        if !usable(value) {
            return None;
        }
        if let Some(out) = self.window.push(value) {
            self.sums.remove(out);
        } else if self.window.len() == 1 {
            self.sums.origin = value;
        }
        self.sums.add(value);
        self.turns += 1;
        let spread = self.sums.spread(self.window.len());
        if self.turns < self.window.capacity() && spread.squares >= SPENT * self.sums.peak {
            return self.window.is_full().then_some(spread);
        }
        self.sum_anew(value)
    }

    #[cold]
    fn sum_anew(&mut self, newest: f64) -> Option<Spread> {
        self.sums = Sums::of(&self.window, newest);
        self.turns = 0;
        self.value()
    }

    /// The current moments, `None` until warm.
    pub fn value(&self) -> Option<Spread> {
        self.window.is_full().then(|| self.sums.spread(self.window.len()))
    }

    /// How many values pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.window.capacity() - 1
    }
}

/// Sums of the distances from an origin.
#[derive(Debug, Clone, Default)]
struct Sums {
    origin: f64,
    first: f64,
    second: f64,
    peak: f64, // the largest `second` since the sums were made
}

impl Sums {
    fn of(window: &Ring<f64>, newest: f64) -> Self {
        // Around the newest value first: the mean of the distances loses nothing to the offset.
        let lean = window.iter().map(|value| value - newest).sum::<f64>() / window.len() as f64;
        let mut sums = Self { origin: newest + lean, ..Self::default() };
        window.iter().for_each(|value| sums.add(value));
        sums
    }

    fn add(&mut self, value: f64) {
        let distance = value - self.origin;
        self.first += distance;
        self.second += distance * distance;
        self.peak = greater(self.peak, self.second);
    }

    fn remove(&mut self, value: f64) {
        let distance = value - self.origin;
        self.first -= distance;
        self.second -= distance * distance;
    }

    fn spread(&self, count: usize) -> Spread {
        let count = count as f64;
        let lean = self.first / count;
        let squares = (self.second - self.first * lean).max(0.0);
        Spread { mean: self.origin + lean, squares, count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divides_by_all_or_by_one_less() {
        let mut moments = RollingMoments::new(3);
        assert_eq!(moments.push(9.0), None);
        assert_eq!(moments.push(1.0), None);
        moments.push(2.0);
        let spread = moments.push(6.0).unwrap();
        assert_eq!(spread.mean, 3.0);
        assert_eq!(spread.variance(Divisor::Sample), 7.0);
        assert!((spread.variance(Divisor::Population) - 14.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn forgets_a_spike_the_moment_it_leaves() {
        let mut moments = RollingMoments::new(4);
        for value in [1e12, 0.1, 0.2, 0.3] {
            moments.push(value);
        }
        let spread = moments.push(0.4).unwrap();
        assert!((spread.mean - 0.25).abs() < 1e-15, "{spread:?}");
        assert!((spread.variance(Divisor::Population) - 0.0125).abs() < 1e-16, "{spread:?}");
    }

    #[test]
    fn finds_no_spread_in_equal_values() {
        let mut moments = RollingMoments::new(7);
        let last = [3.0, 100.0].into_iter().chain([0.1; 7]).map(|value| moments.push(value)).last().flatten();
        assert_eq!(last.map(|spread| spread.deviation(Divisor::Population)), Some(0.0));
    }
}
