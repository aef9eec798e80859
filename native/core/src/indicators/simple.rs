//! Simple moving average.

use super::moments::RollingMoments;

/// The mean of the last `period` values.
#[derive(Debug, Clone)]
pub struct Sma(RollingMoments);

impl Sma {
    /// Makes an average over `period` values. A period of 0 is taken as 1.
    pub fn new(period: usize) -> Self {
        Self(RollingMoments::new(period))
    }

    /// Takes in the next value and gives the mean, `None` for the first `period - 1` values.
    pub fn push(&mut self, value: f64) -> Option<f64> {
        self.0.push(value).map(|spread| spread.mean)
    }

    /// The current mean, `None` until warm.
    pub fn value(&self) -> Option<f64> {
        self.0.value().map(|spread| spread.mean)
    }

    /// How many values pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.0.warm_up()
    }
}
