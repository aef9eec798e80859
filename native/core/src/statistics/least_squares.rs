//! Ordinary least squares by Householder's QR, for a handful of regressors.

use super::error::{StatisticsError, all_finite, at_least, same_length};

/// Below this share of its length a column is taken to be a combination of those before it.
const INDEPENDENT: f64 = 1e-11;

/// A linear fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// One per regressor, in their order.
    pub coefficients: Vec<f64>,
    /// Of the coefficients, from the residual variance with n - k degrees of freedom.
    pub standard_errors: Vec<f64>,
    /// The residuals' sum of squares.
    pub residual_squares: f64,
    /// Values fitted.
    pub count: usize,
}

impl Fit {
    /// Akaike's criterion under normal residuals: -2 x log-likelihood + 2 x k. Lower is better.
    pub fn akaike(&self) -> f64 {
        let count = self.count as f64;
        let deviance = (2.0 * std::f64::consts::PI * self.residual_squares / count).ln() + 1.0;
        count * deviance + 2.0 * self.coefficients.len() as f64
    }

    /// What is left of `y` after the fit; `columns` and `y` must be those fitted.
    pub fn residuals(&self, columns: &[Vec<f64>], y: &[f64]) -> Vec<f64> {
        let fitted = |at: usize| -> f64 {
            self.coefficients.iter().zip(columns).map(|(slope, column)| slope * column[at]).sum()
        };
        y.iter().enumerate().map(|(at, value)| value - fitted(at)).collect()
    }
}

/// Fits `y` by the columns (add one of 1s for a constant). There must be more values than columns, and the columns
/// must be independent.
pub fn least_squares(columns: &[Vec<f64>], y: &[f64]) -> Result<Fit, StatisticsError> {
    at_least(columns.len() + 1, y.len())?;
    all_finite(y)?;
    for column in columns {
        same_length(column, y)?;
        all_finite(column)?;
    }
    let (mut work, mut right) = (columns.to_vec(), y.to_vec());
    for (at, column) in columns.iter().enumerate() {
        reflect(&mut work, &mut right, at, norm(column))?;
    }
    let k = work.len();
    let residual_squares = right[k..].iter().map(|value| value * value).sum::<f64>();
    let inverse = invert_upper(&work);
    // The coefficients are R^-1 Q'y, their variances the squared lengths of the rows of R^-1.
    let row = |at: usize| (at..k).map(|to| inverse[to][at]).collect::<Vec<f64>>();
    let coefficients = (0..k).map(|at| dot(&row(at), &right[at..k])).collect();
    let variance = residual_squares / (y.len() - k) as f64;
    let standard_errors = (0..k).map(|at| norm(&row(at)) * variance.sqrt()).collect();
    Ok(Fit { coefficients, standard_errors, residual_squares, count: y.len() })
}

/// Mirrors everything so that the column has nothing below the diagonal; `length` is the column's before all mirrors.
fn reflect(work: &mut [Vec<f64>], right: &mut [f64], at: usize, length: f64) -> Result<(), StatisticsError> {
    let mut mirror = work[at][at..].to_vec();
    let left = norm(&mirror);
    if left <= INDEPENDENT * length {
        return Err(StatisticsError::Degenerate);
    }
    let corner = -left.copysign(mirror[0]);
    mirror[0] -= corner;
    let squares = dot(&mirror, &mirror);
    let apply = |values: &mut [f64]| {
        let share = 2.0 * dot(&mirror, values) / squares;
        values.iter_mut().zip(&mirror).for_each(|(value, part)| *value -= share * part);
    };
    work[at + 1..].iter_mut().for_each(|column| apply(&mut column[at..]));
    apply(&mut right[at..]);
    work[at][at] = corner;
    Ok(())
}

/// The inverse of the upper triangle, by columns; below the diagonal 0.
fn invert_upper(upper: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let k = upper.len();
    let mut inverse = vec![vec![0.0; k]; k];
    for (to, column) in inverse.iter_mut().enumerate() {
        column[to] = 1.0 / upper[to][to];
        for at in (0..to).rev() {
            let sum: f64 = (at + 1..=to).map(|inner| upper[inner][at] * column[inner]).sum();
            column[at] = -sum / upper[at][at];
        }
    }
    inverse
}

/// Four sums side by side: one sum waits for each addition before the next.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    let ((left, left_rest), (right, right_rest)) = (left.as_chunks::<4>(), right.as_chunks::<4>());
    let mut sums = [0.0; 4];
    for (left, right) in left.iter().zip(right) {
        for (sum, (left, right)) in sums.iter_mut().zip(left.iter().zip(right)) {
            *sum += left * right;
        }
    }
    let rest = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum::<f64>();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

fn norm(values: &[f64]) -> f64 {
    dot(values, values).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_a_line_with_its_errors() {
        // Worked by hand: slope 6/10, residuals +-; see any textbook's simple regression.
        let columns = vec![vec![1.0; 5], vec![1.0, 2.0, 3.0, 4.0, 5.0]];
        let fit = least_squares(&columns, &[2.0, 4.0, 5.0, 4.0, 5.0]).unwrap();
        let near = |value: f64, wanted: f64| assert!((value - wanted).abs() < 1e-12, "{value} {wanted}");
        near(fit.coefficients[0], 2.2);
        near(fit.coefficients[1], 0.6);
        near(fit.residual_squares, 2.4);
        near(fit.standard_errors[1], (0.8_f64 / 10.0).sqrt());
        near(fit.standard_errors[0], (0.8 * (0.2 + 9.0 / 10.0_f64)).sqrt());
        near(fit.residuals(&columns, &[2.0, 4.0, 5.0, 4.0, 5.0])[0], -0.8);
    }

    #[test]
    fn refuses_columns_that_depend_on_each_other() {
        let columns = vec![vec![1.0; 4], vec![2.0; 4]];
        assert_eq!(least_squares(&columns, &[1.0, 2.0, 3.0, 5.0]), Err(StatisticsError::Degenerate));
        assert_eq!(least_squares(&[vec![0.0; 3]], &[1.0, 2.0, 3.0]), Err(StatisticsError::Degenerate));
    }
}
