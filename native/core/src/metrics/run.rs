//! Instants that follow each other without a trade: recorded together, they cost a fraction.

use crate::bars::Bar;
use crate::money::Micros;

/// Instants at which nothing was traded.
pub struct Run<'a> {
    /// A bar of each.
    pub bars: &'a [Bar],
    /// Equity at the close of each.
    pub equities: &'a [Micros],
    /// The lowest of them.
    pub low: Micros,
    /// The highest of them.
    pub high: Micros,
    /// Whether a position was held.
    pub is_exposed: bool,
}

impl<'a> Run<'a> {
    /// Each bar with its equity.
    pub(super) fn points(&self) -> impl Iterator<Item = (&'a Bar, Micros)> + use<'a> {
        self.bars.iter().zip(self.equities.iter().copied())
    }

    pub(super) fn last(&self) -> Option<(&'a Bar, Micros)> {
        self.bars.last().zip(self.equities.last().copied())
    }
}
