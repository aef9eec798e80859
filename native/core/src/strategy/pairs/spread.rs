//! How far two prices have come apart, in three ways.

use crate::statistics::{Cointegration, KalmanHedge};

/// An index that the Kalman filter follows begins at so many points: its noise is in squared points.
const POINTS: f64 = 100.0;

/// Which way the spread of a pair is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Prices divided by those at the start of the formation period.
    Distance,
    /// Residual of a regression of log prices.
    Cointegration,
    /// Innovation of a moving regression.
    Kalman,
}

impl Method {
    /// What a spread is made of at a price: its logarithm by cointegration, otherwise itself.
    pub fn value(self, price: f64) -> f64 {
        if self == Self::Cointegration { price.ln() } else { price }
    }
}

/// The spread of y over x, as it was formed.
#[derive(Debug, Clone)]
pub enum Spread {
    /// y / y at the start - x / x at the start.
    Distance { start: (f64, f64), deviation: f64 },
    /// y - intercept - slope x, of logarithms.
    Cointegration { slope: f64, intercept: f64, deviation: f64 },
    /// What the filter did not expect of y's index.
    Kalman { start: (f64, f64), filter: KalmanHedge },
}

/// Where a spread stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The spread in its deviations; positive when y is dear.
    pub z: f64,
    /// Dollars of x that hedge a dollar of y.
    pub hedge: f64,
}

impl Spread {
    /// Forms the distance of two series; `None` when they never part.
    pub fn distance(y: &[f64], x: &[f64]) -> Option<Self> {
        let start = (*y.first()?, *x.first()?);
        let apart: Vec<f64> = y.iter().zip(x).map(|(y, x)| y / start.0 - x / start.1).collect();
        let mean = apart.iter().sum::<f64>() / apart.len() as f64;
        let variance =
            apart.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (apart.len() as f64 - 1.0);
        (variance > 0.0).then(|| Self::Distance { start, deviation: variance.sqrt() })
    }

    /// Takes the regression that a test has found; `None` when nothing is left or y falls as x rises.
    pub fn cointegration(found: &Cointegration) -> Option<Self> {
        let squares = found.residuals.iter().map(|value| value * value).sum::<f64>();
        let deviation = (squares / (found.residuals.len() as f64 - 2.0)).sqrt();
        let (slope, intercept) = (found.hedge_ratio, found.intercept);
        (deviation > 0.0 && slope > 0.0).then_some(Self::Cointegration { slope, intercept, deviation })
    }

    /// Runs a filter over two series.
    pub fn kalman(y: &[f64], x: &[f64], delta: f64, noise: f64) -> Option<Self> {
        let start = (*y.first()?, *x.first()?);
        let mut spread = Self::Kalman { start, filter: KalmanHedge::new(delta, noise)? };
        for (y, x) in y.iter().zip(x) {
            spread.push(*y, *x)?;
        }
        Some(spread)
    }

    /// Takes in the next values, as [`Method::value`] gives them. `None` when the filter cannot go on.
    pub fn push(&mut self, y: f64, x: f64) -> Option<Standing> {
        match self {
            Self::Distance { start, deviation } => {
                Some(Standing { z: (y / start.0 - x / start.1) / *deviation, hedge: 1.0 })
            }
            Self::Cointegration { slope, intercept, deviation } => {
                Some(Standing { z: (y - *intercept - *slope * x) / *deviation, hedge: *slope })
            }
            Self::Kalman { start, filter } => {
                let (y, x) = (POINTS * y / start.0, POINTS * x / start.1);
                let innovation = filter.push(x, y)?;
                let z = innovation.error / innovation.variance.sqrt();
                Some(Standing { z, hedge: filter.slope() * x / y })
            }
        }
    }
}
