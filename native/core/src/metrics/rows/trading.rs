//! What the fills and closed trades say, and how far the result is to be believed.

use super::super::figures::NO_VARIATION;
use super::super::probability::{self, Trials};
use super::super::recorder::Recorder;
use super::{Rows, percent};
use crate::money::MICROS_PER_USD;

impl Recorder {
    pub(super) fn add_activity(&self, rows: &mut Rows) {
        let part = |count: u64| count as f64 / self.instants.max(1) as f64;
        rows.add(
            "exposurePct",
            "%",
            Ok(part(self.exposed) * 100.0),
            "Bars in which any position was held, however briefly / all bars.",
        );
        rows.add(
            "turnover",
            "a year",
            self.turnover(),
            "Value of all fills / (2 x mean equity) / years: how often a year the account is turned over.",
        );
        rows.add("bars", "count", Ok(self.instants as f64), "Instants with a bar of at least one symbol.");
        rows.add("periods", "count", Ok(self.periods.count() as f64), "Returns from period to period.");
        rows.add("periodsAYear", "count", Ok(self.periods.a_year()),
            "252 for days, 365 when weekends trade, 52, 12, 4 or 1 for longer bars; from the median distance between periods.");
    }

    pub(super) fn add_trades(&self, rows: &mut Rows) {
        let trades = &self.trades;
        rows.add(
            "tradeCount",
            "count",
            Ok(trades.count() as f64),
            "Closed trades: each from flat to flat, or to the other side.",
        );
        rows.add("hitRatePct", "%", percent(trades.hit_rate()), "Trades with a PnL above 0 / all trades.");
        rows.add("bestTradePct", "%", percent(trades.best()), "Highest PnL after costs / value at entry.");
        rows.add("worstTradePct", "%", percent(trades.worst()), "Lowest PnL after costs / value at entry.");
        rows.add(
            "averageTradePct",
            "%",
            percent(trades.average()),
            "Geometric mean of 1 + PnL after costs / value at entry, - 1.",
        );
        rows.add("averageTradeMs", "ms", trades.mean_duration_ms(), "Mean time from entry to exit.");
        rows.add("longestTradeMs", "ms", trades.longest_ms(), "Longest time from entry to exit.");
        rows.add(
            "profitFactor",
            "ratio",
            trades.profit_factor(),
            "Sum of the PnL of winning trades / |sum of the PnL of losing trades|.",
        );
        rows.add(
            "expectancy",
            "usd",
            trades.mean_pnl().map(|micros| micros / MICROS_PER_USD as f64),
            "Mean PnL of a trade after costs.",
        );
        rows.add(
            "expectancyPct",
            "%",
            percent(trades.mean_return()),
            "Mean of PnL after costs / value at entry.",
        );
        rows.add(
            "sqn",
            "ratio",
            trades.quality(),
            "System quality number: sqrt(trades) x mean / standard deviation (n - 1) of the PnL (Tharp).",
        );
        rows.add(
            "kelly",
            "ratio",
            trades.kelly(),
            "Kelly criterion: p - (1 - p) / (mean gain / mean loss), p the part of trades that gain.",
        );
    }

    pub(super) fn add_probabilities(&self, rows: &mut Rows, trials: &Trials) {
        let probability =
            |benchmark: f64| probability::of_moments(&self.periods.returns, benchmark).ok_or(NO_VARIATION);
        rows.add("probabilisticSharpe", "probability", probability(0.0),
            "Phi((SR - 0) x sqrt(T - 1) / sqrt(1 - skew x SR + (kurtosis - 1) / 4 x SR^2)), SR of the T period returns (Bailey and Lopez de Prado 2012).");
        rows.add("deflatedSharpe", "probability", probability(trials.expected_best()),
            "probabilisticSharpe against sqrt(V) x ((1 - e) x InvPhi(1 - 1/N) + e x InvPhi(1 - 1/(N x 2.71828))), e = 0.57722, V the variance of the N trials' SR; N = 1 compares with 0 (Bailey and Lopez de Prado 2014).");
        rows.add(
            "trials",
            "count",
            Ok(trials.count as f64),
            "Variants that were really run to choose this one.",
        );
    }
}
