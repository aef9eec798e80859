//! Volatility of returns with exponentially fading memory.

use super::guard::usable;

/// Whether the estimate makes up for the weights being few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bias {
    /// Divided by 1 - sum of the squared weights: unbiased, undefined for a single return. `bias=False` in pandas.
    Adjusted,
    /// The weighted variance as it is, 0 for a single return. `bias=True` in pandas.
    Kept,
}

/// The exponentially weighted standard deviation of returns around their exponentially weighted mean.
///
/// The weight of a return falls by `c / (1 + c)` with each one after it, c being the centre of mass; weights sum to 1
/// at every step, so nothing has to be assumed about returns never seen.
#[derive(Debug, Clone)]
pub struct EwmaVolatility {
    decay: f64, // in [0, 1)
    bias: Bias,
    least: usize, // returns before the first result, at least 1
    seen: usize,  // stops counting at `least`
    mean: f64,
    weight: f64,         // sum of weights, the newest weighing 1
    squared_weight: f64, // sum of their squares
    squares: f64,        // weighted, of the distances from the mean
}

impl EwmaVolatility {
    /// Makes an estimate with the given centre of mass (not above 0: only the newest return counts) that speaks after
    /// `least` returns, at least 1, at least 2 when adjusted.
    pub fn new(centre_of_mass: f64, least: usize, bias: Bias) -> Self {
        let centre = if usable(centre_of_mass) { centre_of_mass.max(0.0) } else { 0.0 };
        let floor = if bias == Bias::Adjusted { 2 } else { 1 };
        Self {
            decay: centre / (1.0 + centre),
            bias,
            least: least.max(floor),
            seen: 0,
            mean: 0.0,
            weight: 0.0,
            squared_weight: 0.0,
            squares: 0.0,
        }
    }

    /// Takes in the next return and gives the standard deviation of one, `None` until warm.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<f64> {
        if !usable(value) {
            return None;
        }
        self.weight = self.decay * self.weight + 1.0;
        self.squared_weight = self.decay * self.decay * self.squared_weight + 1.0;
        let distance = value - self.mean;
        self.mean += distance / self.weight;
        self.squares = self.decay * self.squares + distance * (value - self.mean);
        if self.seen < self.least {
            self.seen += 1;
        }
        self.value()
    }

    /// The current standard deviation of one return, `None` until warm and, when adjusted, while one return has all weight.
    #[inline]
    pub fn value(&self) -> Option<f64> {
        if self.seen < self.least {
            return None;
        }
        let variance = (self.squares / self.weight).max(0.0);
        match self.bias {
            Bias::Kept => Some(variance.sqrt()),
            Bias::Adjusted => {
                let left = 1.0 - self.squared_weight / (self.weight * self.weight);
                (left > 0.0).then(|| (variance / left).sqrt())
            }
        }
    }

    /// The current standard deviation over `a_year` returns, `None` until warm. Daily returns have 252.
    pub fn annualised(&self, a_year: f64) -> Option<f64> {
        self.value().map(|deviation| deviation * a_year.sqrt())
    }

    /// How many returns pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.least - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_each_weight_with_a_centre_of_one() {
        // Weights 1/3 and 2/3: mean 2, variance 2; adjusted by 1 - 5/9.
        let run = |bias| {
            let mut volatility = EwmaVolatility::new(1.0, 2, bias);
            [volatility.push(0.0), volatility.push(3.0)]
        };
        assert_eq!(run(Bias::Kept), [None, Some(2.0_f64.sqrt())]);
        let [first, second] = run(Bias::Adjusted);
        assert_eq!(first, None);
        assert!((second.unwrap() - 4.5_f64.sqrt()).abs() < 1e-15);
    }
}
