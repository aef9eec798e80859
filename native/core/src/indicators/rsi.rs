//! Relative strength index, Wilder's form.

use super::average::Average;
use super::guard::usable;

/// When the index speaks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RsiStart {
    /// After `period` changes, as Wilder defined it and TA-Lib does by default.
    Wilder,
    /// One value sooner, from `period - 1` changes; the same from there on. As in Metastock.
    Metastock,
}

/// The relative strength index, 0 to 100: the share of the rises in all that the price moved.
#[derive(Debug, Clone)]
pub struct Rsi {
    previous: Option<f64>,
    rises: Average,
    falls: Average,
    missing: usize, // values before the first result
    warm_up: usize,
}

impl Rsi {
    /// Makes an index over `period` changes. A period of 0 is taken as 1.
    pub fn new(period: usize, start: RsiStart) -> Self {
        let period = period.max(1);
        let warm_up = match start {
            RsiStart::Wilder => period,
            RsiStart::Metastock => period - 1,
        };
        let average = Average::wilder(period);
        Self { previous: None, rises: average.clone(), falls: average, missing: warm_up + 1, warm_up }
    }

    /// Takes in the next value and gives the index, `None` until `warm_up` values have passed.
    pub fn push(&mut self, value: f64) -> Option<f64> {
        if !usable(value) {
            return None;
        }
        if let Some(before) = self.previous.replace(value) {
            let change = value - before;
            self.rises.push(change.max(0.0));
            self.falls.push((-change).max(0.0));
        }
        self.missing = self.missing.saturating_sub(1);
        self.value()
    }

    /// The current index, `None` until warm. 50 when nothing moved: neither side has won. TA-Lib gives 0 there.
    pub fn value(&self) -> Option<f64> {
        if self.missing > 0 {
            return None;
        }
        let (rises, falls) = (self.rises.so_far(), self.falls.so_far());
        let moved = rises + falls;
        Some(if moved == 0.0 { 50.0 } else { 100.0 * rises / moved })
    }

    /// How many values pass before the first result: `period`, one less as in Metastock.
    pub fn warm_up(&self) -> usize {
        self.warm_up
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(start: RsiStart) -> Vec<Option<f64>> {
        let mut rsi = Rsi::new(2, start);
        [4.0, 6.0, 5.0, 5.0].iter().map(|value| rsi.push(*value)).collect()
    }

    #[test]
    fn is_the_share_of_the_rises() {
        let third = 200.0 / 3.0;
        assert_eq!(run(RsiStart::Wilder), [None, None, Some(third), Some(third)]);
    }

    #[test]
    fn starts_one_value_sooner_as_in_metastock() {
        let third = 200.0 / 3.0;
        assert_eq!(run(RsiStart::Metastock), [None, Some(100.0), Some(third), Some(third)]);
    }

    #[test]
    fn stays_in_the_middle_while_nothing_moves() {
        let mut rsi = Rsi::new(1, RsiStart::Wilder);
        assert_eq!([rsi.push(3.0), rsi.push(3.0)], [None, Some(50.0)]);
    }
}
