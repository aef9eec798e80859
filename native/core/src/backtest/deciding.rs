//! From bars to changed targets. Strategies see no account, so they decide on a whole stretch of bars before anything of
//! it is traded: each runs through its own bars at its own speed.

use super::BacktestError;
use super::block::Block;
use crate::money::QtyNanos;
use crate::strategy::{BarRefused, Reason, Strategy};

/// A bar of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    pub at_ms: i64,
    pub symbol: usize,
    /// Its number among the symbol's bars.
    pub number: usize,
}

/// A target that changed at the close of a bar.
#[derive(Debug)]
pub struct Change {
    pub at: At,
    /// The place on the floor whose target it is.
    pub seat: usize,
    pub wanted: QtyNanos,
    pub reason: Reason,
}

/// A bar that a strategy refused.
pub struct Refused {
    pub at_ms: i64,
    pub symbol: usize,
    pub source: BarRefused,
}

impl Refused {
    /// As an error that names the symbol.
    #[cold]
    pub fn named(self, symbols: &[String]) -> BacktestError {
        let Self { at_ms, symbol, source } = self;
        BacktestError::Bar { symbol: symbols[symbol].clone(), at_ms, source }
    }
}

/// The targets that changed in a block.
pub struct Changes {
    pub all: Vec<Change>,
    /// Whether they come with their reasons: words are only found for trades that will be listed.
    pub explained: bool,
}

/// An agent as the loop sees it.
pub struct Running<S> {
    pub strategy: S,
    symbols: Vec<usize>,        // by its own numbers
    places: Vec<Option<usize>>, // its own number of each symbol
    seats: Vec<usize>,          // its places on the floor, by its own numbers
    told: Vec<QtyNanos>,        // what it wanted last, by its own numbers
}

impl<S: Strategy> Running<S> {
    /// An agent that sits on the floor from the place `seat` on, in the order of its symbols; there are `count` in all.
    pub fn new(strategy: S, symbols: Vec<usize>, seat: usize, count: usize) -> Self {
        let mut places = vec![None; count];
        for (own, symbol) in symbols.iter().enumerate() {
            places[*symbol] = Some(own);
        }
        let seats = (seat..seat + symbols.len()).collect();
        let told = vec![0; symbols.len()];
        Self { strategy, symbols, places, seats, told }
    }

    /// Takes in the bars of a time before trading.
    pub fn observe(&mut self, block: &Block<'_>) -> Result<(), Refused> {
        for (symbol, bar) in block.instants() {
            if let Some(own) = self.places[symbol] {
                let observed = self.strategy.observe(own, bar);
                observed.map_err(|source| Refused { at_ms: bar.at_ms, symbol, source })?;
            }
        }
        Ok(())
    }

    /// Decides on every bar and adds what changed.
    pub fn decide(&mut self, block: &Block<'_>, changes: &mut Changes) -> Result<(), Refused> {
        for own in 0..self.symbols.len() {
            let symbol = self.symbols[own];
            let mut rest = block.bars(symbol);
            let mut number = 0;
            while let [bar, ..] = rest {
                let Some(taken) = self.strategy.run_ahead(own, rest) else {
                    return self.decide_in_order(block, changes);
                };
                let taken = taken.map_err(|source| Refused { at_ms: bar.at_ms, symbol, source })?;
                let at_ms = rest[taken - 1].at_ms;
                (rest, number) = (&rest[taken..], number + taken);
                let at = At { at_ms, symbol, number: number - 1 };
                self.tell(own, self.strategy.target_qty_nanos(own), at, changes);
            }
        }
        Ok(())
    }

    /// As [`Self::decide`], with the bars in the order of time: for strategies that compare symbols.
    fn decide_in_order(&mut self, block: &Block<'_>, changes: &mut Changes) -> Result<(), Refused> {
        let mut passed = vec![0; self.places.len()];
        let mut decisions = Vec::new();
        for (symbol, bar) in block.instants() {
            let at = At { at_ms: bar.at_ms, symbol, number: passed[symbol] };
            passed[symbol] += 1;
            let Some(own) = self.places[symbol] else { continue };
            let decided = self.strategy.decide(own, bar, &mut decisions);
            decided.map_err(|source| Refused { at_ms: bar.at_ms, symbol, source })?;
            for (own, decision) in decisions.drain(..) {
                self.tell(own, decision.target_qty_nanos, at, changes);
            }
        }
        Ok(())
    }

    fn tell(&mut self, own: usize, wanted: QtyNanos, at: At, changes: &mut Changes) {
        if self.told[own] == wanted {
            return;
        }
        self.told[own] = wanted;
        let reason = if changes.explained { self.strategy.reason(own) } else { Reason::new("", &[]) };
        changes.all.push(Change { at, seat: self.seats[own], wanted, reason });
    }
}
