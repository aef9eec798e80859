//! The working orders of one instrument, in price-time order.

use super::ladder::Ladder;
use super::order::{NewOrder, OrderKind};
use crate::book::Side;
use crate::money::{PriceTicks, QtyNanos};

/// A part of an order that has just traded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// The order's id.
    pub order_id: String,
    /// Which way the order trades.
    pub side: Side,
    /// Above 0.
    pub qty: QtyNanos,
    /// Never worse than the order's limit.
    pub price_ticks: PriceTicks,
    /// What is still open after it.
    pub leaves: QtyNanos,
}

#[derive(Debug, Clone)]
struct Working {
    order_id: String,
    kind: OrderKind,
    leaves: QtyNanos,
}

/// Waits for the market. The order of submission is the order of time.
#[derive(Debug, Clone, Default)]
pub struct Queue {
    buys: Vec<Working>,
    sells: Vec<Working>,
}

impl Queue {
    /// Adds an order behind those of the same price. It does not trade yet.
    pub fn rest(&mut self, order: &NewOrder) {
        let rank = rank(order.side, order.kind);
        let orders = self.side_mut(order.side);
        let at = orders.partition_point(|working| self::rank(order.side, working.kind) <= rank);
        orders.insert(at, Working { order_id: order.order_id.clone(), kind: order.kind, leaves: order.qty });
    }

    /// Takes an order out; `false` when it is not working.
    pub fn cancel(&mut self, order_id: &str) -> bool {
        let before = self.len();
        self.buys.retain(|order| order.order_id != order_id);
        self.sells.retain(|order| order.order_id != order_id);
        self.len() < before
    }

    /// Ids of the working orders: buys then sells, each in price-time order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.buys.iter().chain(&self.sells).map(|order| order.order_id.as_str())
    }

    /// Number of working orders.
    pub fn len(&self) -> usize {
        self.buys.len() + self.sells.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.buys.is_empty() && self.sells.is_empty()
    }

    /// Lets the orders of one side take what a quote offers.
    pub fn take(&mut self, side: Side, ladder: &mut Ladder) -> Vec<Execution> {
        self.drain(side, |kind, leaves| ladder.take(kind, leaves))
    }

    /// Fills waiting limits that a trade of `size` at `price` went through, at their limits.
    pub fn trade_through(&mut self, price: PriceTicks, size: QtyNanos) -> Vec<Execution> {
        let mut left = size;
        let mut offer = |side: Side, kind: OrderKind, leaves: QtyNanos| match kind {
            OrderKind::Limit(limit) if limit != price && kind.accepts(side, price) && left > 0 => {
                let qty = leaves.min(left);
                left -= qty;
                vec![(limit, qty)]
            }
            _ => Vec::new(),
        };
        let mut executions = self.drain(Side::Buy, |kind, leaves| offer(Side::Buy, kind, leaves));
        executions.extend(self.drain(Side::Sell, |kind, leaves| offer(Side::Sell, kind, leaves)));
        executions
    }

    /// Fills every order that accepts `price`, completely and at that price: the opening of a replayed bar.
    pub fn open_at(&mut self, price: PriceTicks) -> Vec<Execution> {
        self.drain_both(|side, kind| kind.accepts(side, price).then_some(price))
    }

    /// Fills every limit that the range reaches, completely and at its limit: the inside of a replayed bar.
    pub fn touch(&mut self, low: PriceTicks, high: PriceTicks) -> Vec<Execution> {
        self.drain_both(|side, kind| match (kind, side) {
            (OrderKind::Limit(limit), Side::Buy) if limit >= low => Some(limit),
            (OrderKind::Limit(limit), Side::Sell) if limit <= high => Some(limit),
            _ => None,
        })
    }

    fn drain_both(&mut self, price: impl Fn(Side, OrderKind) -> Option<PriceTicks>) -> Vec<Execution> {
        let fill = |side, kind, leaves| price(side, kind).map(|price| (price, leaves)).into_iter().collect();
        let mut executions = self.drain(Side::Buy, |kind, leaves| fill(Side::Buy, kind, leaves));
        executions.extend(self.drain(Side::Sell, |kind, leaves| fill(Side::Sell, kind, leaves)));
        executions
    }

    /// Offers prices and quantities to each order of a side in turn and removes what is filled.
    fn drain(
        &mut self,
        side: Side,
        mut offer: impl FnMut(OrderKind, QtyNanos) -> Vec<(PriceTicks, QtyNanos)>,
    ) -> Vec<Execution> {
        let orders = self.side_mut(side);
        let mut executions = Vec::new();
        for order in orders.iter_mut() {
            for (price_ticks, qty) in offer(order.kind, order.leaves) {
                order.leaves -= qty;
                let (order_id, leaves) = (order.order_id.clone(), order.leaves);
                executions.push(Execution { order_id, side, qty, price_ticks, leaves });
            }
        }
        if !executions.is_empty() {
            orders.retain(|order| order.leaves > 0);
        }
        executions
    }

    fn side_mut(&mut self, side: Side) -> &mut Vec<Working> {
        match side {
            Side::Buy => &mut self.buys,
            Side::Sell => &mut self.sells,
        }
    }
}

/// Smaller ranks trade first.
fn rank(side: Side, kind: OrderKind) -> PriceTicks {
    match (kind, side) {
        (OrderKind::Market, _) => PriceTicks::MIN,
        (OrderKind::Limit(limit), Side::Buy) => -limit,
        (OrderKind::Limit(limit), Side::Sell) => limit,
    }
}
