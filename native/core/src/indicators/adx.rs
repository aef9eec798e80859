//! Average directional index, Wilder's form: how strongly the price trends, whichever way.

use super::atr::true_range;
use super::average::Average;
use crate::bars::Bar;

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
    previous: Option<Bar>,
    up: Average,
    down: Average,
    range: Average,
    index: Average,
}

impl Adx {
    /// Makes an index over `period` bars. A period of 0 is taken as 1.
    pub fn new(period: usize) -> Self {
        let average = || Average::wilder(period);
        Self { previous: None, up: average(), down: average(), range: average(), index: average() }
    }

    /// Takes in the next bar and gives the index, `None` for the first `2 x period - 1` bars.
    pub fn push(&mut self, bar: &Bar) -> Option<f64> {
        let before = self.previous.replace(*bar)?;
        let rise = (bar.high_ticks - before.high_ticks) as f64;
        let fall = (before.low_ticks - bar.low_ticks) as f64;
        // Only the larger of the two counts, and only when it widens the range that way. Written without a branch, which
        // would be a guess at each bar.
        let up = self.up.push(rise.max(0.0) * f64::from(u8::from(rise > fall)));
        let down = self.down.push(fall.max(0.0) * f64::from(u8::from(fall > rise)));
        let range = self.range.push(true_range(bar, before.close_ticks as f64));
        self.index.push(directional_index(up?, down?, range?))
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

/// The distance between the two directions relative to their sum, in percent; 0 when nothing moved.
fn directional_index(up: f64, down: f64, range: f64) -> f64 {
    if range == 0.0 || up + down == 0.0 {
        return 0.0;
    }
    100.0 * (up - down).abs() / (up + down)
}
