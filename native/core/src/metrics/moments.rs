//! Mean and central moments of a stream, by Pebay's update, which does not cancel.

#[derive(Debug, Clone, Copy, Default)]
pub struct Moments {
    pub n: u64,
    pub mean: f64,
    second: f64, // sums of powers of the distance from the mean
    third: f64,
    fourth: f64,
}

impl Moments {
    pub fn push(&mut self, value: f64) {
        let before = self.n as f64;
        self.n += 1;
        let n = self.n as f64;
        let delta = value - self.mean;
        let part = delta / n;
        let square = part * part;
        let term = delta * part * before;
        self.mean += part;
        self.fourth +=
            term * square * (n * n - 3.0 * n + 3.0) + 6.0 * square * self.second - 4.0 * part * self.third;
        self.third += term * part * (n - 2.0) - 3.0 * part * self.second;
        self.second += term;
    }

    /// The sample's variance, n - 1 in the denominator. `None` below two values.
    pub fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| self.second / (self.n as f64 - 1.0))
    }

    /// The sample's standard deviation. `None` below two values and when it is 0: nothing can be divided by it.
    pub fn deviation(&self) -> Option<f64> {
        self.variance().map(f64::sqrt).filter(|deviation| *deviation > 0.0)
    }

    /// The third standardised moment, n in the denominators. `None` when nothing varies.
    pub fn skew(&self) -> Option<f64> {
        let n = self.n as f64;
        (self.second > 0.0).then(|| n.sqrt() * self.third / self.second.powf(1.5))
    }

    /// The fourth standardised moment, 3 for a normal distribution. `None` when nothing varies.
    pub fn kurtosis(&self) -> Option<f64> {
        let n = self.n as f64;
        (self.second > 0.0).then(|| n * self.fourth / (self.second * self.second))
    }
}
