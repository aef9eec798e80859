//! Records runs of instants at which nothing is traded.

use std::ops::Range;

use super::block::Block;
use super::floor::Floor;
use crate::metrics::Run;
use crate::money::{MICROS_PER_TICK, Micros};

impl Floor {
    /// Takes the bars of an instant for the last.
    pub fn see(&mut self, block: &Block<'_>, number: usize) {
        for (symbol, last) in self.last.iter_mut().enumerate() {
            *last = block.bars(symbol)[number];
        }
    }

    /// Records the ends of some instants of a block whose symbols have their bars together; no period ends there. `None`,
    /// and nothing is recorded, where it takes a closer look: all is lost, or an amount leaves the range.
    pub fn record_run(&mut self, block: &Block<'_>, numbers: Range<usize>) -> Option<()> {
        let mut equities = std::mem::take(&mut self.equities);
        let recorded = self.record_equities(block, numbers, &mut equities);
        self.equities = equities;
        recorded
    }

    fn record_equities(
        &mut self,
        block: &Block<'_>,
        numbers: Range<usize>,
        equities: &mut Vec<Micros>,
    ) -> Option<()> {
        equities.clear();
        equities.resize(numbers.len(), self.account.cash);
        let mut is_exposed = false;
        for (symbol, shares) in self.shares.iter().enumerate().filter(|(_, shares)| **shares != 0) {
            let worth = shares.checked_mul(MICROS_PER_TICK)?;
            for (equity, bar) in equities.iter_mut().zip(&block.bars(symbol)[numbers.clone()]) {
                *equity = equity.checked_add(worth.checked_mul(bar.close_ticks)?)?;
            }
            is_exposed = true;
        }
        let (mut low, mut high, mut digest) = (Micros::MAX, Micros::MIN, self.digest);
        for equity in equities.iter() {
            (low, high) = (low.min(*equity), high.max(*equity));
            digest.push(*equity);
        }
        if low <= 0 {
            return None;
        }
        self.digest = digest;
        self.recorder.push_run(&Run { bars: &block.bars(0)[numbers], equities, low, high, is_exposed });
        Some(())
    }
}
