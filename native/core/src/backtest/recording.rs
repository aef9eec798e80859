//! Records instants at which nothing is traded.

use std::ops::Range;

use smallvec::SmallVec;

use super::block::Block;
use super::floor::Floor;
use crate::bars::Bar;
use crate::metrics::CurvePoint;
use crate::money::{MICROS_PER_TICK, Micros};

/// What a price tick is worth to the account in a symbol, and the symbol's bars.
type Held<'a> = (Micros, &'a [Bar]);

impl Floor {
    /// Takes the bars of an instant for the last.
    pub fn see(&mut self, block: &Block<'_>, number: usize) {
        for (symbol, last) in self.last.iter_mut().enumerate() {
            *last = block.bars(symbol)[number];
        }
    }

    /// Records the ends of some instants of a block whose symbols have their bars together, but not that of the last. Stops
    /// early where it takes a closer look: a period ends, all is lost, or an amount leaves the range. Gives how many it
    /// recorded.
    pub fn record_run(&mut self, block: &Block<'_>, numbers: Range<usize>) -> usize {
        let Some(held) = self.held(block, &numbers) else { return 0 };
        let bars = &block.bars(0)[numbers];
        let (cash, mut digest, mut done) = (self.account.cash, self.digest, 0);
        for (end, bar) in self.recorder.room(bars).iter_mut().zip(bars) {
            let Some(equity) = equity_at(cash, &held, done).filter(|equity| *equity > 0) else { break };
            digest.push(equity);
            *end = CurvePoint { at_ms: bar.at_ms, equity_micros: equity };
            done += 1;
        }
        self.digest = digest;
        self.recorder.add(done, !held.is_empty());
        done
    }

    fn held<'a>(&self, block: &Block<'a>, numbers: &Range<usize>) -> Option<SmallVec<[Held<'a>; 4]>> {
        let held = self.shares.iter().enumerate().filter(|(_, shares)| **shares != 0);
        let worth = |(symbol, shares): (usize, &i64)| {
            Some((shares.checked_mul(MICROS_PER_TICK)?, &block.bars(symbol)[numbers.clone()]))
        };
        held.map(worth).collect()
    }
}

#[inline]
fn equity_at(cash: Micros, held: &[Held<'_>], number: usize) -> Option<Micros> {
    held.iter().try_fold(cash, |equity, (worth, bars)| {
        equity.checked_add(worth.checked_mul(bars[number].close_ticks)?)
    })
}
