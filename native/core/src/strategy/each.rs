//! A strategy that looks at one symbol, run over several: one copy a symbol, none knows of the others.

use super::{BarRefused, Decision, Reason, StateRefused, Strategy, StrategyError, SymbolStrategy};
use crate::bars::Bar;
use crate::money::QtyNanos;

/// One copy of `S` a symbol.
#[derive(Debug)]
pub struct Each<S>(Vec<S>);

impl<S: SymbolStrategy> Each<S> {
    /// Makes a copy for each of `symbols` symbols.
    pub fn build(symbols: usize, make: impl Fn() -> Result<S, StrategyError>) -> Result<Self, StrategyError> {
        (0..symbols).map(|_| make()).collect::<Result<_, _>>().map(Self)
    }
}

impl<S: SymbolStrategy> Strategy for Each<S> {
    fn observe(&mut self, symbol: usize, bar: &Bar) -> Result<(), BarRefused> {
        self.0[symbol].observe(bar)
    }

    fn decide(
        &mut self,
        symbol: usize,
        bar: &Bar,
        decisions: &mut Vec<(usize, Decision)>,
    ) -> Result<(), BarRefused> {
        decisions.push((symbol, self.0[symbol].decide(bar)?));
        Ok(())
    }

    fn run_ahead(&mut self, symbol: usize, bars: &[Bar]) -> Option<Result<usize, BarRefused>> {
        Some(self.0[symbol].run_ahead(bars))
    }

    fn is_warm(&self) -> bool {
        self.0.iter().all(S::is_warm)
    }

    fn target_qty_nanos(&self, symbol: usize) -> QtyNanos {
        self.0[symbol].target_qty_nanos()
    }

    fn reason(&self, symbol: usize) -> Reason {
        self.0[symbol].reason()
    }

    fn learnt(&self, symbol: usize) -> Option<Vec<u8>> {
        self.0[symbol].learnt()
    }

    fn recall(&mut self, symbol: usize, learnt: &[u8]) -> Result<(), StateRefused> {
        self.0[symbol].recall(learnt)
    }
}
