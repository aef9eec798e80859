//! What is known of the strategies, for forms and flags.

use desk_core::strategy::{self, ParamSpec, StrategySpec};
use napi_derive::napi;

/// One parameter of a strategy.
#[napi(object)]
pub struct StrategyParam {
    pub name: String,
    pub default: f64,
    pub min: f64,
    pub max: f64,
    /// Only whole numbers are allowed.
    pub whole: bool,
    pub unit: String,
    pub summary: String,
}

/// One strategy.
#[napi(object)]
pub struct StrategyInfo {
    pub id: String,
    pub title: String,
    pub summary: String,
    /// Where its rules were published.
    pub source: String,
    pub fewest_symbols: u32,
    pub most_symbols: u32,
    /// False for the one that only checks the backtester.
    pub deployable: bool,
    pub params: Vec<StrategyParam>,
}

/// Lists every strategy that can be run.
#[napi]
pub fn strategies() -> Vec<StrategyInfo> {
    strategy::STRATEGIES.iter().map(info).collect()
}

fn info(spec: &StrategySpec) -> StrategyInfo {
    let (fewest, most) = spec.symbols;
    StrategyInfo {
        id: spec.id.to_owned(),
        title: spec.title.to_owned(),
        summary: spec.summary.to_owned(),
        source: spec.source.to_owned(),
        fewest_symbols: fewest as u32,
        most_symbols: most as u32,
        deployable: !spec.all_in,
        params: spec.params.iter().map(param).collect(),
    }
}

fn param(spec: &ParamSpec) -> StrategyParam {
    StrategyParam {
        name: spec.name.to_owned(),
        default: spec.default,
        min: spec.min,
        max: spec.max,
        whole: spec.whole,
        unit: spec.unit.to_owned(),
        summary: spec.summary.to_owned(),
    }
}
