//! Goes through a block when it is decided on: fills what waits, hears what changed, values the account.

use std::ops::Range;

use super::BacktestError;
use super::block::Block;
use super::deciding::{At, Change};
use super::engine::Engine;
use crate::bars::Bar;
use crate::money::Micros;
use crate::strategy::Strategy;

impl<S: Strategy> Engine<S> {
    /// Trades and records bars as they come.
    pub(super) fn trade_all(&mut self, block: &Block<'_>, changes: &[Change]) -> Result<(), BacktestError> {
        let mut changes = changes;
        for (symbol, bar) in block.instants() {
            self.trade(symbol, bar)?;
            changes = self.hear(changes, |at| at.at_ms == bar.at_ms && at.symbol == symbol)?;
        }
        Ok(())
    }

    /// As [`Self::trade_all`], of symbols that have their bars together: what lies between two trades is recorded as one.
    pub(super) fn trade_together(
        &mut self,
        block: &Block<'_>,
        changes: &[Change],
    ) -> Result<(), BacktestError> {
        let mut changes = changes;
        let count = block.bars(0).len();
        let mut number = 0;
        while number < count {
            if !self.floor.is_waiting() {
                let until = changes.first().map_or(count, |change| change.at.number + 1);
                self.rest(block, number..until)?;
                number = until;
                changes = self.hear(changes, |at| at.number < until)?;
                continue;
            }
            for symbol in 0..block.symbols() {
                self.trade(symbol, &block.bars(symbol)[number])?;
                changes = self.hear(changes, |at| at.number == number && at.symbol == symbol)?;
            }
            number += 1;
        }
        Ok(())
    }

    /// Hears the first changes, as long as they were made at such a bar, and gives the others.
    fn hear<'a>(
        &mut self,
        changes: &'a [Change],
        is_here: impl Fn(&At) -> bool,
    ) -> Result<&'a [Change], BacktestError> {
        let mut rest = changes;
        while let [change, later @ ..] = rest
            && is_here(&change.at)
        {
            self.floor.hear(change)?;
            rest = later;
        }
        Ok(rest)
    }

    /// Goes through instants at which nothing is traded.
    fn rest(&mut self, block: &Block<'_>, numbers: Range<usize>) -> Result<(), BacktestError> {
        let mut number = numbers.start;
        while number < numbers.end {
            self.next_instant(block.bars(0)[number].at_ms)?;
            // Lenders are paid from one instant to the next.
            if self.floor.setup.costs.borrow_e9 == 0 {
                number += self.floor.record_run(block, number..numbers.end);
                self.now = Some(block.bars(0)[number].at_ms);
            }
            self.floor.see(block, number);
            number += 1;
        }
        Ok(())
    }

    /// Takes in a bar: what waited for it is filled.
    fn trade(&mut self, symbol: usize, bar: &Bar) -> Result<(), BacktestError> {
        if self.now != Some(bar.at_ms) {
            self.next_instant(bar.at_ms)?;
        }
        if self.floor.waiting[symbol] < bar.at_ms {
            self.floor.trade(symbol, bar)?;
        }
        self.floor.last[symbol] = *bar;
        Ok(())
    }

    /// Ends the instant before and begins the next.
    #[inline]
    fn next_instant(&mut self, at_ms: i64) -> Result<(), BacktestError> {
        if let Some(last_ms) = self.now {
            self.end_instant(last_ms, Some(at_ms))?;
            if self.floor.setup.costs.borrow_e9 > 0 {
                self.floor.pay_lenders(at_ms - last_ms, at_ms)?;
            }
        }
        self.now = Some(at_ms);
        self.floor.traded_now = false;
        Ok(())
    }

    #[inline]
    pub(super) fn end_instant(&mut self, at_ms: i64, next_ms: Option<i64>) -> Result<(), BacktestError> {
        let mut equity = self.floor.equity().ok_or(BacktestError::Overflow { at_ms })?;
        if equity <= 0 && self.ruined_at_ms.is_none() {
            equity = self.ruin(at_ms)?;
        }
        let floor = &mut self.floor;
        floor.digest.push(equity);
        let is_exposed = floor.traded_now || floor.shares.iter().any(|shares| *shares != 0);
        let (market, last) = (&self.market, &floor.last);
        floor.recorder.push(at_ms, next_ms, equity, is_exposed, || market.level(last.iter()));
        Ok(())
    }

    /// Closes everything: the equity is gone.
    #[cold]
    fn ruin(&mut self, at_ms: i64) -> Result<Micros, BacktestError> {
        self.ruined_at_ms = Some(at_ms);
        self.floor.close_all("ruined", at_ms, |bar| bar.close_ticks)?;
        self.floor.is_closed = true;
        self.floor.equity().ok_or(BacktestError::Overflow { at_ms })
    }
}
