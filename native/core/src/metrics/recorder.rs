//! Takes in a run, instant by instant and trade by trade.

use super::curve::{Curve, CurvePoint};
use super::drawdown::Drawdown;
use super::periods::Periods;
use super::run::Run;
use super::trade_stats::{ClosedTrade, TradeStats};
use crate::bars::date::DAY_MS;
use crate::money::Micros;

/// Everything that the figures are made from.
#[derive(Debug, Clone)]
pub struct Recorder {
    pub(super) initial: Micros,
    pub(super) final_equity: Micros,
    pub(super) first_at_ms: i64,
    pub(super) last_at_ms: i64,
    pub(super) instants: u64,
    pub(super) exposed: u64,
    pub(super) traded: i128, // sum of the absolute values of all fills, micro-dollars
    pub(super) drawdown: Drawdown,
    pub(super) periods: Periods,
    pub(super) trades: TradeStats,
    pub(super) market_return: Option<f64>,
    curve: Curve,
    period_ends_ms: i64,
}

impl Recorder {
    /// Starts with `initial` (above 0) in cash, and a curve of at most `curve_points`.
    pub fn new(initial: Micros, curve_points: usize) -> Self {
        Self {
            initial,
            final_equity: initial,
            first_at_ms: 0,
            last_at_ms: 0,
            instants: 0,
            exposed: 0,
            traded: 0,
            drawdown: Drawdown::new(initial),
            periods: Periods::default(),
            trades: TradeStats::default(),
            market_return: None,
            curve: Curve::new(curve_points),
            period_ends_ms: i64::MIN,
        }
    }

    /// Adds the account at the end of an instant. After one without a next, a recorder can go on with a later run that
    /// starts with the equity at which this one ended.
    ///
    /// `next_ms` is the instant after it, if there is one; `market` gives
    /// the market's level and is asked only when a period ends.
    #[inline]
    pub fn push(
        &mut self,
        at_ms: i64,
        next_ms: Option<i64>,
        equity: Micros,
        is_exposed: bool,
        market: impl FnOnce() -> Option<f64>,
    ) {
        self.drawdown.push(at_ms, self.instants, equity);
        self.curve.push(at_ms, equity);
        self.exposed += u64::from(is_exposed);
        self.instants += 1;
        self.last_at_ms = at_ms;
        self.final_equity = equity;
        if next_ms.is_none_or(|next| next >= self.period_ends_ms) {
            self.end_period(next_ms, market);
        }
    }

    /// Whether the period goes on until an instant.
    pub fn is_within_period(&self, at_ms: i64) -> bool {
        at_ms < self.period_ends_ms
    }

    /// Adds the account at the ends of instants that all lie within the period: as [`Self::push`] for each, at a fraction
    /// of its cost.
    pub fn push_run(&mut self, run: &Run<'_>) {
        let Some((last, equity)) = run.last() else { return };
        if !self.drawdown.push_below(run.low, run.high) {
            for ((bar, equity), instant) in run.points().zip(self.instants..) {
                self.drawdown.push(bar.at_ms, instant, equity);
            }
        }
        self.curve.push_run(run);
        let count = run.bars.len() as u64;
        self.exposed += if run.is_exposed { count } else { 0 };
        self.instants += count;
        self.last_at_ms = last.at_ms;
        self.final_equity = equity;
    }

    /// Ends the period if it does end, and begins the next.
    #[cold]
    fn end_period(&mut self, next_ms: Option<i64>, market: impl FnOnce() -> Option<f64>) {
        if self.instants == 1 {
            self.first_at_ms = self.last_at_ms;
        }
        if self.period_ends_ms == i64::MIN {
            self.period_ends_ms = end_of_day(self.last_at_ms);
        }
        if next_ms.is_none_or(|next| next >= self.period_ends_ms) {
            self.periods.push(self.last_at_ms, self.final_equity, market());
            self.period_ends_ms = next_ms.map_or(i64::MIN, end_of_day);
        }
    }

    /// Adds the value of a fill, without its sign.
    pub fn push_fill(&mut self, notional: Micros) {
        self.traded += i128::from(notional).abs();
    }

    /// Adds a closed trade.
    pub fn push_trade(&mut self, trade: &ClosedTrade) {
        self.trades.push(trade);
    }

    /// Sets what holding the market gave, as a part of its price before the first bar that was decided on. A run that
    /// goes on with this recorder multiplies its own to it.
    pub fn set_market_return(&mut self, part: Option<f64>) {
        let before = self.market_return.unwrap_or(0.0);
        self.market_return = part.map(|part| (1.0 + before) * (1.0 + part) - 1.0);
    }

    /// Prepares for a later run, whose market's level has another base.
    pub fn leave_market(&mut self) {
        self.periods.leave_market();
    }

    /// Instants taken in.
    pub fn instants(&self) -> u64 {
        self.instants
    }

    /// The Sharpe ratio of the periods, not annualised: what trials are compared by.
    pub fn sharpe_per_period(&self) -> Option<f64> {
        let returns = &self.periods.returns;
        returns.deviation().map(|deviation| returns.mean / deviation)
    }

    /// Trades closed.
    pub fn trade_count(&self) -> u64 {
        self.trades.count()
    }

    /// The equity curve.
    pub fn curve(&self) -> Vec<CurvePoint> {
        self.curve.points()
    }
}

fn end_of_day(at_ms: i64) -> i64 {
    at_ms - at_ms.rem_euclid(DAY_MS) + DAY_MS
}
