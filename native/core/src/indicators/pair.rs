//! Correlation and straight line between two streams over a window. See `moments` for how the sums keep their digits.

use super::guard::usable;
use super::moments::SPENT;
use super::ring::Ring;

/// A straight line through a window: y = intercept + slope x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// y per x.
    pub slope: f64,
    /// y at x = 0.
    pub intercept: f64,
    /// The share of the variance of y that the line explains, 0 to 1; 1 when y does not vary.
    pub r2: f64,
}

/// How two series vary together in a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    mean: (f64, f64),
    squares: (f64, f64), // each at least 0
    product: f64,
    count: f64,
}

impl Joint {
    /// The population covariance.
    pub fn covariance(&self) -> f64 {
        self.product / self.count
    }

    /// Pearson's correlation, -1 to 1; `None` when either does not vary.
    pub fn correlation(&self) -> Option<f64> {
        let scale = self.squares.0.sqrt() * self.squares.1.sqrt();
        (scale > 0.0).then(|| (self.product / scale).clamp(-1.0, 1.0))
    }

    /// The least-squares line of y on x; `None` when x does not vary.
    pub fn line(&self) -> Option<Line> {
        if self.squares.0 <= 0.0 {
            return None;
        }
        let slope = self.product / self.squares.0;
        let r2 = self.correlation().map_or(1.0, |correlation| correlation * correlation);
        Some(Line { slope, intercept: self.mean.1 - slope * self.mean.0, r2 })
    }
}

/// Correlation and least squares of the last `period` pairs.
#[derive(Debug, Clone)]
pub struct RollingPair {
    window: Ring<(f64, f64)>,
    sums: Sums,
    turns: usize, // pushes since the sums were made, at most the period
}

impl RollingPair {
    /// Makes a window of `period` pairs, at least 2.
    pub fn new(period: usize) -> Self {
        Self { window: Ring::new(period.max(2)), sums: Sums::default(), turns: 0 }
    }

    /// Takes in the next pair and gives how both vary together, `None` for the first `period - 1` pairs.
    pub fn push(&mut self, x: f64, y: f64) -> Option<Joint> {
        if !usable(x) || !usable(y) {
            return None;
        }
        if let Some(out) = self.window.push((x, y)) {
            self.sums.add(out, -1.0);
        } else if self.window.len() == 1 {
            self.sums.origin = (x, y);
        }
        self.sums.add((x, y), 1.0);
        self.turns += 1;
        if self.turns >= self.window.capacity() || self.sums.spent(self.window.len()) {
            self.sums = Sums::of(&self.window);
            self.turns = 0;
        }
        self.value()
    }

    /// How both vary together now, `None` until warm.
    pub fn value(&self) -> Option<Joint> {
        self.window.is_full().then(|| self.sums.joint(self.window.len()))
    }

    /// How many pairs pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.window.capacity() - 1
    }
}

/// Sums of the distances from an origin.
#[derive(Debug, Clone, Default)]
struct Sums {
    origin: (f64, f64),
    first: (f64, f64),
    second: (f64, f64),
    product: f64,
    peak: (f64, f64), // the largest `second` since the sums were made
}

impl Sums {
    fn of(window: &Ring<(f64, f64)>) -> Self {
        let count = window.len() as f64;
        let anchor = window.iter().last().unwrap_or_default();
        let lean = window.iter().fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x - anchor.0, sum.1 + y - anchor.1));
        let origin = (anchor.0 + lean.0 / count, anchor.1 + lean.1 / count);
        let mut sums = Self { origin, ..Self::default() };
        window.iter().for_each(|pair| sums.add(pair, 1.0));
        sums
    }

    /// Adds a pair with the sign 1 or takes it out with -1.
    fn add(&mut self, (x, y): (f64, f64), sign: f64) {
        let (dx, dy) = (x - self.origin.0, y - self.origin.1);
        self.first = (self.first.0 + sign * dx, self.first.1 + sign * dy);
        self.second = (self.second.0 + sign * dx * dx, self.second.1 + sign * dy * dy);
        self.product += sign * dx * dy;
        self.peak = (self.peak.0.max(self.second.0), self.peak.1.max(self.second.1));
    }

    fn spent(&self, count: usize) -> bool {
        let left = self.joint(count).squares;
        left.0 < SPENT * self.peak.0 || left.1 < SPENT * self.peak.1
    }

    fn joint(&self, count: usize) -> Joint {
        let count = count as f64;
        let lean = (self.first.0 / count, self.first.1 / count);
        let left = |second: f64, first: f64, lean: f64| (second - first * lean).max(0.0);
        Joint {
            mean: (self.origin.0 + lean.0, self.origin.1 + lean.1),
            squares: (left(self.second.0, self.first.0, lean.0), left(self.second.1, self.first.1, lean.1)),
            product: self.product - self.first.0 * lean.1,
            count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_line_of_the_last_pairs() {
        let mut pair = RollingPair::new(3);
        for (x, y) in [(9.0, -50.0), (1.0, 5.0), (2.0, 7.0)] {
            pair.push(x, y);
        }
        let joint = pair.push(4.0, 11.0).unwrap();
        let line = joint.line().unwrap();
        assert!((line.slope - 2.0).abs() < 1e-14 && (line.intercept - 3.0).abs() < 1e-14, "{line:?}");
        assert!((line.r2 - 1.0).abs() < 1e-14 && (joint.covariance() - 28.0 / 9.0).abs() < 1e-14);
    }

    #[test]
    fn has_no_line_where_x_stands_still() {
        let mut pair = RollingPair::new(2);
        pair.push(3.0, 1.0);
        let joint = pair.push(3.0, 2.0).unwrap();
        assert_eq!((joint.line(), joint.correlation()), (None, None));
    }
}
