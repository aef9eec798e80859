//! Volume-weighted average price of bars, by their typical price (high + low + close) / 3.
//!
//! The sums are integers: nothing drifts, however long the stream.

use super::ring::Ring;
use crate::bars::Bar;

/// What one bar adds.
#[derive(Debug, Clone, Copy, Default)]
struct Traded {
    thirds: i128, // three times the typical price, times the volume
    volume: i128,
}

impl Traded {
    /// A negative volume counts as none.
    fn of(bar: &Bar) -> Self {
        let volume = i128::from(bar.volume.max(0));
        let prices = i128::from(bar.high_ticks) + i128::from(bar.low_ticks) + i128::from(bar.close_ticks);
        Self { thirds: prices * volume, volume }
    }

    fn add(&mut self, other: Self) {
        self.thirds += other.thirds;
        self.volume += other.volume;
    }

    fn remove(&mut self, other: Self) {
        self.thirds -= other.thirds;
        self.volume -= other.volume;
    }

    fn price_ticks(&self) -> Option<f64> {
        (self.volume > 0).then(|| self.thirds as f64 / (3.0 * self.volume as f64))
    }
}

/// The volume-weighted average price since the session began.
#[derive(Debug, Clone, Default)]
pub struct SessionVwap(Traded);

impl SessionVwap {
    /// Forgets the bars so far: a new session begins with the next one.
    pub fn start_session(&mut self) {
        self.0 = Traded::default();
    }

    /// Takes in the next bar and gives the price in ticks, `None` while the session has no volume.
    pub fn push(&mut self, bar: &Bar) -> Option<f64> {
        self.0.add(Traded::of(bar));
        self.value()
    }

    /// The current price in ticks, `None` while the session has no volume.
    pub fn value(&self) -> Option<f64> {
        self.0.price_ticks()
    }

    /// No bar passes before the first result, if it has volume.
    pub fn warm_up(&self) -> usize {
        0
    }
}

/// The volume-weighted average price of the last `period` bars.
#[derive(Debug, Clone)]
pub struct RollingVwap {
    window: Ring<Traded>,
    sums: Traded,
}

impl RollingVwap {
    /// Makes a window of `period` bars. A period of 0 is taken as 1.
    pub fn new(period: usize) -> Self {
        Self { window: Ring::new(period), sums: Traded::default() }
    }

    /// Takes in the next bar and gives the price in ticks, `None` for the first `period - 1` and without volume.
    pub fn push(&mut self, bar: &Bar) -> Option<f64> {
        let traded = Traded::of(bar);
        self.sums.add(traded);
        if let Some(out) = self.window.push(traded) {
            self.sums.remove(out);
        }
        self.value()
    }

    /// The current price in ticks, `None` until warm and without volume.
    pub fn value(&self) -> Option<f64> {
        if self.window.is_full() { self.sums.price_ticks() } else { None }
    }

    /// How many bars pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.window.capacity() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(price_ticks: i64, volume: i64) -> Bar {
        let price = price_ticks;
        Bar {
            at_ms: 0,
            open_ticks: price,
            high_ticks: price + 3,
            low_ticks: price - 3,
            close_ticks: price,
            volume,
        }
    }

    #[test]
    fn weighs_prices_by_volume_and_starts_anew_with_the_session() {
        let mut vwap = SessionVwap::default();
        let prices = [vwap.push(&bar(70, 0)), vwap.push(&bar(100, 3)), vwap.push(&bar(200, 1))];
        assert_eq!(prices, [None, Some(100.0), Some(125.0)]);
        vwap.start_session();
        assert_eq!([vwap.value(), vwap.push(&bar(300, 2))], [None, Some(300.0)]);
    }

    #[test]
    fn forgets_the_bars_before_the_window() {
        let mut vwap = RollingVwap::new(2);
        let prices = [(100, 3), (200, 1), (300, 3)].map(|(price, volume)| vwap.push(&bar(price, volume)));
        assert_eq!(prices, [None, Some(125.0), Some(275.0)]);
    }
}
