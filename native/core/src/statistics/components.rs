//! Principal components: the eigenvectors of a symmetric matrix by Jacobi's cyclic rotations.

use super::error::{StatisticsError, all_finite, at_least, same_length};
use super::moments::plain_mean;

/// Far more than it takes: convergence is quadratic, ten sweeps do for hundreds of rows.
const MOST_SWEEPS: usize = 60;
/// An entry off the diagonal below this share of the largest is as good as 0.
const NEGLIGIBLE: f64 = 1e-18;
/// Mirrored entries may differ by this share of the largest.
const MIRRORED: f64 = 1e-12;

/// Eigenvalues in falling order, each with its eigenvector of length 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    /// The eigenvalues, largest first.
    pub values: Vec<f64>,
    /// `vectors[i]` belongs to `values[i]`. Its largest part in size is positive; the first of equals decides.
    pub vectors: Vec<Vec<f64>>,
}

impl Components {
    /// How many components explain at least this share (0 to 1) of the sum of the eigenvalues.
    pub fn explaining(&self, share: f64) -> usize {
        let wanted = share * self.values.iter().sum::<f64>();
        let mut explained = 0.0;
        let enough = self.values.iter().position(|value| {
            explained += value;
            explained >= wanted
        });
        enough.map_or(self.values.len(), |last| last + 1)
    }
}

/// Finds the principal components of a symmetric matrix, given by rows.
pub fn principal_components(rows: &[Vec<f64>]) -> Result<Components, StatisticsError> {
    let mut matrix = symmetric(rows)?;
    let n = matrix.len();
    let negligible = NEGLIGIBLE * largest(rows);
    let mut vectors: Vec<Vec<f64>> = (0..n).map(|at| unit(n, at)).collect();
    for _ in 0..MOST_SWEEPS {
        if !sweep(&mut matrix, &mut vectors, negligible) {
            break;
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> =
        vectors.into_iter().enumerate().map(|(at, vector)| (matrix[at][at], signed(vector))).collect();
    pairs.sort_by(|left, right| right.0.total_cmp(&left.0));
    let (values, vectors) = pairs.into_iter().unzip();
    Ok(Components { values, vectors })
}

/// The matrix of Pearson's correlations of series of one length, none of them constant.
pub fn correlation_matrix(series: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, StatisticsError> {
    let scores = series.iter().map(|values| scores(values)).collect::<Result<Vec<_>, _>>()?;
    let entry = |left: usize, right: usize| -> Result<f64, StatisticsError> {
        same_length(&scores[left], &scores[right])?;
        let product: f64 = scores[left].iter().zip(&scores[right]).map(|(left, right)| left * right).sum();
        Ok(if left == right { 1.0 } else { product.clamp(-1.0, 1.0) })
    };
    (0..series.len()).map(|left| (0..series.len()).map(|right| entry(left, right)).collect()).collect()
}

/// The values around their mean, at length 1.
fn scores(values: &[f64]) -> Result<Vec<f64>, StatisticsError> {
    at_least(2, values.len())?;
    all_finite(values)?;
    let mean = plain_mean(values);
    let size = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>().sqrt();
    if size <= 0.0 {
        return Err(StatisticsError::Degenerate);
    }
    Ok(values.iter().map(|value| (value - mean) / size).collect())
}

/// A copy of the matrix, refused unless it is square, finite and equal to its mirror but for rounding.
fn symmetric(rows: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, StatisticsError> {
    let close = MIRRORED * largest(rows);
    for (at, row) in rows.iter().enumerate() {
        if row.len() != rows.len() {
            return Err(StatisticsError::NotSymmetric);
        }
        all_finite(row)?;
        if row
            .iter()
            .zip(rows)
            .any(|(value, mirrored)| mirrored.get(at).is_none_or(|other| (value - other).abs() > close))
        {
            return Err(StatisticsError::NotSymmetric);
        }
    }
    Ok(rows.to_vec())
}

/// Rotates every pair of axes once; false when nothing was left to do.
fn sweep(matrix: &mut [Vec<f64>], vectors: &mut [Vec<f64>], negligible: f64) -> bool {
    let mut rotated = false;
    for p in 0..matrix.len() {
        for q in p + 1..matrix.len() {
            if matrix[p][q].abs() > negligible {
                rotate(matrix, vectors, p, q);
                rotated = true;
            }
        }
    }
    rotated
}

/// Turns axes p and q so that the entry between them becomes 0.
fn rotate(matrix: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    let off = matrix[p][q];
    let slant = (matrix[q][q] - matrix[p][p]) / (2.0 * off);
    // The smaller of the two angles; a slant beyond f64 gives 0.
    let tangent =
        if slant.is_finite() { 1.0_f64.copysign(slant) / (slant.abs() + slant.hypot(1.0)) } else { 0.0 };
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    let turn = |left: f64, right: f64| (cosine * left - sine * right, sine * left + cosine * right);
    matrix[p][p] -= tangent * off;
    matrix[q][q] += tangent * off;
    (matrix[p][q], matrix[q][p]) = (0.0, 0.0);
    for at in (0..matrix.len()).filter(|at| *at != p && *at != q) {
        let (left, right) = turn(matrix[at][p], matrix[at][q]);
        (matrix[at][p], matrix[at][q]) = (left, right);
        (matrix[p][at], matrix[q][at]) = (left, right);
    }
    let (before, after) = vectors.split_at_mut(q);
    for (left, right) in before[p].iter_mut().zip(&mut after[0]) {
        (*left, *right) = turn(*left, *right);
    }
}

fn largest(rows: &[Vec<f64>]) -> f64 {
    rows.iter().flatten().fold(0.0, |largest, value| value.abs().max(largest))
}

fn unit(n: usize, at: usize) -> Vec<f64> {
    (0..n).map(|other| if other == at { 1.0 } else { 0.0 }).collect()
}

fn signed(mut vector: Vec<f64>) -> Vec<f64> {
    let largest =
        vector.iter().fold(0.0_f64, |largest, part| if part.abs() > largest.abs() { *part } else { largest });
    if largest < 0.0 {
        vector.iter_mut().for_each(|part| *part = -*part);
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_axes_of_a_small_matrix() {
        let found = principal_components(&[vec![2.0, 1.0], vec![1.0, 2.0]]).unwrap();
        assert!((found.values[0] - 3.0).abs() < 1e-15 && (found.values[1] - 1.0).abs() < 1e-15);
        let half = std::f64::consts::FRAC_1_SQRT_2;
        assert!((found.vectors[0][0] - half).abs() < 1e-15 && (found.vectors[0][1] - half).abs() < 1e-15);
        assert_eq!((found.explaining(0.7), found.explaining(0.8), found.explaining(0.0)), (1, 2, 1));
    }

    #[test]
    fn refuses_a_matrix_that_is_not_its_mirror() {
        for rows in [vec![vec![1.0, 2.0], vec![3.0, 1.0]], vec![vec![1.0, 2.0]], vec![vec![1.0], vec![2.0]]] {
            assert_eq!(principal_components(&rows), Err(StatisticsError::NotSymmetric));
        }
    }
}
