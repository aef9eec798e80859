//! Linearly weighted moving average.

use super::guard::usable;
use super::moments::SPENT;
use super::ring::Ring;

/// The weighted mean of the last `period` values: the newest weighs `period`, the oldest 1.
#[derive(Debug, Clone)]
pub struct Wma {
    window: Ring<f64>,
    sums: Sums,
    turns: usize, // pushes since the sums were made, at most the period
}

/// Sums of the distances from an origin; see `moments` for when they are made anew.
#[derive(Debug, Clone, Default)]
struct Sums {
    origin: f64,
    plain: f64,
    weighted: f64,
    sizes: f64,
    peak: f64, // the largest `sizes` since the sums were made
}

impl Wma {
    /// Makes an average over `period` values. A period of 0 is taken as 1.
    pub fn new(period: usize) -> Self {
        Self { window: Ring::new(period), sums: Sums::default(), turns: 0 }
    }

    /// Takes in the next value and gives the average, `None` for the first `period - 1` values.
    pub fn push(&mut self, value: f64) -> Option<f64> {
        if !usable(value) {
            return None;
        }
        let out = self.window.push(value);
        if out.is_none() && self.window.len() == 1 {
            self.sums.origin = value;
        }
        self.sums.shift(value, out, self.window.len());
        self.turns += 1;
        if self.turns >= self.window.capacity() || self.sums.sizes < SPENT * self.sums.peak {
            self.sums = Sums::of(&self.window);
            self.turns = 0;
        }
        self.value()
    }

    /// The current average, `None` until warm.
    pub fn value(&self) -> Option<f64> {
        let count = self.window.len() as f64;
        let weights = count * (count + 1.0) / 2.0;
        self.window.is_full().then(|| self.sums.origin + self.sums.weighted / weights)
    }

    /// How many values pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.window.capacity() - 1
    }
}

impl Sums {
    fn of(window: &Ring<f64>) -> Self {
        let mut sums = Self { origin: window.iter().last().unwrap_or(0.0), ..Self::default() };
        for (at, value) in window.iter().enumerate() {
            sums.shift(value, None, at + 1);
        }
        sums
    }

    /// Adds a value as the newest of `count`; when one falls out, every older one loses one weight.
    fn shift(&mut self, value: f64, out: Option<f64>, count: usize) {
        let distance = value - self.origin;
        if let Some(out) = out {
            let gone = out - self.origin;
            self.weighted -= self.plain;
            self.plain -= gone;
            self.sizes -= gone.abs();
        }
        self.weighted += count as f64 * distance;
        self.plain += distance;
        self.sizes += distance.abs();
        self.peak = self.peak.max(self.sizes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighs_the_newest_most() {
        let mut average = Wma::new(3);
        let averages: Vec<Option<f64>> =
            [9.0, 6.0, 3.0, 12.0].iter().map(|value| average.push(*value)).collect();
        assert_eq!(averages, [None, None, Some(5.0), Some(8.0)]);
    }
}
