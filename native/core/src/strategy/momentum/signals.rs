//! The indicators of the strategy and what they say together.

use super::super::Unit;
use super::holding::Side;
use super::steady::Steady;
use crate::bars::Bar;
use crate::indicators::{Adx, Atr, Average, Roc, Seed};

#[derive(Debug)]
pub struct Signals {
    fast: Average,
    slow: Average,
    roc: Roc,
    adx: Adx,
    atr: Atr,
    steady: Option<Steady>, // takes over when all of the above are warm
    warm_up_bars: usize,
}

/// The values at one close. Prices and ATR are in ticks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub fast: f64,
    pub slow: f64,
    pub close: f64,
    /// The close that it has come from: the rate of change is only worked out where it is told.
    pub then: f64,
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
            steady: None,
            warm_up_bars: slow.max(roc + 1).max(2 * adx).max(atr + 1),
        }
    }

    pub fn warm_up_bars(&self) -> usize {
        self.warm_up_bars
    }

    /// Feeds every indicator; `None` until all are warm.
    #[inline]
    pub fn push(&mut self, bar: &Bar) -> Option<Reading> {
        match &mut self.steady {
            Some(steady) => Some(steady.push(bar)),
            None => self.warm_up(bar),
        }
    }

    /// The indicators in their shape for many bars, once all are warm.
    pub fn steady(&mut self) -> Option<&mut Steady> {
        self.steady.as_mut()
    }

    #[cold]
    fn warm_up(&mut self, bar: &Bar) -> Option<Reading> {
        let close = bar.close_ticks as f64;
        let fast = self.fast.push(close);
        let slow = self.slow.push(close);
        let then = self.roc.past().next();
        let roc = self.roc.push(close);
        let adx = self.adx.push(bar);
        let atr = self.atr.push(bar);
        self.steady = Steady::after(bar, [&self.fast, &self.slow], &self.roc, &self.adx, &self.atr);
        roc?;
        Some(Reading { fast: fast?, slow: slow?, close, then: then?, adx: adx?, atr: atr? })
    }
}

impl Reading {
    /// Whether the averages lean to a side.
    #[inline]
    pub fn leans(&self, side: Side) -> bool {
        side.pick(self.fast > self.slow, self.fast < self.slow)
    }

    /// Whether a side is to be entered: the averages lean to it, the rate of change agrees and the market trends strongly
    /// enough. Each is looked at, without a branch: which way a price goes is nothing that a processor can guess.
    #[inline]
    pub fn enters(&self, side: Side, adx_floor: f64) -> bool {
        let agrees = side.pick(self.close > self.then, self.close < self.then);
        self.leans(side) & agrees & (self.adx > adx_floor)
    }

    /// The side to which the averages lean; `None` when they are equal.
    pub fn trend(&self) -> Option<Side> {
        [Side::Long, Side::Short].into_iter().find(|side| self.leans(*side))
    }

    /// The side to enter.
    pub fn entry(&self, adx_floor: f64) -> Option<Side> {
        [Side::Long, Side::Short].into_iter().find(|side| self.enters(*side, adx_floor))
    }

    /// The rate of change in percent.
    pub fn roc(&self) -> f64 {
        (self.close / self.then - 1.0) * 100.0
    }

    /// What a reason says of it.
    pub fn measures(&self) -> [(&'static str, f64, Unit); 4] {
        [
            ("fast", self.fast, Unit::Ticks),
            ("slow", self.slow, Unit::Ticks),
            ("roc", self.roc(), Unit::Percent),
            ("adx", self.adx, Unit::Number),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::test_bars::walks;

    #[test]
    fn reads_what_the_indicators_say_to_the_last_bit() {
        for (seed, [fast, slow, roc, adx, atr]) in
            [(1, [12, 26, 10, 14, 14]), (2, [2, 3, 1, 1, 30]), (3, [5, 9, 40, 2, 1])]
        {
            let mut signals = Signals::new(fast, slow, roc, adx, atr);
            let mut averages = [fast, slow].map(|period| Average::exponential(period, Seed::Mean));
            let (mut roc, mut adx, mut atr) = (Roc::new(roc), Adx::new(adx), Atr::new(atr));
            let walk: Vec<Bar> = walks(seed, 1, 600).into_iter().flatten().collect();
            // In the middle the price stands still for so long that nothing is left of the directions.
            let still = (0..20_000).map(|_| walk[299]);
            for bar in walk[..300].iter().copied().chain(still).chain(walk[300..].iter().copied()) {
                let close = bar.close_ticks as f64;
                let [fast, slow] = averages.each_mut().map(|average| average.push(close));
                let alone = [fast, slow, roc.push(close), adx.push(&bar), atr.push(&bar)];
                let read = signals.push(&bar);
                let together = read.map(|read| [read.fast, read.slow, read.roc(), read.adx, read.atr]);
                let alone: Option<Vec<u64>> = alone.iter().map(|value| value.map(f64::to_bits)).collect();
                assert_eq!(together.map(|values| values.map(f64::to_bits).to_vec()), alone);
            }
        }
    }
}
