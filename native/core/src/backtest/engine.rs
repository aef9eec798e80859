//! The loop: bars in, decisions out, equity recorded. Compiled anew for each kind of strategy, so that a bar on which
//! nothing changes costs little more than the strategy itself.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::account::{Account, Book};
use super::floor::Floor;
use super::setup::{AtEnd, Setup};
use super::trades::{Denied, Trade};
use super::{BacktestError, Panel};
use crate::bars::Bar;
use crate::metrics::{CurvePoint, Metric, Recorder};
use crate::money::Micros;
use crate::strategy::{Decision, Reason, Strategy};

/// The progress of a backtest is told each time this many bars are done.
const TELL_EVERY: u64 = 65_536;

/// What an agent's targets mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sizing {
    /// They are the positions wanted.
    Targets,
    /// Only their signs count: each change buys, or sells short, as many whole shares as the cash at the open allows.
    AllIn,
}

/// One agent of a backtest.
#[derive(Debug)]
pub struct Agent<S> {
    /// Its name; each once.
    pub id: String,
    /// Its strategy, cold, over as many symbols as it follows.
    pub strategy: S,
    /// The symbols it follows, by their numbers, in its own order.
    pub symbols: Vec<usize>,
    /// What its targets mean.
    pub sizing: Sizing,
}

/// What came of a backtest.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Bars of all symbols.
    pub bars: u64,
    /// The figures.
    pub metrics: Vec<Metric>,
    /// What the figures are made from: for other trials, or to go on with.
    pub record: Recorder,
    /// The first closed trades, as many as are kept.
    pub trades: Vec<Trade>,
    /// The first refused orders, as many as are kept.
    pub denied: Vec<Denied>,
    /// How many orders were refused, by code.
    pub denials: BTreeMap<&'static str, u64>,
    /// Limit orders that were not reached.
    pub missed: u64,
    /// The equity, down-sampled with its extremes.
    pub curve: Vec<CurvePoint>,
    /// The account at the end.
    pub account: Account,
    /// The agents' books at the end.
    pub books: Vec<Book>,
    /// Value of all positions less their cost.
    pub unrealised: Micros,
    /// Equity at the end.
    pub equity: Micros,
    /// The instant at which all was lost; nothing was traded after it.
    pub ruined_at_ms: Option<i64>,
    /// The first instant at which the books did not balance: a bug.
    pub unbalanced_at_ms: Option<i64>,
    /// A digest of all fills and of the equity at every instant.
    pub hash: u64,
}

/// An agent as the loop sees it.
struct Running<S> {
    strategy: S,
    places: Vec<Option<usize>>, // its own number of each symbol
    seats: Vec<usize>,          // its places on the floor, by its own numbers
    told: Vec<i64>,             // what it wanted last, by its own numbers
}

/// A backtest under way.
pub struct Engine<S> {
    agents: Vec<Running<S>>,
    floor: Floor,
    now: Option<i64>,
    bars: u64,
    decisions: Vec<(usize, Decision)>,
    market: Market,
    ruined_at_ms: Option<i64>,
}

/// What just holding the symbols would have given.
struct Market {
    base: Option<Vec<f64>>, // closes at the first instant when all symbols had one
    warm: Option<Vec<f64>>, // closes at the last instant before the first decision
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
        for agent in agents {
            let mut own = vec![None; symbols.len()];
            let mut seats = Vec::with_capacity(agent.symbols.len());
            for (place, symbol) in agent.symbols.iter().enumerate() {
                own[*symbol] = Some(place);
                seats.push(places.len());
                places.push((agent.id.clone(), *symbol, agent.sizing == Sizing::AllIn));
            }
            let told = vec![0; seats.len()];
            running.push(Running { strategy: agent.strategy, places: own, seats, told });
        }
        Ok(Self {
            agents: running,
            floor: Floor::new(symbols.to_vec(), *setup, places),
            now: None,
            bars: 0,
            decisions: Vec::new(),
            market: Market { base: None, warm: None },
            ruined_at_ms: None,
        })
    }

    /// Takes the next bar in: of a later instant than the last, or of the same instant and another symbol.
    ///
    /// # Errors
    /// A bar that is out of order or that no market makes, a target that is not whole, an amount out of range.
    #[inline]
    pub fn push(&mut self, symbol: usize, bar: &Bar) -> Result<(), BacktestError> {
        if bar.at_ms < self.floor.setup.trade_from_ms {
            return self.observe(symbol, bar);
        }
        if self.now != Some(bar.at_ms) {
            self.next_instant(bar.at_ms)?;
        }
        if self.floor.waiting[symbol] < bar.at_ms {
            self.floor.trade(symbol, bar)?;
        }
        for agent in &mut self.agents {
            let Some(place) = agent.places[symbol] else { continue };
            self.decisions.clear();
            if let Err(source) = agent.strategy.decide(place, bar, &mut self.decisions) {
                return Err(self.floor.refused(symbol, bar.at_ms, source));
            }
            for (place, decision) in &self.decisions {
                if agent.told[*place] != decision.target_qty_nanos {
                    agent.hear(&mut self.floor, *place, decision.target_qty_nanos, bar.at_ms)?;
                }
            }
        }
        self.floor.last[symbol] = *bar;
        self.bars += 1;
        Ok(())
    }

    /// Takes in a bar of the time before trading.
    #[cold]
    fn observe(&mut self, symbol: usize, bar: &Bar) -> Result<(), BacktestError> {
        for agent in &mut self.agents {
            let Some(place) = agent.places[symbol] else { continue };
            agent
                .strategy
                .observe(place, bar)
                .map_err(|source| self.floor.refused(symbol, bar.at_ms, source))?;
        }
        self.floor.last[symbol] = *bar;
        self.bars += 1;
        // The market is measured from the last bar before trading.
        (self.market.base, self.market.warm) = (None, None);
        self.warm_up();
        Ok(())
    }

    /// Goes on with the record of a run that ended with this run's cash.
    pub fn resume(&mut self, record: Recorder) {
        self.floor.recorder = record;
        self.floor.recorder.leave_market();
    }

    /// Ends the instant before and begins the next.
    #[inline]
    fn next_instant(&mut self, at_ms: i64) -> Result<(), BacktestError> {
        if let Some(last_ms) = self.now {
            if at_ms < last_ms {
                return Err(BacktestError::NotInOrder { at_ms, last_ms });
            }
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
        if self.market.warm.is_none() {
            self.warm_up();
        }
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

    /// Looks whether the strategies can decide from the next bars on, and from where the market is measured.
    #[cold]
    fn warm_up(&mut self) {
        let count = self.floor.symbols.len();
        if !(0..count).all(|symbol| self.floor.has_bar(symbol)) {
            return;
        }
        let closes = || self.floor.last.iter().map(|bar| bar.close_ticks as f64).collect();
        if self.market.base.is_none() {
            self.market.base = Some(closes());
        }
        if self.agents.iter().all(|agent| agent.strategy.is_warm()) {
            self.market.warm = Some(closes());
        }
    }

    /// Closes everything: the equity is gone.
    #[cold]
    fn ruin(&mut self, at_ms: i64) -> Result<Micros, BacktestError> {
        self.ruined_at_ms = Some(at_ms);
        self.close_all("ruined", at_ms, |bar| bar.close_ticks)?;
        self.floor.is_closed = true;
        self.floor.equity().ok_or(BacktestError::Overflow { at_ms })
    }

    fn close_all(
        &mut self,
        rule: &'static str,
        at_ms: i64,
        price: impl Fn(&Bar) -> i64,
    ) -> Result<(), BacktestError> {
        self.floor.give_up(rule);
        for symbol in 0..self.floor.symbols.len() {
            if self.floor.has_bar(symbol) {
                let bar = self.floor.last[symbol];
                self.floor.close_out(symbol, at_ms, price(&bar))?;
            }
        }
        Ok(())
    }

    /// Ends the backtest.
    ///
    /// # Errors
    /// Fewer than two instants.
    pub fn finish(mut self) -> Result<Outcome, BacktestError> {
        let Some(at_ms) = self.now else { return Err(BacktestError::Empty("the stream".to_owned())) };
        match self.floor.setup.at_end {
            AtEnd::Keep => {}
            AtEnd::CloseAtClose => self.close_all("end of data", at_ms, |bar| bar.close_ticks)?,
            AtEnd::CloseAtOpen => {
                let price = |bar: &Bar| if bar.at_ms == at_ms { bar.open_ticks } else { bar.close_ticks };
                self.close_all("end of data", at_ms, price)?;
            }
        }
        self.end_instant(at_ms, None)?;
        if self.floor.recorder.instants() < 2 {
            return Err(BacktestError::OneBar("the stream".to_owned()));
        }
        self.outcome(at_ms)
    }

    fn outcome(self, at_ms: i64) -> Result<Outcome, BacktestError> {
        let mut floor = self.floor;
        floor.verify(at_ms);
        floor.recorder.set_market_return(self.market.held(&floor.last));
        let equity = floor.equity().ok_or(BacktestError::Overflow { at_ms })?;
        let cost: i64 = floor.account.positions.iter().map(|position| position.cost).sum();
        Ok(Outcome {
            bars: self.bars,
            metrics: floor.recorder.metrics(&floor.setup.trials),
            trades: floor.trades,
            denied: floor.denied,
            denials: floor.denials,
            missed: floor.missed,
            curve: floor.recorder.curve(),
            record: floor.recorder,
            unrealised: equity - floor.account.cash - cost,
            account: floor.account,
            books: floor.places.into_iter().map(|place| place.book).collect(),
            equity,
            ruined_at_ms: self.ruined_at_ms,
            unbalanced_at_ms: floor.unbalanced_at_ms,
            hash: floor.digest.value(),
        })
    }
}

impl<S: Strategy> Running<S> {
    /// Passes a new target on to the floor.
    #[cold]
    fn hear(&mut self, floor: &mut Floor, own: usize, wanted: i64, at_ms: i64) -> Result<(), BacktestError> {
        self.told[own] = wanted;
        let seat = self.seats[own];
        if !Floor::is_whole(wanted) {
            let book = &floor.places[seat].book;
            let (agent_id, symbol) = (book.agent_id.clone(), book.symbol.clone());
            return Err(BacktestError::TargetNotWhole { agent_id, symbol, qty_nanos: wanted });
        }
        // Words are found only for trades that will be listed.
        let reason = if floor.is_listing() { self.strategy.reason(own) } else { Reason::new("", &[]) };
        floor.want(seat, wanted, reason, at_ms);
        Ok(())
    }
}

impl Market {
    /// The mean of the symbols' closes, each over its first.
    fn level(&self, last: &[Bar]) -> Option<f64> {
        self.base.as_deref().map(|base| mean_ratio(last, base))
    }

    /// What holding all symbols from the first decision on gave, as a part.
    fn held(&self, last: &[Bar]) -> Option<f64> {
        self.warm.as_deref().map(|warm| mean_ratio(last, warm) - 1.0)
    }
}

fn mean_ratio(last: &[Bar], base: &[f64]) -> f64 {
    let ratios = last.iter().zip(base).map(|(bar, base)| bar.close_ticks as f64 / base);
    ratios.sum::<f64>() / base.len() as f64
}

fn check_agents<S>(symbols: &[String], agents: &[Agent<S>]) -> Result<(), BacktestError> {
    if agents.is_empty() {
        return Err(BacktestError::NoAgents);
    }
    for (at, agent) in agents.iter().enumerate() {
        let last = symbols.len().saturating_sub(1);
        let missing = agent.symbols.iter().copied().find(|symbol| *symbol >= symbols.len());
        if let Some(symbol) = missing {
            return Err(BacktestError::NoSuchSymbol { agent_id: agent.id.clone(), symbol, last });
        }
        let mut own = agent.symbols.clone();
        own.sort_unstable();
        own.dedup();
        if own.len() != agent.symbols.len() || agents[..at].iter().any(|other| other.id == agent.id) {
            return Err(BacktestError::AgentRepeated(agent.id.clone()));
        }
    }
    Ok(())
}

/// Told how many bars are done, and of how many; breaks to stop the backtest.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>;

/// Runs agents over a panel.
///
/// # Errors
/// See [`BacktestError`]; among them that `progress` broke it off.
pub fn run<S: Strategy>(
    panel: &Panel,
    agents: Vec<Agent<S>>,
    setup: &Setup,
    progress: Progress<'_>,
) -> Result<Outcome, BacktestError> {
    let total = panel.len() as u64;
    match panel.symbols() {
        [_] => run_stream(
            panel.symbols(),
            panel.bars(0).iter().map(|bar| (0, bar)),
            total,
            agents,
            setup,
            progress,
        ),
        _ => run_stream(panel.symbols(), panel.instants(), total, agents, setup, progress),
    }
}

/// Runs agents over a stream of bars, which it does not keep. `total` is only passed on to `progress`.
///
/// # Errors
/// As [`run`].
pub fn run_stream<S: Strategy, B: Borrow<Bar>>(
    symbols: &[String],
    bars: impl Iterator<Item = (usize, B)>,
    total: u64,
    agents: Vec<Agent<S>>,
    setup: &Setup,
    progress: Progress<'_>,
) -> Result<Outcome, BacktestError> {
    drive(Engine::new(symbols, agents, setup)?, bars, total, progress)
}

/// Runs agents over a panel as the continuation of a run that ended with `setup.cash`.
///
/// # Errors
/// As [`run`].
pub fn run_on<S: Strategy>(
    panel: &Panel,
    agents: Vec<Agent<S>>,
    setup: &Setup,
    record: Recorder,
    progress: Progress<'_>,
) -> Result<Outcome, BacktestError> {
    let mut engine = Engine::new(panel.symbols(), agents, setup)?;
    engine.resume(record);
    drive(engine, panel.instants(), panel.len() as u64, progress)
}

fn drive<S: Strategy, B: Borrow<Bar>>(
    mut engine: Engine<S>,
    bars: impl Iterator<Item = (usize, B)>,
    total: u64,
    progress: Progress<'_>,
) -> Result<Outcome, BacktestError> {
    let mut told = TELL_EVERY;
    for (symbol, bar) in bars {
        engine.push(symbol, bar.borrow())?;
        if engine.bars == told {
            told += TELL_EVERY;
            if progress(engine.bars, total).is_break() {
                return Err(BacktestError::Cancelled);
            }
        }
    }
    engine.finish()
}
