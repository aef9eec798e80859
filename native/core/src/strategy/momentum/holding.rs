//! A position wanted by the strategy, and the stop that trails it.

use crate::bars::Bar;
use crate::indicators::{greater, less};
use crate::money::{PriceTicks, QtyNanos};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Long,
    Short,
}

impl Side {
    pub fn opposite(self) -> Self {
        self.pick(Self::Short, Self::Long)
    }

    /// Chooses by side.
    pub fn pick<T>(self, long: T, short: T) -> T {
        match self {
            Self::Long => long,
            Self::Short => short,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Holding {
    pub side: Side,
    pub qty_nanos: QtyNanos, // positive
    /// In ticks; only ever moves in favour of the position.
    pub stop: f64,
    best: f64, // in ticks, the most favourable price since entry
}

impl Holding {
    pub fn open(side: Side, qty_nanos: QtyNanos, close: PriceTicks, distance: f64) -> Self {
        let best = close as f64;
        Self { side, qty_nanos, best, stop: best + side.pick(-distance, distance) }
    }

    /// Moves the stop after a bar; `distance` in ticks.
    pub fn trail(&mut self, bar: &Bar, distance: f64) {
        match self.side {
            Side::Long => {
                self.best = greater(self.best, bar.high_ticks as f64);
                self.stop = greater(self.stop, self.best - distance);
            }
            Side::Short => {
                self.best = less(self.best, bar.low_ticks as f64);
                self.stop = less(self.stop, self.best + distance);
            }
        }
    }

    pub fn is_stopped(&self, close: PriceTicks) -> bool {
        let close = close as f64;
        self.side.pick(close <= self.stop, close >= self.stop)
    }
}
