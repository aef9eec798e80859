//! A straight line by least squares, from the sums of the distances from the means: an offset costs no digits.

use super::error::{StatisticsError, all_finite, at_least, same_length};
use super::sums::sum;

/// Below this share of its squares an x is taken to be constant.
const CONSTANT: f64 = 1e-22;

/// The line through the means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub slope: f64,
    pub means: (f64, f64), // of x and y
}

impl Line {
    /// Fits y = intercept + slope x to at least 3 pairs. Refuses an x that does not vary.
    pub fn fit(x: &[f64], y: &[f64]) -> Result<Self, StatisticsError> {
        same_length(x, y)?;
        at_least(3, x.len())?;
        let count = x.len() as f64;
        // Around the first pair: the mean itself loses nothing to the offset either.
        let mean = |first: f64, values| first + sum([values], |[value]| value - first) / count;
        let means = (mean(x[0], x), mean(y[0], y));
        let squares = sum([x], |[x]| (x - means.0) * (x - means.0));
        let product = sum([x, y], |[x, y]| (x - means.0) * (y - means.1));
        // A value that is not finite leaves no sum finite.
        if !(squares.is_finite() && product.is_finite()) {
            all_finite(x)?;
            all_finite(y)?;
            return Err(StatisticsError::Degenerate);
        }
        if squares <= CONSTANT * (squares + count * means.0 * means.0) {
            return Err(StatisticsError::Degenerate);
        }
        Ok(Self { slope: product / squares, means })
    }

    pub fn intercept(&self) -> f64 {
        self.means.1 - self.slope * self.means.0
    }

    /// What the line leaves of y.
    pub fn residual(&self, x: f64, y: f64) -> f64 {
        (y - self.means.1) - self.slope * (x - self.means.0)
    }

    /// The sum of the squares of the residuals of these pairs.
    pub fn residual_squares(&self, x: &[f64], y: &[f64]) -> f64 {
        sum([x, y], |[x, y]| {
            let left = self.residual(x, y);
            left * left
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_as_worked_by_hand_however_far_from_zero() {
        for offset in [0.0, 1e9] {
            let x = [1.0, 2.0, 3.0, 4.0, 5.0].map(|x| x + offset);
            let y = [2.0, 4.0, 5.0, 4.0, 5.0].map(|y| y - offset);
            let line = Line::fit(&x, &y).unwrap();
            assert!((line.slope - 0.6).abs() < 1e-15, "{line:?}");
            assert!((line.residual_squares(&x, &y) - 2.4).abs() < 1e-14, "{line:?}");
            assert!((line.intercept() - (2.2 - 1.6 * offset)).abs() <= 1e-15 * offset + 1e-15, "{line:?}");
        }
    }

    #[test]
    fn refuses_what_has_no_slope() {
        assert_eq!(Line::fit(&[7.0; 9], &[1.0; 9]).err(), Some(StatisticsError::Degenerate));
        assert_eq!(Line::fit(&[1e200; 9], &[-1e200; 9]).err(), Some(StatisticsError::Degenerate));
        let refused = Line::fit(&[1.0, 2.0, 3.0], &[1.0, f64::NAN, 2.0]).err();
        assert_eq!(refused, Some(StatisticsError::NotFinite { at: 1 }));
        let refused = Line::fit(&[1.0, 2.0], &[1.0, 2.0]).err();
        assert_eq!(refused, Some(StatisticsError::TooFew { needed: 3, given: 2 }));
    }
}
