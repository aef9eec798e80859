//! What is known of the strategies, for forms and flags, and whether one can be built.

use std::collections::BTreeMap;

use desk_core::strategy::{self, ParamSpec, StrategyError, StrategySpec};
use napi_derive::napi;

use crate::errors::{INVALID_INPUT, Result};
use crate::numbers::require;

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

/// Why a strategy cannot be built.
#[napi(object)]
pub struct StrategyRefusal {
    /// `UNKNOWN_STRATEGY` or `INVALID_INPUT`.
    pub code: String,
    pub message: String,
    /// The parameter to change, where one is at fault.
    pub param: Option<String>,
}

/// Builds the strategy as a runner would, rules across parameters included, and drops it.
/// Null when it can be built.
#[napi]
pub fn check_strategy(
    id: String,
    symbols: u32,
    params: BTreeMap<String, f64>,
    max_position_micros: f64,
) -> Result<Option<StrategyRefusal>> {
    let max_position = require("maxPositionMicros", max_position_micros)?;
    Ok(strategy::build(&id, symbols as usize, &params, max_position).err().map(refusal))
}

fn refusal(error: StrategyError) -> StrategyRefusal {
    let code = match error {
        StrategyError::UnknownStrategy { .. } => "UNKNOWN_STRATEGY",
        _ => INVALID_INPUT,
    };
    StrategyRefusal {
        code: code.to_owned(),
        message: error.to_string(),
        param: error.param().map(str::to_owned),
    }
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
