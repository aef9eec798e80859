//! The indicators once all are warm, in the shape in which a bar costs least: no look at whether there is a value yet,
//! two averages at a time, the true range taken once. Every result is the indicators' own, to the last bit.

use super::signals::Reading;
use crate::bars::Bar;
use crate::indicators::{Adx, Atr, Average, Roc, directional_index, directional_moves};
use crate::money::PriceTicks;

/// Exponential averages side by side.
#[derive(Debug, Clone, Copy)]
struct Lanes<const N: usize> {
    values: [f64; N],
    weights: [f64; N],
}

impl<const N: usize> Lanes<N> {
    fn of(averages: [&Average; N]) -> Option<Self> {
        let mut lanes = Self { values: [0.0; N], weights: averages.map(Average::weight) };
        for (value, average) in lanes.values.iter_mut().zip(averages) {
            *value = average.value()?;
        }
        Some(lanes)
    }

    #[inline]
    fn push(&mut self, inputs: [f64; N]) -> [f64; N] {
        for ((value, weight), input) in self.values.iter_mut().zip(&self.weights).zip(inputs) {
            *value += weight * (input - *value);
        }
        self.values
    }
}

#[derive(Debug)]
pub struct Steady {
    closes: Lanes<2>, // fast, slow
    moves: Lanes<2>,  // up, down
    ranges: Lanes<2>, // of the ADX, of the ATR
    index: Lanes<1>,
    // Of the bar before. High and low do not lie side by side: compilers would read them back as one, which a processor
    // can do only after both have left its store buffer.
    high: PriceTicks,
    close: PriceTicks,
    low: PriceTicks,
    past: Box<[f64]>, // a ring of closes
    oldest: usize,
}

impl Steady {
    /// Goes on from the indicators after `bar`; `None` until all are warm.
    pub fn after(bar: &Bar, [fast, slow]: [&Average; 2], roc: &Roc, adx: &Adx, atr: &Atr) -> Option<Self> {
        let beneath = adx.averages();
        roc.value()?;
        Some(Self {
            closes: Lanes::of([fast, slow])?,
            moves: Lanes::of([beneath.up, beneath.down])?,
            ranges: Lanes::of([beneath.range, atr.average()])?,
            index: Lanes::of([beneath.index])?,
            high: bar.high_ticks,
            low: bar.low_ticks,
            close: bar.close_ticks,
            past: roc.past().collect(),
            oldest: 0,
        })
    }

    /// Takes in the next bar; its prices are checked, so their differences are exact.
    #[inline]
    pub fn push(&mut self, bar: &Bar) -> Reading {
        let close = bar.close_ticks as f64;
        let [fast, slow] = self.closes.push([close, close]);
        let (up, down) = directional_moves(bar.high_ticks - self.high, self.low - bar.low_ticks);
        let [up, down] = self.moves.push([up, down]);
        let range = (bar.high_ticks.max(self.close) - bar.low_ticks.min(self.close)) as f64;
        let [range, atr] = self.ranges.push([range, range]);
        let [adx] = self.index.push([directional_index(up, down, range)]);
        (self.high, self.low, self.close) = (bar.high_ticks, bar.low_ticks, bar.close_ticks);
        Reading { fast, slow, roc: (close / self.replace(close) - 1.0) * 100.0, adx, atr }
    }

    /// Puts a close in the place of the oldest, which it gives.
    #[inline]
    fn replace(&mut self, close: f64) -> f64 {
        let period = self.past.len();
        let Some(slot) = self.past.get_mut(self.oldest) else { return close };
        self.oldest = if self.oldest + 1 == period { 0 } else { self.oldest + 1 };
        std::mem::replace(slot, close)
    }
}
