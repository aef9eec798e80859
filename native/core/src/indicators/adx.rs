//! Average directional index, Wilder's form: how strongly the price trends, whichever way. Its sums start as TA-Lib's.

use super::atr::{greater, true_range};
use super::average::{Average, Seed};
use crate::bars::Bar;
use crate::money::PriceTicks;

/// How much of the range went which way, each 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Directions {
    /// +DI: the share of rising highs.
    pub plus: f64,
    /// -DI: the share of falling lows.
    pub minus: f64,
}

/// The average directional index, 0 to 100.
#[derive(Debug, Clone)]
pub struct Adx {
    previous: Option<Corners>,
    up: Average,
    down: Average,
    range: Average,
    index: Average,
}

/// What the next bar is compared with.
#[derive(Debug, Clone, Copy)]
struct Corners {
    high: PriceTicks,
    low: PriceTicks,
    close: PriceTicks,
}

/// The averages that an index rests on.
pub(crate) struct AdxAverages<'a> {
    pub up: &'a Average,
    pub down: &'a Average,
    pub range: &'a Average,
    pub index: &'a Average,
}

impl Adx {
    /// Makes an index over `period` bars. A period of 0 is taken as 1.
    pub fn new(period: usize) -> Self {
        let sum = || Average::wilder_from(period, Seed::Zero);
        Self { previous: None, up: sum(), down: sum(), range: sum(), index: Average::wilder(period) }
    }

    /// Takes in the next bar and gives the index, `None` for the first `2 x period - 1` bars.
    #[inline]
    pub fn push(&mut self, bar: &Bar) -> Option<f64> {
        let corners = Corners { high: bar.high_ticks, low: bar.low_ticks, close: bar.close_ticks };
        let before = self.previous.replace(corners)?;
        let (rise, fall) = (bar.high_ticks - before.high, before.low - bar.low_ticks);
        let (up, down) = directional_moves(rise as f64, fall as f64);
        let (up, down) = (self.up.take(up), self.down.take(down));
        let range = self.range.take(true_range(bar, before.close as f64));
        self.index.take(directional_index(up?, down?, range?))
    }

    /// The averages beneath.
    pub(crate) fn averages(&self) -> AdxAverages<'_> {
        AdxAverages { up: &self.up, down: &self.down, range: &self.range, index: &self.index }
    }

    /// The current index, `None` until warm.
    pub fn value(&self) -> Option<f64> {
        self.index.value()
    }

    /// The two directions, `None` for the first `period` bars; both 0 when nothing moved.
    pub fn directions(&self) -> Option<Directions> {
        let (up, down, range) = (self.up.value()?, self.down.value()?, self.range.value()?);
        let share = |moved: f64| if range == 0.0 { 0.0 } else { 100.0 * moved / range };
        Some(Directions { plus: share(up), minus: share(down) })
    }

    /// How many bars pass before the first result.
    pub fn warm_up(&self) -> usize {
        2 * self.index.warm_up() + 1
    }
}

/// How far the high rose and the low fell. Only the larger of the two counts, and only when it widens the range that
/// way. Compilers choose between floats without a branch, which would be a guess at each bar.
#[inline]
pub(crate) fn directional_moves(rise: f64, fall: f64) -> (f64, f64) {
    let up = if rise > greater(fall, 0.0) { rise } else { 0.0 };
    let down = if fall > greater(rise, 0.0) { fall } else { 0.0 };
    (up, down)
}

/// The distance between the two directions relative to their sum, in percent; 0 when nothing moved.
#[inline]
pub(crate) fn directional_index(up: f64, down: f64, range: f64) -> f64 {
    if range == 0.0 || up + down == 0.0 {
        return 0.0;
    }
    100.0 * (up - down).abs() / (up + down)
}
