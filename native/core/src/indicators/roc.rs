//! Rate of change: how far the price has come in `period` bars.

use super::guard::usable;
use super::ring::Ring;

/// The rate of change of a stream of positive values, in percent.
#[derive(Debug, Clone)]
pub struct Roc {
    past: Ring<f64>,
    value: Option<f64>,
}

impl Roc {
    /// Makes a rate of change over `period` bars. A period of 0 is taken as 1.
    pub fn new(period: usize) -> Self {
        Self { past: Ring::new(period), value: None }
    }

    /// Takes in the next value and gives 100 x (value / value `period` bars ago - 1), `None` for the first `period`
    /// and where the past value was 0.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<f64> {
        if !usable(value) {
            return None;
        }
        let past = self.past.push(value)?;
        self.value = (past != 0.0).then(|| (value / past - 1.0) * 100.0);
        self.value
    }

    /// The current rate in percent, `None` until warm and where the past value was 0.
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// The values that it will be compared with, oldest first.
    pub(crate) fn past(&self) -> impl Iterator<Item = f64> + '_ {
        self.past.iter()
    }

    /// How many values pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.past.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_with_the_value_a_period_ago() {
        let mut roc = Roc::new(2);
        let rates: Vec<Option<f64>> = [4.0, 5.0, 6.0, 2.5].iter().map(|value| roc.push(*value)).collect();
        assert_eq!(rates, [None, None, Some(50.0), Some(-50.0)]);
    }
}
