//! Walk-forward: parameters are chosen on one stretch of data and judged on the next, which they have never seen.

use super::Panel;

/// One step: train on the bars from `train_from_ms` to `train_to_ms`, then test from `test_from_ms` to `test_to_ms`, all
/// inclusive starts of bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First bar of the training.
    pub train_from_ms: i64,
    /// Last bar of the training.
    pub train_to_ms: i64,
    /// First bar of the test: the one after.
    pub test_from_ms: i64,
    /// Last bar of the test.
    pub test_to_ms: i64,
}

/// Why data cannot be walked over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// A stretch that holds no next bar.
    #[error("train is {train} and test is {test} bars; both must be at least 2")]
    TooShort {
        /// Bars of training.
        train: usize,
        /// Bars of a test.
        test: usize,
    },
    /// The data is used up before the first test.
    #[error("the data has {bars} bars; training on {train} and testing on {test} needs {needed}")]
    TooFewBars {
        /// Bars there are.
        bars: usize,
        /// Bars of training.
        train: usize,
        /// Bars of a test.
        test: usize,
        /// Bars that one step needs.
        needed: usize,
    },
}

/// Cuts a panel into steps by the bars of its longest symbol. Tests follow each other without a gap; the last is
/// shorter if the data ends, and left out below 2 bars. `anchored` trains from the first bar each time.
///
/// # Errors
/// Stretches below 2 bars, or data that does not hold one step.
pub fn windows(panel: &Panel, train: usize, test: usize, anchored: bool) -> Result<Vec<Window>, WindowError> {
    if train < 2 || test < 2 {
        return Err(WindowError::TooShort { train, test });
    }
    let clock = panel.clock();
    let needed = train.saturating_add(test);
    if clock.len() < needed {
        return Err(WindowError::TooFewBars { bars: clock.len(), train, test, needed });
    }
    let starts = (train..clock.len() - 1).step_by(test);
    Ok(starts
        .map(|start| Window {
            train_from_ms: clock[if anchored { 0 } else { start - train }].at_ms,
            train_to_ms: clock[start - 1].at_ms,
            test_from_ms: clock[start].at_ms,
            test_to_ms: clock[(start + test).min(clock.len()) - 1].at_ms,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::Bar;

    fn panel(bars: i64) -> Panel {
        let bar =
            |at_ms| Bar { at_ms, open_ticks: 1, high_ticks: 1, low_ticks: 1, close_ticks: 1, volume: 0 };
        Panel::new(vec![("A".to_owned(), (0..bars).map(bar).collect())]).unwrap()
    }

    fn steps(bars: i64, anchored: bool) -> Vec<[i64; 4]> {
        let windows = windows(&panel(bars), 4, 3, anchored).unwrap();
        windows
            .iter()
            .map(|step| [step.train_from_ms, step.train_to_ms, step.test_from_ms, step.test_to_ms])
            .collect()
    }

    #[test]
    fn tests_each_bar_after_the_first_training_once() {
        assert_eq!(steps(12, false), [[0, 3, 4, 6], [3, 6, 7, 9], [6, 9, 10, 11]]);
        assert_eq!(steps(10, true), [[0, 3, 4, 6], [0, 6, 7, 9]]);
        assert_eq!(steps(11, false).len(), 2);
    }

    #[test]
    fn refuses_what_holds_no_step() {
        assert_eq!(windows(&panel(9), 1, 3, false), Err(WindowError::TooShort { train: 1, test: 3 }));
        let refused = windows(&panel(6), 4, 3, false).unwrap_err();
        assert_eq!(refused.to_string(), "the data has 6 bars; training on 4 and testing on 3 needs 7");
    }
}
