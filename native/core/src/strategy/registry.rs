//! Every strategy by its name.

use std::collections::BTreeMap;

use super::nearest::nearest;
use super::{
    Arbitrage, CrossSectionalMomentum, Each, MeanReversion, Momentum, Neural, Pairs, ParamSpec, SmaCross,
    Strategy, StrategyError, TimeSeriesMomentum, arbitrage, cross_sectional_momentum, mean_reversion,
    momentum, neural, pairs, sma_cross, time_series_momentum,
};
use crate::money::Micros;

/// What is known about a strategy without running it.
#[derive(Debug, Clone, Copy)]
pub struct StrategySpec {
    /// The name by which it is deployed.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// When it enters and when it leaves, in a sentence or two.
    pub summary: &'static str,
    /// Where its rules were published.
    pub source: &'static str,
    /// How few symbols an agent of it can follow, and how many.
    pub symbols: (usize, usize),
    /// Its parameters.
    pub params: &'static [ParamSpec],
    /// Whether only the sign of its target counts in a backtest, which then buys as much as the cash allows.
    /// Such a strategy checks the backtester and is not deployed.
    pub all_in: bool,
}

/// The most symbols that one agent follows.
pub const MOST_SYMBOLS: usize = 16;

/// Every strategy that can be run.
pub const STRATEGIES: &[StrategySpec] = &[
    momentum::SPEC,
    time_series_momentum::SPEC,
    cross_sectional_momentum::SPEC,
    mean_reversion::SPEC,
    pairs::SPEC,
    arbitrage::SPEC,
    neural::SPEC,
    sma_cross::SPEC,
];

/// Finds a strategy by its id.
pub fn spec(id: &str) -> Result<&'static StrategySpec, StrategyError> {
    STRATEGIES.iter().find(|spec| spec.id == id).ok_or_else(|| unknown_strategy(id))
}

/// Builds the strategy `id` over `symbols` symbols. Parameters that are left out take their defaults.
pub fn build(
    id: &str,
    symbols: usize,
    params: &BTreeMap<String, f64>,
    max_position: Micros,
) -> Result<Box<dyn Strategy>, StrategyError> {
    let (fewest, most) = spec(id)?.symbols;
    if !(fewest..=most).contains(&symbols) {
        return Err(StrategyError::SymbolCount { given: symbols, fewest, most });
    }
    match id {
        "momentum" => Ok(Box::new(Each::build(symbols, || Momentum::new(params, max_position))?)),
        "time-series-momentum" => {
            Ok(Box::new(Each::build(symbols, || TimeSeriesMomentum::new(params, max_position))?))
        }
        "cross-sectional-momentum" => {
            Ok(Box::new(CrossSectionalMomentum::new(symbols, params, max_position)?))
        }
        "mean-reversion" => Ok(Box::new(Each::build(symbols, || MeanReversion::new(params, max_position))?)),
        "arbitrage" => Ok(Box::new(Arbitrage::new(symbols, params, max_position)?)),
        "pairs" => Ok(Box::new(Pairs::new(symbols, params, max_position)?)),
        "neural" => Ok(Box::new(Each::build(symbols, || Neural::new(params, max_position))?)),
        "sma-cross" => Ok(Box::new(Each::build(symbols, || SmaCross::new(params, max_position))?)),
        _ => Err(unknown_strategy(id)),
    }
}

/// Refuses a name, and guesses which one was meant.
fn unknown_strategy(id: &str) -> StrategyError {
    let known = STRATEGIES.iter().map(|spec| spec.id);
    StrategyError::UnknownStrategy { id: id.to_owned(), nearest: nearest(id, known) }
}
