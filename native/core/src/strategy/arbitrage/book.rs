//! From scores to sides, and from sides to a hedged book.

use super::factors::Residual;

/// Bounds on the score, in deviations.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub open: f64,
    pub close_long: f64,
    pub close_short: f64,
}

impl Bounds {
    /// The side after a score: 1, -1 or 0. No score leaves the position.
    pub fn side(&self, before: f64, score: Option<f64>) -> f64 {
        match score {
            None => 0.0,
            Some(score) if before > 0.0 && score < -self.close_long => before,
            Some(score) if before < 0.0 && score > self.close_short => before,
            Some(score) if score < -self.open => 1.0,
            Some(score) if score > self.open => -1.0,
            Some(_) => 0.0,
        }
    }
}

/// A dollar of each symbol on its side less its hedge, scaled so that the largest is at most 1.
pub fn book(sides: &[f64], found: &[Residual]) -> Vec<f64> {
    let mut weights = sides.to_vec();
    for (side, residual) in sides.iter().zip(found) {
        for (weight, hedge) in weights.iter_mut().zip(&residual.hedge) {
            *weight -= side * hedge;
        }
    }
    let largest = weights.iter().fold(1.0_f64, |largest, weight| largest.max(weight.abs()));
    weights.iter().map(|weight| weight / largest).collect()
}
