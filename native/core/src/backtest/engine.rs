//! The loop, a block of bars at a time: the strategies decide on all of it, then it is traded and recorded bar by bar.
//! A decision is heard only when its bar has come, so that nothing is traded earlier than if each bar had come alone.
//! Compiled anew for each kind of strategy.

use super::BacktestError;
use super::agent::{Agent, Sizing, check_agents};
use super::block::Block;
use super::deciding::{Changes, Running};
use super::floor::Floor;
use super::market::Market;
use super::outcome::Outcome;
use super::setup::{AtEnd, Setup};
use crate::bars::Bar;
use crate::metrics::Recorder;
use crate::strategy::Strategy;

/// Bars of a symbol in a block: few enough to stay in the fastest cache from the decision to the record (24 KiB).
pub const BLOCK: usize = 512;

/// A backtest under way.
pub struct Engine<S> {
    agents: Vec<Running<S>>,
    pub(super) floor: Floor,
    pub(super) now: Option<i64>, // the instant that is not ended yet
    bars: u64,
    changes: Changes,
    pub(super) market: Market,
    pub(super) ruined_at_ms: Option<i64>,
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
            self.trade_together(&block, &changes)?;
        } else {
            self.trade_all(&block, &changes)?;
        }
        changes.clear();
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
