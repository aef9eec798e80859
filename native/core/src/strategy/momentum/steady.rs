//! The indicators once all are warm, in the shape in which a bar costs least: no look at whether there is a value yet,
//! two averages at a time, the true range taken once. Every result is the indicators' own, to the last bit.

use super::super::bar_guard;
use super::signals::Reading;
use crate::bars::Bar;
use crate::indicators::{Adx, Atr, Average, Roc, directional_index, directional_moves, greater, less};

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

/// What a bar changes, small enough to stay in registers from one to the next.
#[derive(Debug, Clone, Copy)]
struct Pace {
    closes: Lanes<2>, // fast, slow
    moves: Lanes<2>,  // up, down
    ranges: Lanes<2>, // of the ADX, of the ATR
    index: Lanes<1>,
    // Of the bar before, in ticks.
    high: f64,
    close: f64,
    low: f64,
    oldest: usize, // in the ring of closes
}

impl Pace {
    /// Takes in the next bar, whose prices are checked, so they and their differences are exact. Gives the close that the
    /// rate of change compares with; the ring `past` is the caller's to fill.
    #[inline]
    fn push(&mut self, bar: &Bar, past: &[f64]) -> f64 {
        let [high, low, close] = [bar.high_ticks, bar.low_ticks, bar.close_ticks].map(|ticks| ticks as f64);
        self.closes.push([close, close]);
        let (up, down) = directional_moves(high - self.high, self.low - low);
        let [up, down] = self.moves.push([up, down]);
        let range = greater(high, self.close) - less(low, self.close);
        let [range, _] = self.ranges.push([range, range]);
        self.index.push([directional_index(up, down, range)]);
        (self.high, self.low, self.close) = (high, low, close);
        let then = past[self.oldest];
        self.oldest = if self.oldest + 1 == past.len() { 0 } else { self.oldest + 1 };
        then
    }

    #[inline]
    fn reading(&self, then: f64) -> Reading {
        let ([fast, slow], [_, atr], [adx]) = (self.closes.values, self.ranges.values, self.index.values);
        Reading { fast, slow, close: self.close, then, adx, atr }
    }
}

#[derive(Debug)]
pub struct Steady {
    pace: Pace,
    past: Box<[f64]>, // a ring of closes, at least one
}

impl Steady {
    /// Goes on from the indicators after `bar`; `None` until all are warm.
    pub fn after(bar: &Bar, [fast, slow]: [&Average; 2], roc: &Roc, adx: &Adx, atr: &Atr) -> Option<Self> {
        let beneath = adx.averages();
        roc.value()?;
        let pace = Pace {
            closes: Lanes::of([fast, slow])?,
            moves: Lanes::of([beneath.up, beneath.down])?,
            ranges: Lanes::of([beneath.range, atr.average()])?,
            index: Lanes::of([beneath.index])?,
            high: bar.high_ticks as f64,
            low: bar.low_ticks as f64,
            close: bar.close_ticks as f64,
            oldest: 0,
        };
        Some(Self { pace, past: roc.past().collect() })
    }

    /// Takes in the next bar, whose prices are checked.
    pub fn push(&mut self, bar: &Bar) -> Reading {
        let oldest = self.pace.oldest;
        let then = self.pace.push(bar, &self.past);
        self.past[oldest] = bar.close_ticks as f64;
        self.pace.reading(then)
    }

    /// Takes in bars up to the first that is not passed, or to the last before one that is not sane; gives how many, and the
    /// reading at the last of them.
    #[inline]
    pub fn coast(
        &mut self,
        bars: &[Bar],
        mut last_at_ms: Option<i64>,
        mut passes: impl FnMut(&Bar, &Reading) -> bool,
    ) -> (usize, Option<Reading>) {
        let (mut taken, mut then) = (0, 0.0);
        // Of a copy that nothing else can point to, the compiler knows that the ring is not a part: it stays in registers.
        let mut pace = self.pace;
        for bar in bars {
            if bar_guard::check(bar, last_at_ms).is_err() {
                break;
            }
            let oldest = pace.oldest;
            then = pace.push(bar, &self.past);
            self.past[oldest] = pace.close;
            (taken, last_at_ms) = (taken + 1, Some(bar.at_ms));
            if !passes(bar, &pace.reading(then)) {
                break;
            }
        }
        self.pace = pace;
        (taken, (taken > 0).then(|| pace.reading(then)))
    }
}
