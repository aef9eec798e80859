//! What the equity says: return, risk and their ratios.

use super::super::figures::NEVER_WARM;
use super::super::recorder::Recorder;
use super::{Rows, percent};
use crate::money::MICROS_PER_USD;

impl Recorder {
    pub(super) fn add_equity(&self, rows: &mut Rows) {
        let usd = |micros: i64| micros as f64 / MICROS_PER_USD as f64;
        let total = self.final_equity as f64 / self.initial as f64 - 1.0;
        rows.add("initialCash", "usd", Ok(usd(self.initial)), "Cash at the start.");
        rows.add(
            "finalEquity",
            "usd",
            Ok(usd(self.final_equity)),
            "Cash and the value of all positions at the last close.",
        );
        rows.add("peakEquity", "usd", Ok(usd(self.drawdown.peak())), "The highest equity at any close.");
        rows.add("returnPct", "%", Ok(total * 100.0), "finalEquity / initialCash - 1.");
        rows.add("buyAndHoldReturnPct", "%", percent(self.market_return.ok_or(NEVER_WARM)),
            "Mean over the symbols of last close / close of the bar before the first that was decided on - 1.");
        rows.add("cagrPct", "%", percent(self.cagr()),
            "Compound annual growth: (finalEquity / initialCash)^(365.25 days / time from the first to the last bar) - 1.");
    }

    pub(super) fn add_risk(&self, rows: &mut Rows) {
        let (longest_ms, longest_bars) =
            self.drawdown.longest(self.last_at_ms, self.instants.saturating_sub(1));
        rows.add(
            "volatilityPct",
            "%",
            percent(self.volatility()),
            "Standard deviation of the period returns (n - 1) x sqrt(periods a year).",
        );
        rows.add(
            "maxDrawdownPct",
            "%",
            Ok(self.drawdown.deepest() * 100.0),
            "Lowest equity / highest equity before it - 1, over all closes.",
        );
        rows.add(
            "maxDrawdownBars",
            "bars",
            Ok(longest_bars as f64),
            "Most bars from a peak of the equity until it is reached again, or until the end.",
        );
        rows.add(
            "maxDrawdownDurationMs",
            "ms",
            Ok(longest_ms as f64),
            "Longest time from a peak of the equity until it is reached again, or until the end.",
        );
        rows.add("beta", "ratio", self.beta(),
            "Covariance of the log returns of equity and market / variance of the market's; the market is the mean of the symbols, each from the same start.");
        rows.add(
            "alphaPct",
            "%",
            self.alpha(),
            "returnPct - beta x buyAndHoldReturnPct (Jensen 1968, risk-free rate 0).",
        );
    }

    pub(super) fn add_ratios(&self, rows: &mut Rows) {
        rows.add("sharpe", "ratio", self.sharpe(),
            "Mean / standard deviation (n - 1) of the period returns x sqrt(periods a year) (Sharpe 1994, risk-free rate 0).");
        rows.add("sortino", "ratio", self.sortino(),
            "Mean of the period returns / root of the mean square of those below 0, over all periods, x sqrt(periods a year) (Sortino and Price 1994, target 0).");
        rows.add(
            "calmar",
            "ratio",
            self.over_drawdown(self.cagr()),
            "cagrPct / |maxDrawdownPct| (Young 1991).",
        );
    }

    pub(super) fn add_geometric(&self, rows: &mut Rows) {
        rows.add(
            "annualReturnGeometricPct",
            "%",
            percent(self.geometric_return()),
            "(1 + g)^periods a year - 1, g the geometric mean of the period returns.",
        );
        rows.add("volatilityGeometricPct", "%", percent(self.geometric_volatility()),
            "sqrt((s^2 + (1 + g)^2)^A - (1 + g)^(2 A)), s the standard deviation (n - 1) and g the geometric mean of the period returns, A periods a year (as in backtesting.py).");
        rows.add(
            "sharpeGeometric",
            "ratio",
            self.geometric_sharpe(),
            "annualReturnGeometricPct / volatilityGeometricPct (as in backtesting.py).",
        );
        rows.add("sortinoGeometric", "ratio", self.geometric_sortino(),
            "annualReturnGeometricPct / (root of the mean square of the period returns below 0 x sqrt(periods a year)) (as in backtesting.py).");
        rows.add(
            "calmarGeometric",
            "ratio",
            self.over_drawdown(self.geometric_return()),
            "annualReturnGeometricPct / |maxDrawdownPct| (as in backtesting.py).",
        );
    }
}
