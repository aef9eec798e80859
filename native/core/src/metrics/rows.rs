//! The figures and their definitions, side by side.

mod returns;
mod trading;

use serde::Serialize;

use super::Figure;
use super::probability::Trials;
use super::recorder::Recorder;

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
}
