//! The figures' formulas; [`super::rows`] says in words what they are.

use super::Figure;
use super::recorder::Recorder;
use crate::bars::date::DAY_MS;

const DAYS_A_YEAR: f64 = 365.25;

pub(super) const NEVER_WARM: &str = "the strategy was never warm";
pub(super) const NO_VARIATION: &str = "the returns do not vary";
const NO_LOSS: &str = "no period lost";
const TWO_PERIODS: &str = "needs three periods that end with equity above 0";
const ALL_LOST: &str = "the equity ended at 0 or below";

impl Recorder {
    fn years(&self) -> f64 {
        (self.last_at_ms - self.first_at_ms) as f64 / (DAYS_A_YEAR * DAY_MS as f64)
    }

    pub(super) fn cagr(&self) -> Figure {
        if self.last_at_ms - self.first_at_ms < DAY_MS {
            return Err("needs bars over a day at least");
        }
        if self.final_equity <= 0 {
            return Err(ALL_LOST);
        }
        Ok(((self.final_equity as f64 / self.initial as f64).ln() / self.years()).exp_m1())
    }

    pub(super) fn volatility(&self) -> Figure {
        let variance = self.periods.returns.variance().ok_or(TWO_PERIODS)?;
        Ok((variance * self.periods.a_year()).sqrt())
    }

    pub(super) fn sharpe(&self) -> Figure {
        Ok(self.sharpe_per_period().ok_or(NO_VARIATION)? * self.periods.a_year().sqrt())
    }

    pub(super) fn sortino(&self) -> Figure {
        let downside = self.periods.downside_deviation().ok_or(NO_LOSS)?;
        Ok(self.periods.returns.mean / downside * self.periods.a_year().sqrt())
    }

    pub(super) fn over_drawdown(&self, figure: Figure) -> Figure {
        let deepest = self.drawdown.deepest().abs();
        if deepest == 0.0 { Err("the equity never fell below a peak") } else { Ok(figure? / deepest) }
    }

    pub(super) fn geometric_return(&self) -> Figure {
        let mean = self.periods.geometric_mean().ok_or(TWO_PERIODS)?;
        Ok((self.periods.a_year() * mean.ln_1p()).exp_m1())
    }

    pub(super) fn geometric_volatility(&self) -> Figure {
        let growth = 1.0 + self.periods.geometric_mean().ok_or(TWO_PERIODS)?;
        let variance = self.periods.returns.variance().ok_or(TWO_PERIODS)?;
        let year = self.periods.a_year();
        Ok(((variance + growth * growth).powf(year) - growth.powf(2.0 * year)).sqrt())
    }

    pub(super) fn geometric_sharpe(&self) -> Figure {
        let volatility = self.geometric_volatility()?;
        if volatility > 0.0 { Ok(self.geometric_return()? / volatility) } else { Err(NO_VARIATION) }
    }

    pub(super) fn geometric_sortino(&self) -> Figure {
        let downside = self.periods.downside_deviation().ok_or(NO_LOSS)?;
        Ok(self.geometric_return()? / (downside * self.periods.a_year().sqrt()))
    }

    pub(super) fn beta(&self) -> Figure {
        self.periods.market.beta().ok_or("needs a market that moved, and equity above 0")
    }

    pub(super) fn alpha(&self) -> Figure {
        let market = self.market_return.ok_or(NEVER_WARM)?;
        let own = self.final_equity as f64 / self.initial as f64 - 1.0;
        Ok((own - self.beta()? * market) * 100.0)
    }

    pub(super) fn turnover(&self) -> Figure {
        let (years, equity) = (self.years(), self.periods.mean_equity());
        if years <= 0.0 || equity <= 0.0 {
            return Err("needs time to pass, and equity above 0");
        }
        Ok(self.traded as f64 / (2.0 * equity) / years)
    }
}
