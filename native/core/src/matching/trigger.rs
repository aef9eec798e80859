//! What keeps a stop order out of the market, and when it lets it in.

use crate::book::Side;
use crate::money::PriceTicks;

/// One whole, in the unit of a trail that is a share of the price.
const WHOLE: i64 = 1_000_000;

/// How far a trailing stop stays behind the best price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trail {
    /// A distance, above 0.
    Ticks(PriceTicks),
    /// Millionths of the best price, above 0 and below a whole.
    Millionths(i64),
}

/// The condition under which an order enters the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// A trade at this price or beyond: above for a buy, below for a sell.
    Stop(PriceTicks),
    /// A stop that follows the best price traded since the order was placed, at a distance.
    Trail {
        /// The distance.
        by: Trail,
        /// The best price so far: the highest for a sell, the lowest for a buy.
        mark: PriceTicks,
    },
}

impl Trigger {
    /// Whether its numbers make sense.
    pub fn is_valid(self) -> bool {
        match self {
            Self::Stop(stop) => stop > 0,
            Self::Trail { by: Trail::Ticks(ticks), mark } => ticks > 0 && mark > 0,
            Self::Trail { by: Trail::Millionths(share), mark } => (1..WHOLE).contains(&share) && mark > 0,
        }
    }

    /// The price that sets an order on `side` off. A share of a price is rounded away from the market.
    pub fn stop(self, side: Side) -> PriceTicks {
        let (by, mark) = match self {
            Self::Stop(stop) => return stop,
            Self::Trail { by, mark } => (by, mark),
        };
        let distance = match by {
            Trail::Ticks(ticks) => ticks,
            Trail::Millionths(share) => {
                let product = i128::from(mark) * i128::from(share) + i128::from(WHOLE - 1);
                i64::try_from(product / i128::from(WHOLE)).unwrap_or(i64::MAX)
            }
        };
        match side {
            Side::Buy => mark.saturating_add(distance),
            Side::Sell => mark.saturating_sub(distance),
        }
    }

    /// Whether a trade at `price` sets an order on `side` off.
    pub fn is_reached(self, side: Side, price: PriceTicks) -> bool {
        match side {
            Side::Buy => price >= self.stop(side),
            Side::Sell => price <= self.stop(side),
        }
    }

    /// Follows a trade at `price`; tells whether the stop of an order on `side` moved.
    pub fn follow(&mut self, side: Side, price: PriceTicks) -> bool {
        let Self::Trail { mark, .. } = self else { return false };
        let is_better = match side {
            Side::Buy => price < *mark,
            Side::Sell => price > *mark,
        };
        if is_better {
            *mark = price;
        }
        is_better
    }

    /// The best price that a trailing stop has seen.
    pub fn mark(self) -> Option<PriceTicks> {
        match self {
            Self::Stop(_) => None,
            Self::Trail { mark, .. } => Some(mark),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_reached_at_its_price_and_beyond_it() {
        let stop = Trigger::Stop(1_000);
        let reached = |side| [999, 1_000, 1_001].map(|price| stop.is_reached(side, price));
        assert_eq!(reached(Side::Buy), [false, true, true]);
        assert_eq!(reached(Side::Sell), [true, true, false]);
    }

    #[test]
    fn a_trail_follows_the_best_price_and_never_goes_back() {
        let mut sell = Trigger::Trail { by: Trail::Ticks(100), mark: 1_000 };
        let stops =
            [990, 1_050, 1_049, 1_051].map(|price| (sell.follow(Side::Sell, price), sell.stop(Side::Sell)));
        assert_eq!(stops, [(false, 900), (true, 950), (false, 950), (true, 951)]);
        let mut buy = Trigger::Trail { by: Trail::Millionths(15_000), mark: 20_000 };
        assert_eq!(buy.stop(Side::Buy), 20_300);
        assert!(buy.follow(Side::Buy, 19_999));
        // 1.5 % of 19,999 is 299.985.
        assert_eq!(buy.stop(Side::Buy), 20_299);
    }

    #[test]
    fn a_trail_of_nothing_or_of_everything_is_not_valid() {
        for by in [Trail::Ticks(0), Trail::Millionths(0), Trail::Millionths(WHOLE)] {
            assert!(!Trigger::Trail { by, mark: 1 }.is_valid());
        }
        assert!(Trigger::Trail { by: Trail::Millionths(1), mark: 1 }.is_valid());
        assert!(!Trigger::Stop(0).is_valid());
    }
}
