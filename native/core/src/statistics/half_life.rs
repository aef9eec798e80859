//! How fast a series returns to its mean, as a discretely seen Ornstein-Uhlenbeck process.

use super::error::{StatisticsError, at_least};
use super::line::Line;

/// A mean-reverting process y[t+1] = level + kept x (y[t] - level) + shock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reversion {
    /// Steps in which the expected distance halves: -ln 2 / ln(kept), exactly.
    pub half_life: f64,
    /// The share of the distance that a step keeps, between 0 and 1.
    pub kept: f64,
    /// The mean it returns to.
    pub level: f64,
    /// The standard deviation of the process around the level, in the long run.
    pub deviation: f64,
}

/// Fits the process by least squares to at least 4 values. Refuses a series that keeps 1 or more of its distance (it
/// wanders or explodes), or 0 or less (it overshoots, and has no half-life).
pub fn mean_reversion(values: &[f64]) -> Result<Reversion, StatisticsError> {
    at_least(4, values.len())?;
    let (before, after) = (&values[..values.len() - 1], &values[1..]);
    let line = Line::fit(before, after)?;
    let kept = line.slope;
    if !(kept > 0.0 && kept < 1.0) {
        return Err(StatisticsError::NotReverting { kept });
    }
    let shock = line.residual_squares(before, after) / (before.len() - 2) as f64;
    let (mean, next) = line.means;
    Ok(Reversion {
        half_life: -std::f64::consts::LN_2 / kept.ln(),
        kept,
        level: mean + (next - mean) / (1.0 - kept),
        deviation: (shock / (1.0 - kept * kept)).sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_half_life_of_an_undisturbed_return() {
        let values: Vec<f64> = (0..20).map(|step| 1e6 + 8.0 * 0.5_f64.powi(step)).collect();
        let reversion = mean_reversion(&values).unwrap();
        assert!((reversion.half_life - 1.0).abs() < 1e-9 && (reversion.level - 1e6).abs() < 1e-9);
    }

    #[test]
    fn refuses_what_does_not_return() {
        let refused =
            |values: &[f64]| matches!(mean_reversion(values), Err(StatisticsError::NotReverting { .. }));
        assert!(refused(&[1.0, 2.0, 4.0, 8.0, 16.0]), "explodes");
        assert!(refused(&[1.0, -1.0, 1.1, -1.0, 1.0, -1.1]), "overshoots");
    }
}
