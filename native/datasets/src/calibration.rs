//! The figures of what was simulated, to be read beside those of the sample that the simulator was fitted to.

use desk_core::bars::Bar;
use desk_core::market::DailyFacts;
use serde::Serialize;

/// Fewer days have no figures: they would say nothing.
pub const FEWEST_DAYS: usize = 30;

/// A series by the well-known facts about daily returns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Whose bars.
    pub symbol: String,
    /// Whether the simulator was fitted to have the sample's figures here; always true for the sample.
    pub fitted: bool,
    /// Trading days that were measured.
    pub days: usize,
    /// In the order of `DailyFacts::FIGURES`.
    pub figures: Vec<Figure>,
}

/// One figure of a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// For people, for example "largest drawdown".
    pub name: &'static str,
    /// `None` where there were too few days.
    pub value: Option<f64>,
}

/// Simulated series, and the sample beside them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// `None` where the sample is not installed.
    pub sample: Option<Measured>,
    /// One a symbol, in the order asked for.
    pub simulated: Vec<Measured>,
}

impl Measured {
    /// Measures daily bars of the simulator, oldest first.
    pub(crate) fn simulated(symbol: &str, fitted: bool, days: &[Bar]) -> Self {
        Self::new(symbol, fitted, days, DailyFacts::of)
    }

    /// Measures the S&P 500 sample.
    pub(crate) fn sample(days: &[Bar]) -> Self {
        Self::new("SPX", true, days, DailyFacts::of_sample)
    }

    fn new(symbol: &str, fitted: bool, days: &[Bar], measure: fn(&[Bar]) -> DailyFacts) -> Self {
        let facts = (days.len() >= FEWEST_DAYS).then(|| measure(days));
        let figure = |(name, of): (&'static str, fn(&DailyFacts) -> f64)| Figure {
            name,
            value: facts.as_ref().map(of).filter(|value| value.is_finite()),
        };
        let figures = DailyFacts::FIGURES.into_iter().map(figure).collect();
        Self { symbol: symbol.to_owned(), fitted, days: days.len(), figures }
    }
}
