//! What the backtester and the runner know of a strategy.

use super::{BarRefused, Decision, Reason, StateRefused};
use crate::bars::Bar;
use crate::money::QtyNanos;

/// One strategy on one symbol. Bars must come in order; a bar that is refused changes nothing.
pub trait SymbolStrategy: Send {
    /// Takes a bar into the indicators without deciding: history, or a pause.
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused>;

    /// Takes a bar in and decides at its close.
    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused>;

    /// Decides on a run of bars until the target changes, and gives how many it took in: at least one, if there are any. A
    /// bar that is refused ends the run before it, and is an error when it comes first.
    fn run_ahead(&mut self, bars: &[Bar]) -> Result<usize, BarRefused> {
        let before = self.target_qty_nanos();
        for (taken, bar) in bars.iter().enumerate() {
            match self.decide(bar) {
                Ok(decision) if decision.target_qty_nanos == before => {}
                Ok(_) => return Ok(taken + 1),
                Err(refused) if taken == 0 => return Err(refused),
                Err(_) => return Ok(taken),
            }
        }
        Ok(bars.len())
    }

    /// Whether the next bar will be decided on.
    fn is_warm(&self) -> bool;

    /// The position wanted now.
    fn target_qty_nanos(&self) -> QtyNanos;

    /// Why the last decision was made.
    fn reason(&self) -> Reason;

    /// What was learnt from all bars so far that a later history would not bring back, in bytes; `None` if nothing.
    fn learnt(&self) -> Option<Vec<u8>> {
        None
    }

    /// Takes up what the same strategy with the same parameters has saved. Right after the bar at which it was saved,
    /// all that follows is bit for bit as it was there. What is refused changes nothing.
    fn recall(&mut self, _learnt: &[u8]) -> Result<(), StateRefused> {
        Err(StateRefused::LearnsNothing)
    }
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

    /// As [`SymbolStrategy::run_ahead`] on one symbol, whose bars may run ahead of the others'. `None` from a strategy that
    /// compares symbols: it needs their bars in the order of time.
    fn run_ahead(&mut self, _symbol: usize, _bars: &[Bar]) -> Option<Result<usize, BarRefused>> {
        None
    }

    /// Whether the next bars will be decided on.
    fn is_warm(&self) -> bool;

    /// The position wanted now.
    fn target_qty_nanos(&self, symbol: usize) -> QtyNanos;

    /// Why the last decision on the symbol was made.
    fn reason(&self, symbol: usize) -> Reason;

    /// What was learnt of the symbol from all bars so far that a later history would not bring back, in bytes; `None` if nothing.
    fn learnt(&self, _symbol: usize) -> Option<Vec<u8>> {
        None
    }

    /// Takes up what the same strategy with the same parameters has saved. Right after the bar at which it was saved,
    /// all that follows is bit for bit as it was there. What is refused changes nothing.
    fn recall(&mut self, _symbol: usize, _learnt: &[u8]) -> Result<(), StateRefused> {
        Err(StateRefused::LearnsNothing)
    }
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

    fn run_ahead(&mut self, symbol: usize, bars: &[Bar]) -> Option<Result<usize, BarRefused>> {
        (**self).run_ahead(symbol, bars)
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

    fn learnt(&self, symbol: usize) -> Option<Vec<u8>> {
        (**self).learnt(symbol)
    }

    fn recall(&mut self, symbol: usize, learnt: &[u8]) -> Result<(), StateRefused> {
        (**self).recall(symbol, learnt)
    }
}
