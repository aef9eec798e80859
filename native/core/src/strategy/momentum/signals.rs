//! The indicators of the strategy and what they say together.

use super::super::Unit;
use super::holding::Side;
use crate::bars::Bar;
use crate::indicators::{Adx, Atr, Average, Roc, Seed};

#[derive(Debug)]
pub struct Signals {
    fast: Average,
    slow: Average,
    roc: Roc,
    adx: Adx,
    atr: Atr,
    warm_up_bars: usize,
}

/// The values at one close. Prices and ATR are in ticks, ROC in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub fast: f64,
    pub slow: f64,
    pub roc: f64,
    pub adx: f64,
    pub atr: f64,
}

impl Signals {
    pub fn new(fast: usize, slow: usize, roc: usize, adx: usize, atr: usize) -> Self {
        Self {
            fast: Average::exponential(fast, Seed::Mean),
            slow: Average::exponential(slow, Seed::Mean),
            roc: Roc::new(roc),
            adx: Adx::new(adx),
            atr: Atr::new(atr),
            warm_up_bars: slow.max(roc + 1).max(2 * adx).max(atr + 1),
        }
    }

    pub fn warm_up_bars(&self) -> usize {
        self.warm_up_bars
    }

    /// Feeds every indicator; `None` until all are warm.
    pub fn push(&mut self, bar: &Bar) -> Option<Reading> {
        let close = bar.close_ticks as f64;
        let fast = self.fast.push(close);
        let slow = self.slow.push(close);
        let roc = self.roc.push(close);
        let adx = self.adx.push(bar);
        let atr = self.atr.push(bar);
        Some(Reading { fast: fast?, slow: slow?, roc: roc?, adx: adx?, atr: atr? })
    }
}

impl Reading {
    /// The sign of fast - slow; `None` when they are equal.
    pub fn trend(&self) -> Option<Side> {
        sign(self.fast - self.slow)
    }

    /// The side to enter: the trend, if the rate of change agrees and the market trends strongly enough.
    pub fn entry(&self, adx_floor: f64) -> Option<Side> {
        self.trend().filter(|side| sign(self.roc) == Some(*side) && self.adx > adx_floor)
    }

    /// What a reason says of it.
    pub fn measures(&self) -> [(&'static str, f64, Unit); 4] {
        [
            ("fast", self.fast, Unit::Ticks),
            ("slow", self.slow, Unit::Ticks),
            ("roc", self.roc, Unit::Percent),
            ("adx", self.adx, Unit::Number),
        ]
    }
}

fn sign(value: f64) -> Option<Side> {
    if value > 0.0 {
        Some(Side::Long)
    } else if value < 0.0 {
        Some(Side::Short)
    } else {
        None
    }
}
