//! Moving average convergence and divergence.

use super::average::{Average, Seed};
use super::guard::usable;

/// The three lines at one value, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MacdLines {
    /// The fast average less the slow one.
    pub line: f64,
    /// The average of the line.
    pub signal: f64,
    /// The line less its signal.
    pub histogram: f64,
}

/// The distance of a fast from a slow exponential average, and the average of that distance.
///
/// As in TA-Lib all averages start from a mean and both prices' averages start at the same value: the fast one does
/// not see the first `slow - fast` values.
#[derive(Debug, Clone)]
pub struct Macd {
    fast: Average,
    slow: Average,
    signal: Average,
    skip: usize, // values that the fast average has still to leave out
    warm_up: usize,
    lines: Option<MacdLines>,
}

impl Macd {
    /// Makes the lines for the given periods (0 is taken as 1); the longer of the first two is the slow one.
    pub fn new(fast: usize, slow: usize, signal: usize) -> Self {
        let (fast, slow) = (fast.min(slow).max(1), fast.max(slow).max(1));
        let average = |period| Average::exponential(period, Seed::Mean);
        Self {
            fast: average(fast),
            slow: average(slow),
            signal: average(signal),
            skip: slow - fast,
            warm_up: slow + signal.max(1) - 2,
            lines: None,
        }
    }

    /// Takes in the next value and gives the lines, `None` for the first `slow + signal - 2` values.
    pub fn push(&mut self, value: f64) -> Option<MacdLines> {
        if !usable(value) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
        } else {
            self.fast.push(value);
        }
        let line = self.slow.push(value).zip(self.fast.value()).map(|(slow, fast)| fast - slow)?;
        let signal = self.signal.push(line)?;
        self.lines = Some(MacdLines { line, signal, histogram: line - signal });
        self.lines
    }

    /// The current lines, `None` until warm.
    pub fn value(&self) -> Option<MacdLines> {
        self.lines
    }

    /// How many values pass before the first result: `slow + signal - 2`.
    pub fn warm_up(&self) -> usize {
        self.warm_up
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_both_averages_at_the_same_value() {
        // The fast mean is of 4 and 6, the slow one of all three; the next fast average is 5 + 2/3 x (9 - 5).
        let mut macd = Macd::new(2, 3, 1);
        assert_eq!(macd.warm_up(), 2);
        let lines: Vec<Option<f64>> =
            [2.0, 4.0, 6.0, 8.0].iter().map(|value| macd.push(*value).map(|lines| lines.line)).collect();
        assert_eq!(lines, [None, None, Some(1.0), Some(1.0)]);
        assert_eq!(macd.value().map(|lines| lines.histogram), Some(0.0));
    }
}
