//! Momentum on completed bars: two EMAs that must agree with the rate of change, in a market that trends.
//!
//! Enters with the sign of EMA(fast) - EMA(slow) when ROC has the same sign and ADX is above its floor. Leaves when
//! the EMAs cross back, turning round if the entry rule holds on the other side, or when the close reaches a stop
//! that trails the best price since entry by a multiple of ATR and never loosens. A side that was stopped out is
//! entered again only after the EMAs have crossed. Everything is decided at the close, for the next bar.

mod coasting;
mod holding;
mod last;
mod signals;
mod spec;
mod steady;

use std::collections::BTreeMap;

use self::holding::{Holding, Side};
use self::last::{Last, Rule};
use self::signals::{Reading, Signals};
use self::spec::PARAMS;
pub(super) use self::spec::SPEC;
use super::params::{StrategyError, parse};
use super::sizing::whole_shares;
use super::{Action, BarRefused, Decision, Reason, SymbolStrategy, Unit, bar_guard};
use crate::bars::Bar;
use crate::money::{MICROS_PER_TICK, Micros, NANOS_PER_SHARE, PriceTicks, QtyNanos};

/// The momentum strategy on one symbol.
#[derive(Debug)]
pub struct Momentum {
    signals: Signals,
    adx_floor: f64,
    stop_atr: f64,
    max_position: Micros, // positive
    last_at_ms: Option<i64>,
    bars_seen: usize,
    holding: Option<Holding>,
    stopped: Option<Side>, // the side not to be entered before the next cross
    last: Last,
}

impl Momentum {
    /// Builds the strategy, flat and cold. Refuses parameters outside [`PARAMS`] and a slow EMA that is not slower.
    pub fn new(params: &BTreeMap<String, f64>, max_position: Micros) -> Result<Self, StrategyError> {
        let [fast, slow, roc, adx, adx_floor, atr, stop_atr] = parse(PARAMS, params)?;
        // Exact: the ranges only let small whole numbers through.
        let (fast, slow) = (fast as usize, slow as usize);
        if slow <= fast {
            return Err(StrategyError::SlowNotSlower { fast, slow });
        }
        if max_position <= 0 {
            return Err(StrategyError::MaxPositionInvalid(max_position));
        }
        let signals = Signals::new(fast, slow, roc as usize, adx as usize, atr as usize);
        Ok(Self {
            signals,
            adx_floor,
            stop_atr,
            max_position,
            last_at_ms: None,
            bars_seen: 0,
            holding: None,
            stopped: None,
            last: Last { rule: Rule::Warming, close: 0, stop: None, reading: None },
        })
    }

    /// How many bars it takes before the first decision; that bar is decided on.
    pub fn warm_up_bars(&self) -> usize {
        self.signals.warm_up_bars()
    }

    /// Brings everything but the position up to date.
    #[inline]
    fn take(&mut self, bar: &Bar) -> Result<Option<Reading>, BarRefused> {
        bar_guard::check(bar, self.last_at_ms)?;
        self.last_at_ms = Some(bar.at_ms);
        self.bars_seen += 1;
        let Some(reading) = self.signals.push(bar) else { return Ok(None) };
        if let Some(holding) = &mut self.holding {
            holding.trail(bar, reading.atr * self.stop_atr);
        }
        if self.stopped != reading.trend() {
            self.stopped = None;
        }
        Ok(Some(reading))
    }

    #[inline]
    fn decide_flat(&mut self, close: PriceTicks, reading: &Reading) -> (Action, Rule) {
        match reading.entry(self.adx_floor) {
            None => (Action::Hold, Rule::NoEntry),
            Some(side) if self.stopped == Some(side) => (Action::Hold, Rule::AwaitsCross),
            Some(side) => self.enter(Action::Enter, side, close, reading),
        }
    }

    #[inline]
    fn decide_held(&mut self, holding: Holding, close: PriceTicks, reading: &Reading) -> (Action, Rule) {
        if reading.trend() == Some(holding.side.opposite()) {
            self.holding = None;
            return match reading.entry(self.adx_floor) {
                Some(side) => self.enter(Action::Reverse, side, close, reading),
                None => (Action::Exit, Rule::Crossed),
            };
        }
        if holding.is_stopped(close) {
            self.holding = None;
            self.stopped = Some(holding.side).filter(|side| reading.trend() == Some(*side));
            return (Action::Exit, Rule::Stopped);
        }
        (Action::Hold, Rule::Holds)
    }

    /// Does what the reading at a close asks for.
    #[inline]
    fn act(&mut self, close: PriceTicks, reading: Option<Reading>) -> Action {
        let before = self.holding;
        let (action, rule) = match (&reading, before) {
            (None, _) => (Action::Warming, Rule::Warming),
            (Some(reading), None) => self.decide_flat(close, reading),
            (Some(reading), Some(holding)) => self.decide_held(holding, close, reading),
        };
        let stop = self.holding.or(before).map(|holding| holding.stop);
        self.last = Last { rule, close, stop, reading };
        action
    }

    /// Takes a position if the limit buys a share; a reversal that cannot is an exit.
    #[cold]
    fn enter(&mut self, action: Action, side: Side, close: PriceTicks, reading: &Reading) -> (Action, Rule) {
        let shares = whole_shares(self.max_position, close);
        if shares == 0 {
            let action = if action == Action::Reverse { Action::Exit } else { Action::Hold };
            return (action, Rule::Unaffordable);
        }
        let distance = reading.atr * self.stop_atr;
        self.holding = Some(Holding::open(side, shares * NANOS_PER_SHARE, close, distance));
        (action, Rule::WithTrend)
    }
}

impl SymbolStrategy for Momentum {
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused> {
        self.take(bar).map(drop)
    }

    #[inline]
    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused> {
        let reading = self.take(bar)?;
        let action = self.act(bar.close_ticks, reading);
        Ok(Decision { action, target_qty_nanos: self.target_qty_nanos() })
    }

    fn run_ahead(&mut self, bars: &[Bar]) -> Result<usize, BarRefused> {
        let before = self.target_qty_nanos();
        let mut taken = 0;
        while taken < bars.len() && self.target_qty_nanos() == before {
            let coasted = self.coast(&bars[taken..]);
            taken += coasted;
            if coasted == 0 {
                match self.decide(&bars[taken]) {
                    Ok(_) => taken += 1,
                    Err(refused) if taken == 0 => return Err(refused),
                    Err(_) => return Ok(taken),
                }
            }
        }
        Ok(taken)
    }

    fn is_warm(&self) -> bool {
        self.bars_seen + 1 >= self.warm_up_bars()
    }

    #[inline]
    fn target_qty_nanos(&self) -> QtyNanos {
        self.holding.map_or(0, |holding| holding.side.pick(holding.qty_nanos, -holding.qty_nanos))
    }

    fn reason(&self) -> Reason {
        let Last { rule, close, stop, reading } = self.last;
        let Some(reading) = reading else {
            let needed = self.warm_up_bars() as f64;
            return Reason::new(
                rule.name(),
                &[("bar", self.bars_seen as f64, Unit::Count), ("of", needed, Unit::Count)],
            );
        };
        let limit = (rule == Rule::Unaffordable).then_some((self.max_position / MICROS_PER_TICK) as f64);
        let measures = [("close", close as f64, Unit::Ticks)].into_iter();
        let measures = measures.chain(stop.map(|stop| ("stop", stop, Unit::Ticks)));
        let measures = measures.chain(reading.measures());
        Reason::of(rule.name(), measures.chain(limit.map(|limit| ("limit", limit, Unit::Ticks))))
    }
}
