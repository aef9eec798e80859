//! Rate of change: how far the price has come in `period` bars.

use std::collections::VecDeque;

/// The rate of change of a stream of positive values, in percent.
#[derive(Debug, Clone)]
pub struct Roc {
    period: usize,
    past: VecDeque<f64>, // at most `period` values, oldest first
    value: Option<f64>,
}

impl Roc {
    /// Makes a rate of change over `period` bars. A period of 0 is taken as 1.
    pub fn new(period: usize) -> Self {
        let period = period.max(1);
        Self { period, past: VecDeque::with_capacity(period), value: None }
    }

    /// Takes in the next value and gives 100 x (value / value `period` bars ago - 1), `None` for the first `period`.
    pub fn push(&mut self, value: f64) -> Option<f64> {
        if self.past.len() == self.period {
            self.value = self.past.pop_front().map(|past| (value / past - 1.0) * 100.0);
        }
        self.past.push_back(value);
        self.value
    }

    /// The current rate in percent, `None` until warm.
    pub fn value(&self) -> Option<f64> {
        self.value
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
