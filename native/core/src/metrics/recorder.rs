//! Takes in a run, instant by instant and trade by trade.

use super::curve::{Curve, CurvePoint};
use super::drawdown::Drawdown;
use super::periods::Periods;
use super::trade_stats::{ClosedTrade, TradeStats};
use crate::bars::Bar;
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
    ends: Vec<CurvePoint>, // room for those of instants that are still to be taken in
    waiting: usize,        // how many there are
}

/// Ends of instants are taken in so many at a time, at which each costs a fraction.
const TOGETHER: usize = 512;

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
            ends: Vec::new(),
            waiting: 0,
        }
    }

    /// Adds the account at the end of an instant. After one without a next, a recorder can go on with a later run that
    /// starts with the equity at which this one ended.
    ///
    /// `next_ms` is the instant after it, if there is one; `market` gives the market's level and is asked only when a
    /// period ends. Until then the figures may lack the last instants.
    #[inline]
    pub fn push(
        &mut self,
        at_ms: i64,
        next_ms: Option<i64>,
        equity: Micros,
        is_exposed: bool,
        market: impl FnOnce() -> Option<f64>,
    ) {
        if self.ends.is_empty() {
            self.ends.resize(TOGETHER, CurvePoint { at_ms: 0, equity_micros: 0 });
        }
        self.ends[self.waiting] = CurvePoint { at_ms, equity_micros: equity };
        self.add(1, is_exposed);
        if self.waiting == TOGETHER || next_ms.is_none_or(|next| next >= self.period_ends_ms) {
            self.take_in(next_ms, market);
        }
    }

    /// Room for the ends of instants that start with these bars and lie, with the one after them, within the period: what
    /// is put there from its beginning on counts once it is added. Can be empty at any time; [`Self::push`] makes room.
    #[inline]
    pub fn room(&mut self, bars: &[Bar]) -> &mut [CurvePoint] {
        let within = match bars {
            [.., last] if last.at_ms < self.period_ends_ms => bars.len(),
            _ => bars.partition_point(|bar| bar.at_ms < self.period_ends_ms),
        };
        // The last place is left to `push`, which takes all of them in.
        let to = (self.waiting + within.saturating_sub(1)).min(TOGETHER - 1);
        self.ends.get_mut(self.waiting..to).unwrap_or_default()
    }

    /// Adds the ends of so many instants from the room.
    #[inline]
    pub fn add(&mut self, count: usize, is_exposed: bool) {
        self.waiting += count;
        self.exposed += if is_exposed { count as u64 } else { 0 };
    }

    /// Takes in what was added, and ends the period if it does end.
    #[cold]
    fn take_in(&mut self, next_ms: Option<i64>, market: impl FnOnce() -> Option<f64>) {
        let ends = &self.ends[..self.waiting];
        if let Some(last) = ends.last() {
            (self.last_at_ms, self.final_equity) = (last.at_ms, last.equity_micros);
        }
        self.drawdown.push_all(ends, self.instants);
        self.curve.push_all(ends);
        self.instants += ends.len() as u64;
        self.waiting = 0;
        self.end_period(next_ms, market);
        if next_ms.is_none() {
            self.ends = Vec::new(); // a sweep keeps thousands of recorders that are done
        }
    }

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
