//! One side of a quote: the displayed size and the levels that are assumed behind it.

use super::order::OrderKind;
use crate::book::Side;
use crate::money::{PriceTicks, QtyNanos, TICKS_PER_USD};

/// Levels of a side, the displayed one included. An order for more waits for the next quote.
pub(super) const LEVELS: i64 = 10;
/// Distance between levels: one cent.
pub(super) const LEVEL_TICKS: PriceTicks = TICKS_PER_USD / 100;

/// What the market offers on one side until its next quote.
#[derive(Debug, Clone, Copy)]
pub struct Ladder {
    /// Side of the orders that take from it.
    taker: Side,
    best: PriceTicks,
    level_qty: QtyNanos,
    taken: QtyNanos,
}

impl Ladder {
    /// Offers `level_qty` (at least 0) at `best` and at each of nine levels behind it to orders on side `taker`.
    pub fn new(taker: Side, best: PriceTicks, level_qty: QtyNanos) -> Self {
        Self { taker, best, level_qty, taken: 0 }
    }

    /// Takes up to `wanted` at prices that `kind` accepts, best first: price and quantity of each level touched.
    pub fn take(&mut self, kind: OrderKind, wanted: QtyNanos) -> Vec<(PriceTicks, QtyNanos)> {
        let mut slices = Vec::new();
        let mut left = wanted;
        while left > 0 && self.level_qty > 0 {
            let level = self.taken / self.level_qty;
            let away = PriceTicks::try_from(self.taker.sign()).unwrap_or(0) * LEVEL_TICKS;
            let price = self.best + level * away;
            if level >= LEVELS || price <= 0 || !kind.accepts(self.taker, price) {
                break;
            }
            let qty = left.min(self.level_qty - self.taken % self.level_qty);
            slices.push((price, qty));
            self.taken += qty;
            left -= qty;
        }
        slices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_to_worse_levels_and_stops_at_the_last() {
        let mut asks = Ladder::new(Side::Buy, 10_000, 5);
        assert_eq!(asks.take(OrderKind::Market, 12), [(10_000, 5), (10_100, 5), (10_200, 2)]);
        assert_eq!(asks.take(OrderKind::Market, 1), [(10_200, 1)]);
        let rest: i64 = asks.take(OrderKind::Market, 1_000).iter().map(|(_, qty)| qty).sum();
        assert_eq!(rest, 50 - 13);
        assert_eq!(asks.take(OrderKind::Market, 1), []);
    }

    #[test]
    fn stops_at_the_limit_on_either_side() {
        let mut bids = Ladder::new(Side::Sell, 10_000, 5);
        assert_eq!(bids.take(OrderKind::Limit(9_900), 100), [(10_000, 5), (9_900, 5)]);
        let mut asks = Ladder::new(Side::Buy, 10_000, 5);
        assert_eq!(asks.take(OrderKind::Limit(9_999), 100), []);
    }

    #[test]
    fn never_trades_at_or_below_zero() {
        assert_eq!(Ladder::new(Side::Sell, 100, 5).take(OrderKind::Market, 100), [(100, 5)]);
        assert_eq!(Ladder::new(Side::Buy, 100, 0).take(OrderKind::Market, 100), []);
    }
}
