//! A hedge ratio that moves: y = slope x + intercept, both random walks, followed by a Kalman filter.

/// How far a pair was from what the filter expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Innovation {
    /// y less the expected y.
    pub error: f64,
    /// The variance the filter expected of it, above 0.
    pub variance: f64,
}

/// The filter. It starts from slope and intercept 0, believed exactly, and learns at the pace of its drift.
#[derive(Debug, Clone)]
pub struct KalmanHedge {
    drift: f64, // variance a step of slope and intercept
    noise: f64, // variance of y around the line
    slope: f64,
    intercept: f64,
    covariance: Covariance,
}

/// Of slope and intercept; symmetric by construction.
#[derive(Debug, Clone, Copy, Default)]
struct Covariance {
    slope: f64,
    cross: f64,
    intercept: f64,
}

impl KalmanHedge {
    /// Makes a filter with `delta` between 0 and 1 (drift variance delta / (1 - delta) a step; usual 1e-4) and the
    /// variance of y around the line (above 0; usual 1e-3). `None` for other values.
    pub fn new(delta: f64, noise: f64) -> Option<Self> {
        let usable = delta > 0.0 && delta < 1.0 && noise > 0.0 && noise.is_finite();
        let drift = delta / (1.0 - delta);
        usable.then(|| Self { drift, noise, slope: 0.0, intercept: 0.0, covariance: Covariance::default() })
    }

    /// Takes in the next pair and gives its innovation. A pair that is not finite, or so large that the filter
    /// would overflow, gives `None` and changes nothing.
    pub fn push(&mut self, x: f64, y: f64) -> Option<Innovation> {
        let error = y - self.slope * x - self.intercept;
        let before = self.covariance.widened(self.drift);
        // The covariance times (x, 1).
        let (along, across) = (before.slope * x + before.cross, before.cross * x + before.intercept);
        let variance = along * x + across + self.noise;
        if !(error.is_finite() && variance.is_finite() && variance > 0.0) {
            return None;
        }
        let gain = (along / variance, across / variance);
        let covariance = before.updated(x, gain, self.noise);
        let (slope, intercept) = (self.slope + gain.0 * error, self.intercept + gain.1 * error);
        if !(slope.is_finite() && intercept.is_finite() && covariance.is_finite()) {
            return None;
        }
        debug_assert!(covariance.is_positive(), "the covariance must stay positive: {covariance:?}");
        (self.slope, self.intercept, self.covariance) = (slope, intercept, covariance);
        Some(Innovation { error, variance })
    }

    /// y per x, as believed now.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// y at x = 0, as believed now.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// The variance of the slope, as believed now.
    pub fn slope_variance(&self) -> f64 {
        self.covariance.slope
    }
}

impl Covariance {
    fn widened(self, drift: f64) -> Self {
        Self { slope: self.slope + drift, intercept: self.intercept + drift, ..self }
    }

    /// Joseph's form (I - K h) P (I - K h)' + K noise K' with h = (x, 1): a sum of squares, which rounding cannot
    /// make negative as it does the shorter form.
    fn updated(self, x: f64, gain: (f64, f64), noise: f64) -> Self {
        let rows = [(1.0 - gain.0 * x, -gain.0), (-gain.1 * x, 1.0 - gain.1)];
        let between = |left: (f64, f64), right: (f64, f64)| {
            let through = (
                self.slope * right.0 + self.cross * right.1,
                self.cross * right.0 + self.intercept * right.1,
            );
            left.0 * through.0 + left.1 * through.1
        };
        Self {
            slope: between(rows[0], rows[0]) + gain.0 * noise * gain.0,
            // Both corners, so that neither rounding wins.
            cross: 0.5 * (between(rows[0], rows[1]) + between(rows[1], rows[0])) + gain.0 * noise * gain.1,
            intercept: between(rows[1], rows[1]) + gain.1 * noise * gain.1,
        }
    }

    fn is_finite(&self) -> bool {
        self.slope.is_finite() && self.cross.is_finite() && self.intercept.is_finite()
    }

    /// Positive semidefinite, but for the rounding of the determinant.
    fn is_positive(&self) -> bool {
        let product = self.slope * self.intercept;
        self.slope >= 0.0 && self.intercept >= 0.0 && self.cross * self.cross <= product * (1.0 + 1e-9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_a_first_step_as_worked_by_hand() {
        // Drift 1, noise 1, x = 1: P = I, S = 3, K = (1/3, 1/3).
        let mut filter = KalmanHedge::new(0.5, 1.0).unwrap();
        assert_eq!(filter.push(1.0, 6.0), Some(Innovation { error: 6.0, variance: 3.0 }));
        assert!((filter.slope() - 2.0).abs() < 1e-15 && (filter.intercept() - 2.0).abs() < 1e-15);
        assert!((filter.slope_variance() - 2.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn keeps_its_state_when_a_pair_is_no_number() {
        let mut filter = KalmanHedge::new(1e-4, 1e-3).unwrap();
        filter.push(2.0, 3.0);
        let before = format!("{filter:?}");
        for (x, y) in [(f64::NAN, 1.0), (1.0, f64::INFINITY), (1e200, 1.0), (1.0, f64::NAN)] {
            assert_eq!(filter.push(x, y), None);
        }
        assert_eq!(format!("{filter:?}"), before);
        assert!(KalmanHedge::new(1.0, 1e-3).is_none() && KalmanHedge::new(1e-4, f64::NAN).is_none());
    }
}
