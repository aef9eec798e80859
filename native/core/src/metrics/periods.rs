//! Returns from period to period, of the account and of the market.

use super::moments::Moments;
use crate::bars::date::{DAY_MS, weekday};
use crate::money::Micros;

/// Gaps of this many days and more are counted together.
const MOST_GAP_DAYS: usize = 400;

/// The account at the end of a period.
#[derive(Debug, Clone, Copy)]
struct End {
    at_ms: i64,
    equity: f64,
    market: Option<f64>,
}

/// How the account's log returns move with the market's.
#[derive(Debug, Clone, Copy, Default)]
pub struct Market {
    n: f64,
    mean: f64,
    mean_market: f64,
    together: f64, // sums of products of the distances from the means
    alone: f64,
}

impl Market {
    fn push(&mut self, own: f64, market: f64) {
        self.n += 1.0;
        let distance = market - self.mean_market;
        self.mean_market += distance / self.n;
        self.mean += (own - self.mean) / self.n;
        self.together += distance * (own - self.mean);
        self.alone += distance * (market - self.mean_market);
    }

    /// Covariance over the market's variance. `None` when the market did not move.
    pub fn beta(&self) -> Option<f64> {
        (self.n > 1.0 && self.alone > 0.0).then(|| self.together / self.alone)
    }
}

/// The returns so far.
#[derive(Debug, Clone)]
pub struct Periods {
    first: Option<End>,
    last: Option<End>,
    ends: u64,
    weekends: u64,
    gaps: Vec<u32>, // by whole days
    equity_sum: f64,
    /// Of the returns from period to period.
    pub(super) returns: Moments,
    downside: f64, // sum of squares of the returns below 0
    /// Against the market.
    pub market: Market,
}

impl Default for Periods {
    fn default() -> Self {
        Self {
            first: None,
            last: None,
            ends: 0,
            weekends: 0,
            gaps: vec![0; MOST_GAP_DAYS + 1],
            equity_sum: 0.0,
            returns: Moments::default(),
            downside: 0.0,
            market: Market::default(),
        }
    }
}

impl Periods {
    /// Adds the end of a period: the equity then, and the market's level if there is one (any unit, above 0).
    pub fn push(&mut self, at_ms: i64, equity: Micros, market: Option<f64>) {
        let end = End { at_ms, equity: equity as f64, market };
        if let Some(last) = self.last {
            self.push_return(last, end);
        }
        self.first.get_or_insert(end);
        self.last = Some(end);
        self.ends += 1;
        self.weekends += u64::from(weekday(at_ms.div_euclid(DAY_MS)) >= 5);
        self.equity_sum += end.equity;
    }

    fn push_return(&mut self, last: End, end: End) {
        let gap = (end.at_ms.div_euclid(DAY_MS) - last.at_ms.div_euclid(DAY_MS)).max(0);
        self.gaps[usize::try_from(gap).unwrap_or(MOST_GAP_DAYS).min(MOST_GAP_DAYS)] += 1;
        // What has lost everything neither gains nor loses.
        let value = if last.equity > 0.0 { end.equity / last.equity - 1.0 } else { 0.0 };
        self.returns.push(value);
        self.downside += value.min(0.0) * value.min(0.0);
        if let (Some(before), Some(now)) = (last.market, end.market)
            && last.equity > 0.0
            && end.equity > 0.0
        {
            self.market.push((end.equity / last.equity).ln(), (now / before).ln());
        }
    }

    /// Forgets the market's last level: the next one has another base.
    pub fn leave_market(&mut self) {
        if let Some(last) = &mut self.last {
            last.market = None;
        }
    }

    /// Number of returns.
    pub fn count(&self) -> u64 {
        self.returns.n
    }

    /// Periods in a year, from the median distance between their ends; see the module.
    pub fn a_year(&self) -> f64 {
        let half = self.returns.n.div_ceil(2);
        let mut counted = 0;
        let median = self.gaps.iter().position(|count| {
            counted += u64::from(*count);
            counted >= half
        });
        match median.unwrap_or(1) {
            ..=3 => {
                // Two days in seven are weekend; three fifths of them are enough to say that they trade.
                let weekends = self.weekends as f64 / self.ends.max(1) as f64;
                if weekends > 2.0 / 7.0 * 0.6 { 365.0 } else { 252.0 }
            }
            4..=10 => 52.0,
            11..=45 => 12.0,
            46..=135 => 4.0,
            _ => 1.0,
        }
    }

    /// The mean of the equity at the ends of the periods, in micro-dollars.
    pub fn mean_equity(&self) -> f64 {
        self.equity_sum / self.ends.max(1) as f64
    }

    /// The constant return a period that leads from the first end to the last. `None` without returns or equity.
    pub fn geometric_mean(&self) -> Option<f64> {
        let (first, last) = self.first.zip(self.last)?;
        let defined = self.returns.n > 0 && first.equity > 0.0 && last.equity > 0.0;
        defined.then(|| ((last.equity / first.equity).ln() / self.returns.n as f64).exp_m1())
    }

    /// The root of the mean square of the returns below 0, over all returns. `None` when there is none.
    pub fn downside_deviation(&self) -> Option<f64> {
        (self.downside > 0.0).then(|| (self.downside / self.returns.n as f64).sqrt())
    }
}
