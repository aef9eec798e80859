//! Pauses trading in a stock after an extreme move, as the US plan against extraordinary volatility ("limit up,
//! limit down") does for large stocks: a price more than 5% from the average of the last five minutes, 10% in the
//! last 25 minutes of a session, stops trading for five minutes. Left out: the 15 seconds at the limit before a pause,
//! and the reopening auction.

use super::process::STEPS;

/// Steps in five minutes.
const FIVE_MINUTES: usize = STEPS as usize / 78;
/// First step of the last 25 minutes.
const CLOSING: u32 = STEPS - 5 * FIVE_MINUTES as u32;
/// One over the width of the band.
const USUAL: i64 = 20;
const WIDE: i64 = 10;

/// What a price does to trading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trading {
    /// Goes on.
    Open,
    /// Stops with this price, which is not quoted.
    Halts,
    /// Stands still.
    Halted,
    /// Begins again at this price.
    Resumes,
}

/// The prices of the last five minutes and, during a pause, what is left of it.
#[derive(Debug, Clone)]
pub(super) struct PriceBand {
    recent: [i64; FIVE_MINUTES],
    known: usize,
    next: usize,
    sum: i64,
    /// Steps until trading resumes; 0 while it goes on.
    halted_for: usize,
}

impl PriceBand {
    /// Starts a session: its first price has no reference and passes.
    pub(super) fn new() -> Self {
        Self { recent: [0; FIVE_MINUTES], known: 0, next: 0, sum: 0, halted_for: 0 }
    }

    /// Whether trading is stopped.
    pub(super) fn is_halted(&self) -> bool {
        self.halted_for > 0
    }

    /// Takes in the price of a step (above 0); `done` steps of the session came before it.
    pub(super) fn pass(&mut self, price: i64, done: u32) -> Trading {
        if self.halted_for > 1 {
            self.halted_for -= 1;
            return Trading::Halted;
        }
        if self.halted_for == 1 {
            *self = Self::new();
            self.remember(price);
            return Trading::Resumes;
        }
        let width = if done < CLOSING { USUAL } else { WIDE };
        if (price * self.known as i64 - self.sum).abs() * width > self.sum {
            self.halted_for = FIVE_MINUTES;
            return Trading::Halts;
        }
        self.remember(price);
        Trading::Open
    }

    fn remember(&mut self, price: i64) {
        if let Some(oldest) = self.recent.get_mut(self.next) {
            self.sum += price - *oldest;
            *oldest = price;
        }
        self.next = (self.next + 1) % FIVE_MINUTES;
        self.known = (self.known + 1).min(FIVE_MINUTES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_100() -> PriceBand {
        let mut band = PriceBand::new();
        for done in 0..100 {
            assert_eq!(band.pass(10_000, done), Trading::Open);
        }
        band
    }

    #[test]
    fn a_price_beyond_the_band_stops_trading_for_five_minutes() {
        for beyond in [10_501, 9_499] {
            let mut band = at_100();
            assert_eq!(band.pass(beyond, 100), Trading::Halts);
            for done in 101..160 {
                assert!(band.is_halted());
                assert_eq!(band.pass(12_000, done), Trading::Halted);
            }
            // It resumes at whatever the price is by then, which is the new reference.
            assert_eq!(band.pass(12_000, 160), Trading::Resumes);
            assert!(!band.is_halted());
            assert_eq!(band.pass(12_500, 161), Trading::Open);
        }
    }

    #[test]
    fn a_price_at_the_edge_of_the_band_trades() {
        assert_eq!(at_100().pass(10_500, 100), Trading::Open);
        assert_eq!(at_100().pass(9_500, 100), Trading::Open);
    }

    #[test]
    fn the_band_is_twice_as_wide_in_the_last_25_minutes() {
        assert_eq!(at_100().pass(10_900, CLOSING - 1), Trading::Halts);
        assert_eq!(at_100().pass(10_900, CLOSING), Trading::Open);
        assert_eq!(at_100().pass(11_001, CLOSING), Trading::Halts);
    }

    #[test]
    fn a_slow_move_takes_its_reference_along() {
        let mut band = at_100();
        for step in 0..1_000 {
            assert_eq!(band.pass(10_000 + 5 * step, 100), Trading::Open);
        }
    }
}
