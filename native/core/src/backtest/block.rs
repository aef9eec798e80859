//! A stretch of time: the bars of all symbols in it.

use super::instants::Instants;
use crate::bars::Bar;

/// One slice of bars a symbol, in the order of time.
#[derive(Debug, Clone)]
pub struct Block<'a> {
    bars: Vec<&'a [Bar]>,
}

impl<'a> Block<'a> {
    pub fn new(bars: impl Iterator<Item = &'a [Bar]>) -> Self {
        Self { bars: bars.collect() }
    }

    /// How many symbols there are.
    pub fn symbols(&self) -> usize {
        self.bars.len()
    }

    pub fn bars(&self, symbol: usize) -> &'a [Bar] {
        self.bars[symbol]
    }

    /// Whether all symbols have a bar at every instant.
    pub fn is_together(&self) -> bool {
        let [first, others @ ..] = &self.bars[..] else { return false };
        let is_same = |bars: &&[Bar]| {
            bars.len() == first.len() && bars.iter().zip(*first).all(|(bar, other)| bar.at_ms == other.at_ms)
        };
        others.iter().all(is_same)
    }

    /// Bars of all symbols.
    pub fn len(&self) -> usize {
        self.bars.iter().map(|bars| bars.len()).sum()
    }

    /// The first instant; `None` when there are no bars.
    pub fn first_ms(&self) -> Option<i64> {
        self.bars.iter().filter_map(|bars| bars.first()).map(|bar| bar.at_ms).min()
    }

    /// All bars by instant, and in the order of the symbols within one.
    pub fn instants(&self) -> Instants<'a> {
        Instants::new(self.bars.clone())
    }

    /// Takes whole instants off the front, until a symbol has `most` bars (at least 1) in them.
    pub fn take(&mut self, most: usize) -> Self {
        let ends = self.bars.iter().filter_map(|bars| bars.get(most - 1)).map(|bar| bar.at_ms);
        let end_ms = ends.min().unwrap_or(i64::MAX);
        let take = |bars: &mut &'a [Bar]| {
            // No symbol has more than `most` until then, and most have all of them: a search would be through memory that
            // no cache holds yet.
            let near = &bars[..most.min(bars.len())];
            let count = match near {
                [.., last] if last.at_ms <= end_ms => near.len(),
                _ => near.partition_point(|bar| bar.at_ms <= end_ms),
            };
            let (front, rest) = bars.split_at(count);
            *bars = rest;
            front
        };
        Self { bars: self.bars.iter_mut().map(take).collect() }
    }
}
