//! Strategies: completed bars in, wanted positions out. They never order and never see an account.

mod bar_guard;
mod basket;
mod cross_sectional_momentum;
#[cfg(test)]
mod cross_sectional_momentum_tests;
mod each;
mod exits;
mod instants;
#[cfg(test)]
mod invariant_tests;
mod mean_reversion;
#[cfg(test)]
mod mean_reversion_tests;
mod momentum;
#[cfg(test)]
mod momentum_tests;
mod nearest;
mod params;
mod position;
mod reason;
mod reverting;
mod sizing;
mod sma_cross;
#[cfg(test)]
mod sma_cross_tests;
#[cfg(test)]
mod test_bars;
mod time_series_momentum;
#[cfg(test)]
mod time_series_momentum_tests;

pub use bar_guard::{BarRefused, MAX_PRICE_TICKS, check as bar_is_sane};
pub use cross_sectional_momentum::CrossSectionalMomentum;
pub use each::Each;
pub use mean_reversion::MeanReversion;
pub use momentum::Momentum;
use nearest::nearest;
pub use params::{ParamSpec, StrategyError, parse};
pub use reason::{Measure, Reason, Unit};
pub use sma_cross::SmaCross;
pub use time_series_momentum::TimeSeriesMomentum;

use std::collections::BTreeMap;

use crate::bars::Bar;
use crate::money::{Micros, QtyNanos};

/// What a strategy does at the close of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Keeps its target.
    Hold,
    /// Goes from flat to a position.
    Enter,
    /// Goes flat.
    Exit,
    /// Goes from one side to the other.
    Reverse,
    /// Holds more or less on the same side.
    Resize,
    /// Cannot decide yet.
    Warming,
}

impl Action {
    /// What it is to go from one position to another.
    fn between(before: QtyNanos, after: QtyNanos) -> Self {
        if before == after {
            Self::Hold
        } else if before == 0 {
            Self::Enter
        } else if after == 0 {
            Self::Exit
        } else if before.signum() == after.signum() {
            Self::Resize
        } else {
            Self::Reverse
        }
    }

    /// The action's name on the link.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Enter => "enter",
            Self::Exit => "exit",
            Self::Reverse => "reverse",
            Self::Resize => "resize",
            Self::Warming => "warming",
        }
    }
}

/// What is decided on one symbol at the close of a bar. Why is asked for apart: most bars change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// What is done.
    pub action: Action,
    /// The position wanted after this bar; whole shares, negative is short.
    pub target_qty_nanos: QtyNanos,
}

/// One strategy on one symbol. Bars must come in order; a bar that is refused changes nothing.
pub trait SymbolStrategy: Send {
    /// Takes a bar into the indicators without deciding: history, or a pause.
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused>;

    /// Takes a bar in and decides at its close.
    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused>;

    /// Whether the next bar will be decided on.
    fn is_warm(&self) -> bool;

    /// The position wanted now.
    fn target_qty_nanos(&self) -> QtyNanos;

    /// Why the last decision was made.
    fn reason(&self) -> Reason;
}

/// One strategy over all symbols of an agent, which are numbered from 0 in the order of its list.
///
/// The bars of each symbol must come in order; a bar that is refused changes nothing. A strategy that compares
/// symbols decides when it has the bars of all of them for one instant, and on all of them together.
pub trait Strategy: Send {
    /// Takes a bar into the indicators without deciding: history, or a pause.
    fn observe(&mut self, symbol: usize, bar: &Bar) -> Result<(), BarRefused>;

    /// Takes a bar in and adds what is decided at its close, at most once a symbol.
    fn decide(
        &mut self,
        symbol: usize,
        bar: &Bar,
        decisions: &mut Vec<(usize, Decision)>,
    ) -> Result<(), BarRefused>;

    /// Whether the next bars will be decided on.
    fn is_warm(&self) -> bool;

    /// The position wanted now.
    fn target_qty_nanos(&self, symbol: usize) -> QtyNanos;

    /// Why the last decision on the symbol was made.
    fn reason(&self, symbol: usize) -> Reason;
}

impl<S: Strategy + ?Sized> Strategy for Box<S> {
    fn observe(&mut self, symbol: usize, bar: &Bar) -> Result<(), BarRefused> {
        (**self).observe(symbol, bar)
    }

    fn decide(
        &mut self,
        symbol: usize,
        bar: &Bar,
        decisions: &mut Vec<(usize, Decision)>,
    ) -> Result<(), BarRefused> {
        (**self).decide(symbol, bar, decisions)
    }

    fn is_warm(&self) -> bool {
        (**self).is_warm()
    }

    fn target_qty_nanos(&self, symbol: usize) -> QtyNanos {
        (**self).target_qty_nanos(symbol)
    }

    fn reason(&self, symbol: usize) -> Reason {
        (**self).reason(symbol)
    }
}

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
        "sma-cross" => Ok(Box::new(Each::build(symbols, || SmaCross::new(params, max_position))?)),
        _ => Err(unknown_strategy(id)),
    }
}

/// Refuses a name, and guesses which one was meant.
fn unknown_strategy(id: &str) -> StrategyError {
    let known = STRATEGIES.iter().map(|spec| spec.id);
    StrategyError::UnknownStrategy { id: id.to_owned(), nearest: nearest(id, known) }
}
