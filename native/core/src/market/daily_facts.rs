//! The figures by which a series of daily bars is compared with another: the well-known facts about stock returns.

use crate::bars::Bar;

/// Sessions in a year.
const YEAR: f64 = 252.0;
/// 2017-01-01: before it, most of the published openings of the S&P 500 repeat the previous close.
const TRUE_OPENINGS_MS: i64 = 1_483_228_800_000;

/// A figure's name, and where it stands.
pub type Figure = (&'static str, fn(&DailyFacts) -> f64);

/// Figures of the returns from close to close; NaN where there are too few bars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DailyFacts {
    /// Standard deviation in a year; 0.2 is 20%.
    pub volatility: f64,
    /// Fourth moment against that of a normal distribution, which has 0.
    pub excess_kurtosis: f64,
    /// Third moment; negative when falls are larger than rises.
    pub skewness: f64,
    /// Autocorrelation of the sizes of returns, 1, 5 and 20 days apart: volatility clusters when it is above 0.
    pub size_memory: [f64; 3],
    /// Autocorrelation of the returns one day apart.
    pub memory: f64,
    /// Share of the days further than three standard deviations from the mean; 0.0027 when normal.
    pub beyond_three: f64,
    /// Variance of the nights (close to open) against that of nights and sessions together.
    pub night_share: f64,
    /// Deepest fall from a highest close, 0 to 1.
    pub drawdown: f64,
}

impl DailyFacts {
    /// What series are compared by, in the order of the tables.
    pub const FIGURES: [Figure; 10] = [
        ("annualised volatility", |facts| facts.volatility),
        ("excess kurtosis", |facts| facts.excess_kurtosis),
        ("days beyond 3 deviations", |facts| facts.beyond_three),
        ("memory of sizes, 1 day", |facts| facts.size_memory[0]),
        ("memory of sizes, 5 days", |facts| facts.size_memory[1]),
        ("memory of sizes, 20 days", |facts| facts.size_memory[2]),
        ("share of the nights", |facts| facts.night_share),
        ("largest drawdown", |facts| facts.drawdown),
        ("skewness", |facts| facts.skewness),
        ("memory of returns, 1 day", |facts| facts.memory),
    ];

    /// Measures the S&P 500 sample, its nights from 2017 on.
    pub fn of_sample(bars: &[Bar]) -> Self {
        let recent = bars.partition_point(|bar| bar.at_ms < TRUE_OPENINGS_MS);
        let night_share = Self::of(bars.get(recent..).unwrap_or_default()).night_share;
        Self { night_share, ..Self::of(bars) }
    }

    /// Measures bars, oldest first.
    pub fn of(bars: &[Bar]) -> Self {
        let change = |from: i64, to: i64| to as f64 / from as f64 - 1.0;
        let days: Vec<f64> =
            bars.windows(2).map(|pair| change(pair[0].close_ticks, pair[1].close_ticks)).collect();
        let nights: f64 =
            bars.windows(2).map(|pair| change(pair[0].close_ticks, pair[1].open_ticks).powi(2)).sum();
        let sessions: f64 =
            bars.iter().skip(1).map(|bar| change(bar.open_ticks, bar.close_ticks).powi(2)).sum();
        let deviation = moment(&days, 2).sqrt();
        let mean = mean(&days);
        let sizes: Vec<f64> = days.iter().map(|day| day.abs()).collect();
        let far = days.iter().filter(|day| (**day - mean).abs() > 3.0 * deviation).count();
        Self {
            volatility: deviation * YEAR.sqrt(),
            excess_kurtosis: moment(&days, 4) / deviation.powi(4) - 3.0,
            skewness: moment(&days, 3) / deviation.powi(3),
            size_memory: [1, 5, 20].map(|lag| autocorrelation(&sizes, lag)),
            memory: autocorrelation(&days, 1),
            beyond_three: far as f64 / days.len() as f64,
            night_share: nights / (nights + sessions),
            drawdown: drawdown(bars),
        }
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn moment(values: &[f64], power: i32) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(power)).sum::<f64>() / values.len() as f64
}

fn autocorrelation(values: &[f64], lag: usize) -> f64 {
    let mean = mean(values);
    let later = values.iter().skip(lag);
    let products: f64 = values.iter().zip(later).map(|(a, b)| (a - mean) * (b - mean)).sum();
    products / (moment(values, 2) * values.len() as f64)
}

fn drawdown(bars: &[Bar]) -> f64 {
    let mut highest = 0;
    let mut deepest = 0.0;
    for bar in bars {
        highest = highest.max(bar.close_ticks);
        deepest = f64::max(deepest, 1.0 - bar.close_ticks as f64 / highest as f64);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(prices: &[(i64, i64)]) -> Vec<Bar> {
        let bar = |(index, (open, close)): (usize, &(i64, i64))| Bar {
            at_ms: index as i64 * 86_400_000,
            open_ticks: *open,
            high_ticks: *open.max(close),
            low_ticks: *open.min(close),
            close_ticks: *close,
            volume: 1,
        };
        prices.iter().enumerate().map(bar).collect()
    }

    #[test]
    fn measures_a_series_worked_out_by_hand() {
        // +10%, -10%, +10%, -10%: all in the night but the last, which is all in the session.
        let facts = DailyFacts::of(&bars(&[
            (10_000, 10_000),
            (11_000, 11_000),
            (9_900, 9_900),
            (10_890, 10_890),
            (10_890, 9_801),
        ]));
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(facts.volatility, 0.1 * 252_f64.sqrt()), "{facts:?}");
        assert!(close(facts.excess_kurtosis, -2.0) && close(facts.skewness, 0.0), "{facts:?}");
        assert!(close(facts.memory, -0.75) && close(facts.night_share, 0.75), "{facts:?}");
        assert!(close(facts.drawdown, 1.0 - 9_801.0 / 11_000.0), "{facts:?}");
        assert!(close(facts.beyond_three, 0.0), "{facts:?}");
    }
}
