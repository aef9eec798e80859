//! How probable it is that the Sharpe ratio is real: the probabilistic and the deflated Sharpe ratio of Bailey and
//! Lopez de Prado (2012, 2014).

use std::f64::consts::E;

use serde::{Deserialize, Serialize};

use super::moments::Moments;
use crate::statistics::{normal_cdf, normal_quantile};

const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// How many variants were tried before this one was chosen, and how far apart they were.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trials {
    /// Variants that were really run, this one included; at least 1.
    pub count: u64,
    /// Variance of their Sharpe ratios, not annualised.
    pub sharpe_variance: f64,
}

impl Default for Trials {
    fn default() -> Self {
        Self { count: 1, sharpe_variance: 0.0 }
    }
}

impl Trials {
    /// The best Sharpe ratio, not annualised, that this many trials of no skill would be expected to show.
    pub fn expected_best(&self) -> f64 {
        if self.count <= 1 {
            return 0.0;
        }
        let count = self.count as f64;
        let first = normal_quantile(1.0 - 1.0 / count);
        let second = normal_quantile(1.0 - 1.0 / (count * E));
        self.sharpe_variance.max(0.0).sqrt() * ((1.0 - EULER_GAMMA) * first + EULER_GAMMA * second)
    }
}

/// The probability that the true Sharpe ratio is above `benchmark` (not annualised), given the length, skew and tails
/// of the sample of returns. `None` when they do not define one.
pub fn probabilistic_sharpe(returns: &[f64], benchmark: f64) -> Option<f64> {
    let mut moments = Moments::default();
    returns.iter().for_each(|value| moments.push(*value));
    of_moments(&moments, benchmark)
}

/// The probability that the true Sharpe ratio is above 0 after all `trials` are counted. `None` as above.
pub fn deflated_sharpe(returns: &[f64], trials: &Trials) -> Option<f64> {
    probabilistic_sharpe(returns, trials.expected_best())
}

pub fn of_moments(moments: &Moments, benchmark: f64) -> Option<f64> {
    let sharpe = moments.mean / moments.deviation()?;
    let (skew, kurtosis) = (moments.skew()?, moments.kurtosis()?);
    let spread = 1.0 - skew * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe;
    let trials = (moments.n as f64 - 1.0).sqrt();
    (spread > 0.0).then(|| normal_cdf((sharpe - benchmark) * trials / spread.sqrt()))
}
