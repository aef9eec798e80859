//! What a backtest assumes.

use super::BacktestError;
use crate::metrics::Trials;
use crate::money::{MICROS_PER_USD, Micros};
use crate::risk::Limits;

/// What trading costs. Rates are billionths of a value: 100,000 is one basis point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Costs {
    /// Commission on the value of each fill.
    pub commission_e9: i64,
    /// Commission on each share.
    pub per_share: Micros,
    /// Half the spread, as a rate of the price; paid under [`FillRule::Quote`].
    pub half_spread_e9: i64,
    /// Slippage of market orders, as a rate of the price.
    pub slippage_e9: i64,
    /// Impact of market orders, as a rate of the price, when the order is as large as the volume of the bar before;
    /// it goes with the square root of that part. A bar without volume counts as one that was as large as the order.
    pub impact_e9: i64,
    /// What it costs to borrow the value of a short account position for a year of 365 days.
    pub borrow_e9: i64,
}

/// How orders are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FillRule {
    /// A market order at the next bar's open.
    NextOpen,
    /// A market order at the quote that opens the next bar: its open and half the spread on either side.
    Quote,
    /// A limit order for one bar, better than the close that decided by a rate of the price. Filled at the limit if the
    /// bar trades through it, at the open if that is better already; otherwise sent again for the bar after, at that
    /// bar's own limit.
    Limit {
        /// Distance from the close, in billionths of it.
        offset_e9: i64,
    },
}

/// What becomes of the positions that are open at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtEnd {
    /// They stay open, valued at the last close, and are no trades.
    Keep,
    /// They are closed at the open of the last bar: the convention of the published reference results.
    CloseAtOpen,
    /// They are closed at the last close.
    CloseAtClose,
}

/// Everything that a backtest assumes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setup {
    /// Cash at the start, above 0.
    pub cash: Micros,
    /// What trading costs.
    pub costs: Costs,
    /// How orders are filled.
    pub fill: FillRule,
    /// The gate's limits. Quotes and clock are as fresh as the bar.
    pub limits: Limits,
    /// Largest value of all positions over the equity, in hundredths: 200 is the initial margin of Regulation T. An
    /// order that opens beyond it is refused with `BUYING_POWER`.
    pub leverage_pct: i64,
    /// What becomes of open positions at the end.
    pub at_end: AtEnd,
    /// Most points of the equity curve; 0 keeps none.
    pub curve_points: usize,
    /// Most trades and most denials that are kept; all of them are counted.
    pub keep: usize,
    /// Bars before this instant are only observed: history that warms the strategies up, and is not recorded.
    pub trade_from_ms: i64,
    /// What the deflated Sharpe ratio counts.
    pub trials: Trials,
}

/// Costs above a tenth of the price are a slip of the pen.
const MOST_RATE: i64 = 100_000_000;
const MOST_CASH: Micros = 1_000_000_000 * MICROS_PER_USD;

impl Setup {
    /// `cash` and nothing that costs or limits: market orders at the next open, positions closed at the last open.
    pub fn frictionless(cash: Micros) -> Self {
        Self {
            cash,
            costs: Costs::default(),
            fill: FillRule::NextOpen,
            limits: Limits::boundless(),
            leverage_pct: 200,
            at_end: AtEnd::CloseAtOpen,
            curve_points: 2_000,
            keep: 10_000,
            trade_from_ms: i64::MIN,
            trials: Trials::default(),
        }
    }

    /// Passes what is in range.
    ///
    /// # Errors
    /// The first setting outside its range.
    pub fn check(&self) -> Result<(), BacktestError> {
        let offset = if let FillRule::Limit { offset_e9 } = self.fill { offset_e9 } else { 0 };
        let settings = [
            ("cash (micro-dollars)", self.cash, 1, MOST_CASH),
            ("commission (billionths)", self.costs.commission_e9, 0, MOST_RATE),
            ("commission a share (micro-dollars)", self.costs.per_share, 0, 100 * MICROS_PER_USD),
            ("half spread (billionths)", self.costs.half_spread_e9, 0, MOST_RATE),
            ("slippage (billionths)", self.costs.slippage_e9, 0, MOST_RATE),
            ("impact (billionths)", self.costs.impact_e9, 0, MOST_RATE),
            ("borrow rate (billionths a year)", self.costs.borrow_e9, 0, 1_000_000_000),
            ("limit offset (billionths)", offset, 0, MOST_RATE),
            ("leverage (hundredths)", self.leverage_pct, 1, 1_000),
        ];
        match settings.into_iter().find(|(_, value, from, to)| !(from..=to).contains(&value)) {
            Some((name, value, from, to)) => Err(BacktestError::SettingOutOfRange { name, value, from, to }),
            None => Ok(()),
        }
    }
}
