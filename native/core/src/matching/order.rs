//! What an order is, what becomes of it, and why one is refused.

use thiserror::Error;

use super::trigger::Trigger;
use crate::book::Side;
use crate::money::{PriceTicks, QtyNanos};

/// The price that an order accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderKind {
    /// Any price.
    Market,
    /// This price or a better one; above 0.
    Limit(PriceTicks),
}

impl OrderKind {
    /// Whether an order of this kind on `side` may trade at `price`.
    pub fn accepts(self, side: Side, price: PriceTicks) -> bool {
        match (self, side) {
            (Self::Market, _) => true,
            (Self::Limit(limit), Side::Buy) => price <= limit,
            (Self::Limit(limit), Side::Sell) => price >= limit,
        }
    }
}

/// How long an order works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Until it is filled or cancelled.
    Rest,
    /// For a moment: what does not trade at once is cancelled.
    Immediate,
    /// For a moment: trades completely at once or not at all.
    Complete,
    /// In the opening of a session alone.
    Opening,
    /// In the close of a session alone.
    Closing,
}

/// An order as it is submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// Never used before.
    pub order_id: String,
    /// Name of the instrument.
    pub symbol: String,
    /// Which way.
    pub side: Side,
    /// At which price.
    pub kind: OrderKind,
    /// Above 0.
    pub qty: QtyNanos,
    /// Keeps the order out of the market until it is set off; such an order rests.
    pub trigger: Option<Trigger>,
    /// How long it works.
    pub lifetime: Lifetime,
    /// Orders of one group share their quantity: what one of them trades, the others no longer do, and one that is
    /// set off takes the others out.
    pub group: Option<String>,
    /// Whether it also trades before and after the session.
    pub extended: bool,
}

impl NewOrder {
    /// An order that works at once and rests: no trigger, no group.
    pub fn plain(order_id: String, symbol: String, side: Side, kind: OrderKind, qty: QtyNanos) -> Self {
        Self {
            order_id,
            symbol,
            side,
            kind,
            qty,
            trigger: None,
            lifetime: Lifetime::Rest,
            group: None,
            extended: false,
        }
    }
}

/// What became of an order, in the order in which it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderEvent {
    /// A part of it, or all, traded.
    Filled(Fill),
    /// The price that it waited for was traded: it works in the market now, and the rest of its group is out.
    Elected {
        /// The order's id.
        order_id: String,
        /// When, on the market's clock.
        at_ms: i64,
    },
    /// Its trailing stop followed the market.
    Trailed {
        /// The order's id.
        order_id: String,
        /// The best price traded since the order was placed.
        mark_ticks: PriceTicks,
        /// Where the stop is now.
        stop_ticks: PriceTicks,
        /// When, on the market's clock.
        at_ms: i64,
    },
    /// Its moment has passed; what had not traded is cancelled.
    Ended {
        /// The order's id.
        order_id: String,
        /// When, on the market's clock.
        at_ms: i64,
    },
}

/// One execution of one order, as reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fill {
    /// The order's id.
    pub order_id: String,
    /// Index of the instrument in the exchange's list.
    pub symbol: usize,
    /// Which way the order trades.
    pub side: Side,
    /// Quantity of this execution.
    pub qty: QtyNanos,
    /// Price of this execution.
    pub price_ticks: PriceTicks,
    /// When, on the market's clock.
    pub at_ms: i64,
    /// What is still open after it.
    pub leaves: QtyNanos,
}

/// Why an order was not taken.
#[derive(Debug, Clone, Copy, Error, PartialEq, Eq)]
pub enum Refusal {
    /// An order with this id was taken before.
    #[error("DUPLICATE_ORDER_ID")]
    DuplicateOrderId,
    /// No such instrument.
    #[error("UNKNOWN_SYMBOL")]
    UnknownSymbol,
    /// The quantity is not above 0.
    #[error("QTY_INVALID")]
    QtyInvalid,
    /// The limit is not above 0.
    #[error("LIMIT_INVALID")]
    LimitInvalid,
    /// The stop or trail is not above 0, or the order does not rest.
    #[error("TRIGGER_INVALID")]
    TriggerInvalid,
    /// The replayed file has ended; nothing will trade any more.
    #[error("MARKET_ENDED")]
    MarketEnded,
}
