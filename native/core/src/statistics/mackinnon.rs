//! MacKinnon's tables: p-values of 1994 (Journal of Business & Economic Statistics 12) and critical values of 2010
//! (Queen's Economics Department Working Paper 1227), for one series and for the residuals of two.

use super::normal::normal_cdf;

/// What besides the unit root is in the regression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// Nothing.
    None,
    /// A constant.
    Constant,
    /// A constant and a linear trend.
    Linear,
}

/// The statistic below which the unit root is rejected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CriticalValues {
    /// At 1 %.
    pub percent1: f64,
    /// At 5 %.
    pub percent5: f64,
    /// At 10 %.
    pub percent10: f64,
}

/// One case of the tables; polynomials have the constant first.
struct Table {
    least: f64,  // below it p is 0
    most: f64,   // above it p is 1
    middle: f64, // up to it the lower polynomial holds
    lower: [f64; 3],
    upper: [f64; 4],
    critical: [[f64; 4]; 3], // in 1 / T, for 1, 5 and 10 %
}

const SERIES_NONE: Table = Table {
    least: -19.04,
    most: f64::INFINITY,
    middle: -1.04,
    lower: [0.6344, 1.2378, 0.032496],
    upper: [0.4797, 0.93557, -0.06999, 0.033066],
    critical: [
        [-2.56574, -2.2358, -3.627, 0.0],
        [-1.94100, -0.2686, -3.365, 31.223],
        [-1.61682, 0.2656, -2.714, 25.364],
    ],
};
const SERIES_CONSTANT: Table = Table {
    least: -18.83,
    most: 2.74,
    middle: -1.61,
    lower: [2.1659, 1.4412, 0.038269],
    upper: [1.7339, 0.93202, -0.12745, -0.010368],
    critical: [
        [-3.43035, -6.5393, -16.786, -79.433],
        [-2.86154, -2.8903, -4.234, -40.040],
        [-2.56677, -1.5384, -2.809, 0.0],
    ],
};
const SERIES_LINEAR: Table = Table {
    least: -16.18,
    most: 0.7,
    middle: -2.89,
    lower: [3.2512, 1.6047, 0.049588],
    upper: [2.5261, 0.61654, -0.37956, -0.060285],
    critical: [
        [-3.95877, -9.0531, -28.428, -134.155],
        [-3.41049, -4.3904, -9.036, -45.374],
        [-3.12705, -2.5856, -3.925, -22.380],
    ],
};
const PAIR_CONSTANT: Table = Table {
    least: -18.86,
    most: 0.92,
    middle: -2.62,
    lower: [2.92, 1.5012, 0.039796],
    upper: [2.1945, 0.64695, -0.29198, -0.042377],
    critical: [
        [-3.89644, -10.9519, -33.527, 0.0],
        [-3.33613, -6.1101, -6.823, 0.0],
        [-3.04445, -4.2412, -2.720, 0.0],
    ],
};
const PAIR_LINEAR: Table = Table {
    least: -21.15,
    most: 0.63,
    middle: -3.19,
    lower: [3.6646, 1.5419, 0.036448],
    upper: [2.85, 0.5272, -0.36622, -0.051695],
    critical: [
        [-4.32762, -15.4387, -35.679, 0.0],
        [-3.78057, -9.5106, -12.074, 0.0],
        [-3.49631, -7.0815, -7.538, 21.892],
    ],
};

/// The distribution of a unit root statistic.
pub(super) struct Distribution(&'static Table);

impl Distribution {
    /// Of the statistic of one series.
    pub fn of_series(trend: Trend) -> Self {
        Self(match trend {
            Trend::None => &SERIES_NONE,
            Trend::Constant => &SERIES_CONSTANT,
            Trend::Linear => &SERIES_LINEAR,
        })
    }

    /// Of the statistic of the residuals of two series; `linear` when the trend was taken out as well.
    pub fn of_pair(linear: bool) -> Self {
        Self(if linear { &PAIR_LINEAR } else { &PAIR_CONSTANT })
    }

    /// The probability of a statistic at most this large when there is a unit root.
    pub fn p_value(&self, statistic: f64) -> f64 {
        let table = self.0;
        if statistic > table.most {
            1.0
        } else if statistic < table.least {
            0.0
        } else if statistic <= table.middle {
            normal_cdf(polynomial(&table.lower, statistic))
        } else {
            normal_cdf(polynomial(&table.upper, statistic))
        }
    }

    /// The critical values for a regression over `count` values.
    pub fn critical(&self, count: usize) -> CriticalValues {
        let [percent1, percent5, percent10] =
            self.0.critical.map(|terms| polynomial(&terms, 1.0 / count as f64));
        CriticalValues { percent1, percent5, percent10 }
    }
}

fn polynomial(terms: &[f64], x: f64) -> f64 {
    terms.iter().rev().fold(0.0, |sum, term| sum * x + term)
}
