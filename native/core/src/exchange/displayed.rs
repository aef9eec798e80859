//! What a quote displays to orders, and how much of it they take in either fill profile.

use crate::book::Side;
use crate::market::{Quote, Random};
use crate::matching::{Ladder, OrderKind, PaperQuote};
use crate::money::{NANOS_PER_SHARE, PriceTicks, QtyNanos};

/// What the two sides of the current quote still offer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Displayed {
    asks: Ladder,
    bids: Ladder,
    paper: PaperQuote,
}

impl Displayed {
    pub(super) fn of(quote: &Quote) -> Self {
        Self {
            asks: Ladder::new(Side::Buy, quote.ask_ticks, quote.ask_shares * NANOS_PER_SHARE),
            bids: Ladder::new(Side::Sell, quote.bid_ticks, quote.bid_shares * NANOS_PER_SHARE),
            paper: PaperQuote::new(quote.bid_ticks, quote.ask_ticks),
        }
    }

    /// Prices and quantities that an order trades; without `random` a paper order is never partial.
    pub(super) fn take(
        &mut self,
        side: Side,
        kind: OrderKind,
        wanted: QtyNanos,
        rules: Rules<'_>,
    ) -> Vec<(PriceTicks, QtyNanos)> {
        match (rules, side) {
            (Rules::Paper(random), _) => self.paper.take(side, kind, wanted, random).into_iter().collect(),
            (Rules::Realistic, Side::Buy) => self.asks.take(kind, wanted),
            (Rules::Realistic, Side::Sell) => self.bids.take(kind, wanted),
        }
    }
}

/// How what is displayed is given to orders.
pub(super) enum Rules<'a> {
    Paper(Option<&'a mut Random>),
    Realistic,
}
