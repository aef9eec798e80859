//! The fill rules of Alpaca's paper account, as documented: an order that reaches the best price on the other side
//! trades at that price, whatever size is displayed there; one in ten trades only a random part of the order.

use super::order::OrderKind;
use crate::book::Side;
use crate::market::Random;
use crate::money::{NANOS_PER_SHARE, PriceTicks, QtyNanos};

/// How often a part is all that trades.
const PARTIAL: f64 = 0.1;

/// The best prices of a quote; 0 where there is none.
#[derive(Debug, Clone, Copy)]
pub struct PaperQuote {
    bid: PriceTicks,
    ask: PriceTicks,
}

impl PaperQuote {
    /// Shows a quote to paper orders.
    pub fn new(bid: PriceTicks, ask: PriceTicks) -> Self {
        Self { bid, ask }
    }

    /// What an order of `wanted` (above 0) trades: its price and quantity, all of it when there is no `random`.
    pub fn take(
        self,
        side: Side,
        kind: OrderKind,
        wanted: QtyNanos,
        random: Option<&mut Random>,
    ) -> Option<(PriceTicks, QtyNanos)> {
        let price = match side {
            Side::Buy => self.ask,
            Side::Sell => self.bid,
        };
        let trades = price > 0 && kind.accepts(side, price);
        trades.then(|| (price, random.map_or(wanted, |random| part_of(wanted, random))))
    }
}

/// Whole shares of an order for whole shares.
fn part_of(wanted: QtyNanos, random: &mut Random) -> QtyNanos {
    if !random.chance(PARTIAL) {
        return wanted;
    }
    let unit = if wanted % NANOS_PER_SHARE == 0 { NANOS_PER_SHARE } else { 1 };
    let units = wanted / unit;
    if units < 2 { wanted } else { unit * random.between(1, units - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trades_at_the_far_side_when_the_limit_reaches_it() {
        let quote = PaperQuote::new(9_900, 10_000);
        let take = |side, kind| quote.take(side, kind, 7, None);
        assert_eq!(take(Side::Buy, OrderKind::Market), Some((10_000, 7)));
        assert_eq!(take(Side::Buy, OrderKind::Limit(10_100)), Some((10_000, 7)));
        assert_eq!(take(Side::Buy, OrderKind::Limit(9_999)), None);
        assert_eq!(take(Side::Sell, OrderKind::Limit(9_900)), Some((9_900, 7)));
        assert_eq!(take(Side::Sell, OrderKind::Limit(9_901)), None);
        assert_eq!(PaperQuote::new(0, 0).take(Side::Buy, OrderKind::Market, 7, None), None);
    }

    #[test]
    fn a_tenth_of_the_trades_is_partial_in_whole_shares() {
        let mut random = Random::seeded(3);
        let wanted = 20 * NANOS_PER_SHARE;
        let parts = (0..20_000).map(|_| part_of(wanted, &mut random)).filter(|part| *part < wanted);
        let parts: Vec<QtyNanos> = parts.collect();
        assert!((1_800..2_200).contains(&parts.len()), "{}", parts.len());
        assert!(parts.iter().all(|part| *part > 0 && part % NANOS_PER_SHARE == 0));
        assert!((0..1_000).all(|_| part_of(NANOS_PER_SHARE, &mut random) == NANOS_PER_SHARE));
    }
}
