//! The figures and their definitions, side by side.

use serde::Serialize;

use super::Figure;
use super::probability::{self, Trials};
use super::recorder::Recorder;
use crate::bars::date::DAY_MS;
use crate::money::MICROS_PER_USD;

const DAYS_A_YEAR: f64 = 365.25;

/// One figure of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metric {
    /// Its stable name.
    pub name: &'static str,
    /// Its value; `None` when it is not defined for this run.
    pub value: Option<f64>,
    /// "usd", "%", "ratio", "bars", "ms", "count", "probability" or "a year".
    pub unit: &'static str,
    /// One sentence: what it is and by which formula.
    pub definition: &'static str,
    /// Why there is no value.
    pub absent: Option<&'static str>,
}

struct Rows(Vec<Metric>);

impl Rows {
    fn add(&mut self, name: &'static str, unit: &'static str, figure: Figure, definition: &'static str) {
        let figure = figure
            .and_then(|value| if value.is_finite() { Ok(value) } else { Err("is too large to represent") });
        let (value, absent) = (figure.ok(), figure.err());
        self.0.push(Metric { name, value, unit, definition, absent });
    }
}

fn percent(figure: Figure) -> Figure {
    figure.map(|part| part * 100.0)
}

impl Recorder {
    /// All figures. `trials` counts the variants from which this run was chosen, for the deflated Sharpe ratio.
    pub fn metrics(&self, trials: &Trials) -> Vec<Metric> {
        let mut rows = Rows(Vec::with_capacity(48));
        self.add_equity(&mut rows);
        self.add_risk(&mut rows);
        self.add_ratios(&mut rows);
        self.add_geometric(&mut rows);
        self.add_activity(&mut rows);
        self.add_trades(&mut rows);
        self.add_probabilities(&mut rows, trials);
        rows.0
    }

    fn add_equity(&self, rows: &mut Rows) {
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

    fn add_risk(&self, rows: &mut Rows) {
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

    fn add_ratios(&self, rows: &mut Rows) {
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

    fn add_geometric(&self, rows: &mut Rows) {
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

    fn add_activity(&self, rows: &mut Rows) {
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

    fn add_trades(&self, rows: &mut Rows) {
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

    fn add_probabilities(&self, rows: &mut Rows, trials: &Trials) {
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

    fn years(&self) -> f64 {
        (self.last_at_ms - self.first_at_ms) as f64 / (DAYS_A_YEAR * DAY_MS as f64)
    }

    fn cagr(&self) -> Figure {
        if self.last_at_ms - self.first_at_ms < DAY_MS {
            return Err("needs bars over a day at least");
        }
        if self.final_equity <= 0 {
            return Err(ALL_LOST);
        }
        Ok(((self.final_equity as f64 / self.initial as f64).ln() / self.years()).exp_m1())
    }

    fn volatility(&self) -> Figure {
        let variance = self.periods.returns.variance().ok_or(TWO_PERIODS)?;
        Ok((variance * self.periods.a_year()).sqrt())
    }

    fn sharpe(&self) -> Figure {
        Ok(self.sharpe_per_period().ok_or(NO_VARIATION)? * self.periods.a_year().sqrt())
    }

    fn sortino(&self) -> Figure {
        let downside = self.periods.downside_deviation().ok_or(NO_LOSS)?;
        Ok(self.periods.returns.mean / downside * self.periods.a_year().sqrt())
    }

    fn over_drawdown(&self, figure: Figure) -> Figure {
        let deepest = self.drawdown.deepest().abs();
        if deepest == 0.0 { Err("the equity never fell below a peak") } else { Ok(figure? / deepest) }
    }

    fn geometric_return(&self) -> Figure {
        let mean = self.periods.geometric_mean().ok_or(TWO_PERIODS)?;
        Ok((self.periods.a_year() * mean.ln_1p()).exp_m1())
    }

    fn geometric_volatility(&self) -> Figure {
        let growth = 1.0 + self.periods.geometric_mean().ok_or(TWO_PERIODS)?;
        let variance = self.periods.returns.variance().ok_or(TWO_PERIODS)?;
        let year = self.periods.a_year();
        Ok(((variance + growth * growth).powf(year) - growth.powf(2.0 * year)).sqrt())
    }

    fn geometric_sharpe(&self) -> Figure {
        let volatility = self.geometric_volatility()?;
        if volatility > 0.0 { Ok(self.geometric_return()? / volatility) } else { Err(NO_VARIATION) }
    }

    fn geometric_sortino(&self) -> Figure {
        let downside = self.periods.downside_deviation().ok_or(NO_LOSS)?;
        Ok(self.geometric_return()? / (downside * self.periods.a_year().sqrt()))
    }

    fn beta(&self) -> Figure {
        self.periods.market.beta().ok_or("needs a market that moved, and equity above 0")
    }

    fn alpha(&self) -> Figure {
        let market = self.market_return.ok_or(NEVER_WARM)?;
        let own = self.final_equity as f64 / self.initial as f64 - 1.0;
        Ok((own - self.beta()? * market) * 100.0)
    }

    fn turnover(&self) -> Figure {
        let (years, equity) = (self.years(), self.periods.mean_equity());
        if years <= 0.0 || equity <= 0.0 {
            return Err("needs time to pass, and equity above 0");
        }
        Ok(self.traded as f64 / (2.0 * equity) / years)
    }
}

const NEVER_WARM: &str = "the strategy was never warm";
const NO_VARIATION: &str = "the returns do not vary";
const NO_LOSS: &str = "no period lost";
const TWO_PERIODS: &str = "needs three periods that end with equity above 0";
const ALL_LOST: &str = "the equity ended at 0 or below";
