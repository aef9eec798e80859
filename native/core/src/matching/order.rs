//! What an order is, what becomes of it, and why one is refused.

use thiserror::Error;

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
    /// The replayed file has ended; nothing will trade any more.
    #[error("MARKET_ENDED")]
    MarketEnded,
}
