//! The loop, a block of bars at a time: the strategies decide on all of it, then it is traded and recorded bar by bar.
//! A decision is heard only when its bar has come, so that nothing is traded earlier than if each bar had come alone.
//! Compiled anew for each kind of strategy.

use std::ops::Range;

use super::BacktestError;
use super::agent::{Agent, Sizing, check_agents};
use super::block::Block;
use super::deciding::{Change, Changes, Running};
use super::floor::Floor;
use super::market::Market;
use super::outcome::Outcome;
use super::setup::{AtEnd, Setup};
use crate::bars::Bar;
use crate::metrics::Recorder;
use crate::money::Micros;
use crate::strategy::Strategy;

/// Bars of a symbol in a block: few enough to stay in the fastest cache from the decision to the record (24 KiB).
pub const BLOCK: usize = 512;

/// A backtest under way.
pub struct Engine<S> {
    agents: Vec<Running<S>>,
    floor: Floor,
    now: Option<i64>, // the instant that is not ended yet
    bars: u64,
    changes: Changes,
    market: Market,
    ruined_at_ms: Option<i64>,
}

impl<S: Strategy> Engine<S> {
    /// Prepares a backtest over `symbols`.
    ///
    /// # Errors
    /// A setting or an agent that is not possible.
    pub fn new(symbols: &[String], agents: Vec<Agent<S>>, setup: &Setup) -> Result<Self, BacktestError> {
        setup.check()?;
        check_agents(symbols, &agents)?;
        let mut places = Vec::new();
        let mut running = Vec::with_capacity(agents.len());
        for Agent { id, strategy, symbols: own, sizing } in agents {
            let seat = places.len();
            places.extend(own.iter().map(|symbol| (id.clone(), *symbol, sizing == Sizing::AllIn)));
            running.push(Running::new(strategy, own, seat, symbols.len()));
        }
        Ok(Self {
            agents: running,
            floor: Floor::new(symbols.to_vec(), *setup, places),
            now: None,
            bars: 0,
            changes: Changes { all: Vec::new(), explained: true },
            market: Market::default(),
            ruined_at_ms: None,
        })
    }

    /// Goes on with the record of a run that ended with this run's cash.
    pub fn resume(&mut self, record: Recorder) {
        self.floor.recorder = record;
        self.floor.recorder.leave_market();
    }

    /// Bars taken in.
    pub fn bars(&self) -> u64 {
        self.bars
    }

    /// Takes in the first bars of what is to come: of later instants than all before.
    ///
    /// # Errors
    /// A bar that no market makes, a target that is not whole, an amount out of range.
    pub fn step(&mut self, rest: &mut Block<'_>) -> Result<(), BacktestError> {
        let trades = rest.first_ms() >= Some(self.floor.setup.trade_from_ms);
        // While it is open from where the market is measured, the strategies are asked after every instant.
        let block = rest.take(if trades && self.market.is_warm() { BLOCK } else { 1 });
        self.bars += block.len() as u64;
        if !trades {
            return self.observe(&block);
        }
        self.changes.explained = self.floor.is_listing();
        for agent in &mut self.agents {
            agent.decide(&block, &mut self.changes).map_err(|refused| refused.named(&self.floor.symbols))?;
        }
        let mut changes = std::mem::take(&mut self.changes.all);
        // Stable: at one bar, the agents stay in their order.
        changes.sort_by_key(|change| (change.at.at_ms, change.at.symbol));
        if block.is_together() {
            self.trade_together(&block, &mut changes)?;
        } else {
            self.trade_all(&block, &mut changes)?;
        }
        self.changes.all = changes;
        if !self.market.is_warm() {
            self.warm_up();
        }
        Ok(())
    }

    /// Takes in an instant of the time before trading.
    fn observe(&mut self, block: &Block<'_>) -> Result<(), BacktestError> {
        for agent in &mut self.agents {
            agent.observe(block).map_err(|refused| refused.named(&self.floor.symbols))?;
        }
        for (symbol, bar) in block.instants() {
            self.floor.last[symbol] = *bar;
        }
        // The market is measured from the last bar before trading.
        self.market = Market::default();
        self.warm_up();
        Ok(())
    }

    /// Looks whether the strategies can decide from the next bars on, and from where the market is measured.
    fn warm_up(&mut self) {
        let floor = &self.floor;
        if (0..floor.symbols.len()).all(|symbol| floor.has_bar(symbol)) {
            self.market.push(&floor.last, self.agents.iter().all(|agent| agent.strategy.is_warm()));
        }
    }

    /// Trades and records bars as they come.
    fn trade_all(&mut self, block: &Block<'_>, changes: &mut Vec<Change>) -> Result<(), BacktestError> {
        let mut changes = changes.drain(..).peekable();
        for (symbol, bar) in block.instants() {
            self.trade(symbol, bar)?;
            let is_here = |change: &Change| change.at.at_ms == bar.at_ms && change.at.symbol == symbol;
            while let Some(change) = changes.next_if(is_here) {
                self.floor.hear(change)?;
            }
        }
        Ok(())
    }

    /// As [`Self::trade_all`], of symbols that have their bars together: what lies between two trades is recorded as one.
    fn trade_together(&mut self, block: &Block<'_>, changes: &mut Vec<Change>) -> Result<(), BacktestError> {
        let mut changes = changes.drain(..).peekable();
        let count = block.bars(0).len();
        let mut number = 0;
        while number < count {
            let quiet_until = changes.peek().map_or(count, |change| change.at.number);
            if number < quiet_until && !self.floor.is_waiting() {
                self.record_run(block, number..quiet_until)?;
                number = quiet_until;
                continue;
            }
            for symbol in 0..block.symbols() {
                self.trade(symbol, &block.bars(symbol)[number])?;
                let is_here = |change: &Change| change.at.number == number && change.at.symbol == symbol;
                while let Some(change) = changes.next_if(is_here) {
                    self.floor.hear(change)?;
                }
            }
            number += 1;
        }
        Ok(())
    }

    /// Records instants at which nothing is traded; at least one.
    fn record_run(&mut self, block: &Block<'_>, numbers: Range<usize>) -> Result<(), BacktestError> {
        self.pass(block, numbers.start)?;
        let last = numbers.end - 1;
        let last_ms = block.bars(0)[last].at_ms;
        if self.floor.setup.costs.borrow_e9 == 0
            && self.floor.recorder.is_within_period(last_ms)
            && self.floor.record_run(block, numbers.start..last).is_some()
        {
            self.now = Some(last_ms);
            self.floor.see(block, last);
            return Ok(());
        }
        (numbers.start + 1..numbers.end).try_for_each(|number| self.pass(block, number))
    }

    /// Takes in an instant at which nothing is traded.
    fn pass(&mut self, block: &Block<'_>, number: usize) -> Result<(), BacktestError> {
        self.next_instant(block.bars(0)[number].at_ms)?;
        self.floor.see(block, number);
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
    fn end_instant(&mut self, at_ms: i64, next_ms: Option<i64>) -> Result<(), BacktestError> {
        let mut equity = self.floor.equity().ok_or(BacktestError::Overflow { at_ms })?;
        if equity <= 0 && self.ruined_at_ms.is_none() {
            equity = self.ruin(at_ms)?;
        }
        let floor = &mut self.floor;
        floor.digest.push(equity);
        let is_exposed = floor.traded_now || floor.shares.iter().any(|shares| *shares != 0);
        let (market, last) = (&self.market, &floor.last);
        floor.recorder.push(at_ms, next_ms, equity, is_exposed, || market.level(last));
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

    /// Ends the backtest.
    ///
    /// # Errors
    /// Fewer than two instants.
    pub fn finish(mut self) -> Result<Outcome, BacktestError> {
        let Some(at_ms) = self.now else { return Err(BacktestError::Empty("the stream".to_owned())) };
        match self.floor.setup.at_end {
            AtEnd::Keep => {}
            AtEnd::CloseAtClose => self.floor.close_all("end of data", at_ms, |bar| bar.close_ticks)?,
            AtEnd::CloseAtOpen => {
                let price = |bar: &Bar| if bar.at_ms == at_ms { bar.open_ticks } else { bar.close_ticks };
                self.floor.close_all("end of data", at_ms, price)?;
            }
        }
        self.end_instant(at_ms, None)?;
        if self.floor.recorder.instants() < 2 {
            return Err(BacktestError::OneBar("the stream".to_owned()));
        }
        self.floor.verify(at_ms);
        Outcome::of(self.floor, &self.market, self.bars, self.ruined_at_ms)
            .ok_or(BacktestError::Overflow { at_ms })
    }
}
