//! The positions of a strategy that compares symbols: all or none of them are decided on together.
//!
//! There is no stop on a single position here: leaving one leg would leave the others without their hedge. What is
//! shared is the drawdown stop, over the whole book.

use super::exits::Drawdown;
use super::instants::Instants;
use super::sizing::Sizing;
use super::{Action, BarRefused, Decision, Reason, Unit};
use crate::bars::Bar;
use crate::money::{NANOS_PER_SHARE, PriceTicks, QtyNanos};

/// The positions wanted, marked at every instant of which all symbols have a bar.
#[derive(Debug, Clone)]
pub(super) struct Basket {
    instants: Instants,
    sizing: Sizing,
    drawdown: Drawdown,
    closes: Vec<PriceTicks>, // of the last whole instant; empty before the first
    shares: Vec<i64>,
    instants_seen: usize,
}

/// What a bar brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Brought {
    /// The instant is not whole yet.
    Nothing,
    /// An instant is whole that is too old to be decided on.
    Old,
    /// The newest instant is whole.
    New,
}

impl Basket {
    /// Starts flat. At most `legs` positions are held at once.
    pub fn new(symbols: usize, legs: usize, sizing: Sizing, drawdown_pct: f64, rearm_bars: usize) -> Self {
        Self {
            instants: Instants::new(symbols),
            sizing,
            drawdown: Drawdown::new(sizing.limit_ticks() * legs as f64, drawdown_pct, rearm_bars),
            closes: Vec::with_capacity(symbols),
            shares: vec![0; symbols],
            instants_seen: 0,
        }
    }

    /// Takes in a bar; once its instant is whole, brings closes and equity up to date.
    #[inline]
    pub fn take(&mut self, symbol: usize, bar: &Bar) -> Result<Brought, BarRefused> {
        let Some(instant) = self.instants.push(symbol, bar)? else { return Ok(Brought::Nothing) };
        if self.shares.iter().all(|shares| *shares == 0) {
            self.drawdown.pass();
        } else {
            let moved =
                instant.closes.iter().zip(&self.closes).map(|(after, before)| (after - before) as f64);
            self.drawdown.mark(moved.zip(&self.shares).map(|(moved, shares)| moved * *shares as f64).sum());
        }
        let brought = if instant.is_newest { Brought::New } else { Brought::Old };
        self.closes.clear();
        self.closes.extend(instant.closes);
        self.instants_seen += 1;
        Ok(brought)
    }

    /// How many instants were whole so far.
    pub fn instants_seen(&self) -> usize {
        self.instants_seen
    }

    /// The closes of the last whole instant, one a symbol; empty before the first.
    pub fn closes(&self) -> &[PriceTicks] {
        &self.closes
    }

    pub fn is_resting(&self) -> bool {
        self.drawdown.is_resting()
    }

    /// Whether a weight is worth a share of the symbol.
    pub fn buys(&self, symbol: usize, weight: f64) -> bool {
        self.sizing.shares(weight, self.closes[symbol]) != 0
    }

    /// Goes toward a weight for each symbol, within the limit, in whole shares; `None` keeps the position.
    pub fn aim(&mut self, weights: &[Option<f64>], decisions: &mut Vec<(usize, Decision)>) {
        for (symbol, weight) in weights.iter().enumerate() {
            let before = self.shares[symbol];
            if let Some(weight) = weight {
                self.shares[symbol] = self.sizing.settle(before, *weight, self.closes[symbol]);
            }
            decisions.push((symbol, self.decision(symbol, before)));
        }
    }

    /// Leaves every position.
    pub fn leave(&mut self, decisions: &mut Vec<(usize, Decision)>) {
        for symbol in 0..self.shares.len() {
            let before = std::mem::take(&mut self.shares[symbol]);
            decisions.push((symbol, self.decision(symbol, before)));
        }
    }

    /// Keeps every position.
    pub fn keep(&self, decisions: &mut Vec<(usize, Decision)>) {
        decisions.extend(
            (0..self.shares.len()).map(|symbol| (symbol, self.decision(symbol, self.shares[symbol]))),
        );
    }

    /// Decides on nothing yet.
    pub fn warm(&self, decisions: &mut Vec<(usize, Decision)>) {
        let decision = Decision { action: Action::Warming, target_qty_nanos: 0 };
        decisions.extend((0..self.shares.len()).map(|symbol| (symbol, decision)));
    }

    pub fn qty_nanos(&self, symbol: usize) -> QtyNanos {
        self.shares[symbol] * NANOS_PER_SHARE
    }

    /// A reason that begins with the symbol's close and the book's depth below its peak.
    pub fn reason(&self, rule: &'static str, symbol: usize) -> Reason {
        let close = self.closes.get(symbol).copied().unwrap_or(0);
        let drawdown = 100.0 * self.drawdown.depth();
        Reason::new(rule, &[("close", close as f64, Unit::Ticks), ("drawdown", drawdown, Unit::Percent)])
    }

    fn decision(&self, symbol: usize, before: i64) -> Decision {
        let action = Action::between(before, self.shares[symbol]);
        Decision { action, target_qty_nanos: self.qty_nanos(symbol) }
    }
}
