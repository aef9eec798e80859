//! Strategies: completed bars in, wanted positions out. They never order and never see an account.

mod bar_guard;
mod momentum;
#[cfg(test)]
mod momentum_tests;
mod params;

pub use bar_guard::{BarRefused, MAX_PRICE_TICKS};
pub use momentum::Momentum;
pub use params::{ParamSpec, StrategyError, parse};

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
    /// Cannot decide yet.
    Warming,
}

impl Action {
    /// The action's name on the link.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Enter => "enter",
            Self::Exit => "exit",
            Self::Reverse => "reverse",
            Self::Warming => "warming",
        }
    }
}

/// The outcome of one bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What is done.
    pub action: Action,
    /// The position wanted after this bar; whole shares, negative is short.
    pub target_qty_nanos: QtyNanos,
    /// The values that decided, for example "ema 171.22 > 170.90, roc +0.42 %, adx 24.1".
    pub reason: String,
}

/// One strategy on one symbol. Bars must come in order; a bar that is refused changes nothing.
pub trait Strategy: Send {
    /// Takes a bar into the indicators without deciding: history, or a pause.
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused>;

    /// Takes a bar in and decides at its close.
    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused>;

    /// Whether the next bar will be decided on.
    fn is_warm(&self) -> bool;

    /// The position wanted now.
    fn target_qty_nanos(&self) -> QtyNanos;
}

/// What is known about a strategy without running it.
#[derive(Debug, Clone, Copy)]
pub struct StrategySpec {
    /// The name by which it is deployed.
    pub id: &'static str,
    /// Its parameters.
    pub params: &'static [ParamSpec],
}

/// Every strategy that can be deployed.
pub const STRATEGIES: &[StrategySpec] = &[StrategySpec { id: "momentum", params: momentum::PARAMS }];

/// Builds the strategy `id` for one symbol. Parameters that are left out take their defaults.
pub fn build(
    id: &str,
    params: &BTreeMap<String, f64>,
    max_position: Micros,
) -> Result<Box<dyn Strategy>, StrategyError> {
    match id {
        "momentum" => Ok(Box::new(Momentum::new(params, max_position)?)),
        _ => Err(StrategyError::UnknownStrategy(id.to_owned())),
    }
}
