//! The rules as the parameters give them.

use std::collections::BTreeMap;

use super::super::StrategyError;
use super::super::params::parse;
use super::super::position::ExitRules;
use super::gate::{Gate, GateRules};
use super::spec::PARAMS;

/// When to enter, when to leave and how much to hold.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub period: usize,
    pub entry_z: f64,
    pub exit_z: f64,
    pub stop_z: f64,
    pub full_z: f64,
    pub half_lives: f64,
    pub half_life_max: f64,
    pub target: f64, // yearly volatility
    pub most_weight: f64,
    pub a_year: f64,
}

/// All that the parameters say.
pub struct Given {
    pub rules: Rules,
    /// `None` when every market may be entered.
    pub gate: Option<Gate>,
    pub exits: ExitRules,
    pub drawdown_pct: f64,
    pub rearm_bars: usize,
}

/// Reads the parameters; refuses those outside [`PARAMS`] and bounds in the wrong order.
pub fn read(params: &BTreeMap<String, f64>) -> Result<Given, StrategyError> {
    let [
        period,
        entry_z,
        exit_z,
        stop_z,
        full_z,
        gate,
        window,
        every,
        half_life_min,
        half_life_max,
        adf_p,
        hurst,
        half_lives,
        target,
        most_weight,
        a_year,
        stop_atr,
        max_loss_pct,
        drawdown,
        rearm,
    ] = parse(PARAMS, params)?;
    StrategyError::check_order(("exitZ", exit_z), ("entryZ", entry_z))?;
    StrategyError::check_order(("entryZ", entry_z), ("stopZ", stop_z))?;
    StrategyError::check_order(("halfLifeMin", half_life_min), ("halfLifeMax", half_life_max))?;
    let exits = ExitRules { stop_atr, max_loss_pct, most_bars: 0 };
    let gate_rules =
        GateRules { every: every as usize, half_life: (half_life_min, half_life_max), adf_p, hurst };
    Ok(Given {
        rules: Rules {
            period: period as usize,
            entry_z,
            exit_z,
            stop_z,
            full_z,
            half_lives,
            half_life_max,
            target: target / 100.0,
            most_weight,
            a_year,
        },
        gate: (gate == 1.0).then(|| Gate::new(window as usize, gate_rules)),
        exits,
        drawdown_pct: drawdown,
        rearm_bars: rearm as usize,
    })
}
