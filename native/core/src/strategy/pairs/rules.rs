//! The rules as the parameters give them.

use std::collections::BTreeMap;

use super::super::StrategyError;
use super::super::params::parse;
use super::formation::Rules as FormationRules;
use super::spec::PARAMS;
use super::spread::Method;

/// Bounds on the spread, in deviations.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub entry_z: f64,
    pub exit_z: f64,
    pub stop_z: f64,
}

/// All that the parameters say.
pub struct Given {
    /// Instants that pairs are formed on.
    pub formation: usize,
    /// Instants that they are traded.
    pub trading: usize,
    pub bounds: Bounds,
    pub forming: FormationRules,
    pub drawdown_pct: f64,
    pub rearm_bars: usize,
}

/// Reads the parameters; refuses those outside [`PARAMS`] and bounds in the wrong order.
pub fn read(params: &BTreeMap<String, f64>) -> Result<Given, StrategyError> {
    let [method, formation, trading, most, entry_z, exit_z, stop_z, coint_p, delta, noise, drawdown, rearm] =
        parse(PARAMS, params)?;
    StrategyError::check_order(("exitZ", exit_z), ("entryZ", entry_z))?;
    StrategyError::check_order(("entryZ", entry_z), ("stopZ", stop_z))?;
    let method = match method as usize {
        0 => Method::Distance,
        1 => Method::Cointegration,
        _ => Method::Kalman,
    };
    Ok(Given {
        formation: formation as usize,
        trading: trading as usize,
        bounds: Bounds { entry_z, exit_z, stop_z },
        forming: FormationRules { method, most: most as usize, coint_p, delta, noise },
        drawdown_pct: drawdown,
        rearm_bars: rearm as usize,
    })
}
