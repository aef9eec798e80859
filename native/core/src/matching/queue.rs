//! The orders of one instrument: those that work in price-time order, those that wait for a price, and those that
//! wait for an opening or a close.

use std::collections::BTreeMap;

use super::ladder::Ladder;
use super::order::{Lifetime, NewOrder, OrderKind};
use super::stops::{Stops, Trailed};
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
    group: Option<String>,
    extended: bool,
}

/// Smaller keys trade first: by price, then by time of submission.
type Key = (PriceTicks, u64);

/// Waits for the market. The order of submission is the order of time.
#[derive(Debug, Clone, Default)]
pub struct Queue {
    buys: BTreeMap<Key, Working>,
    sells: BTreeMap<Key, Working>,
    keys: BTreeMap<String, (Side, Key)>,
    submitted: u64,
    stops: Stops,
    auctions: Vec<NewOrder>,
    /// Whether only orders for extended hours trade.
    extended: bool,
}

impl Queue {
    /// Adds a working order behind those of the same price. It does not trade yet.
    pub fn rest(&mut self, order: &NewOrder) {
        let key = (rank(order.side, order.kind), self.submitted);
        self.submitted += 1;
        self.keys.insert(order.order_id.clone(), (order.side, key));
        let (order_id, group) = (order.order_id.clone(), order.group.clone());
        let working =
            Working { order_id, kind: order.kind, leaves: order.qty, group, extended: order.extended };
        self.side_mut(order.side).insert(key, working);
    }

    /// Lets only orders for extended hours trade, or all of them again.
    pub fn set_extended(&mut self, extended: bool) {
        self.extended = extended;
    }

    /// Keeps a stop order until its price is traded.
    pub fn wait_for_price(&mut self, order: NewOrder) {
        self.stops.add(order);
    }

    /// Keeps an order until its moment is called.
    pub fn wait_for_auction(&mut self, order: NewOrder) {
        self.auctions.push(order);
    }

    /// Takes out the orders that wait for an opening (`Opening` and, in a replay, those of a moment) or a close.
    pub fn call_auction(&mut self, is_close: bool) -> Vec<NewOrder> {
        let (called, kept) = std::mem::take(&mut self.auctions)
            .into_iter()
            .partition(|order| (order.lifetime == Lifetime::Closing) == is_close);
        self.auctions = kept;
        called
    }

    /// Takes an order out; `false` when there is none of this id.
    pub fn cancel(&mut self, order_id: &str) -> bool {
        if let Some((side, key)) = self.keys.remove(order_id) {
            return self.side_mut(side).remove(&key).is_some();
        }
        let before = self.auctions.len();
        self.auctions.retain(|order| order.order_id != order_id);
        self.stops.cancel(order_id) || self.auctions.len() < before
    }

    /// Ids of all orders: working buys then sells, each in price-time order, then those that wait.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let working = self.buys.values().chain(self.sells.values()).map(|order| order.order_id.as_str());
        let auctions = self.auctions.iter().map(|order| order.order_id.as_str());
        working.chain(self.stops.ids()).chain(auctions)
    }

    /// Number of orders.
    pub fn len(&self) -> usize {
        self.keys.len() + self.stops.len() + self.auctions.len()
    }

    /// Whether there is no order.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Lets trailing stops follow a trade.
    pub fn follow(&mut self, price: PriceTicks) -> Vec<Trailed> {
        self.stops.follow(price)
    }

    /// Takes out the first stop order that a trade between `low` and `high` sets off, together with the rest of its
    /// group; it neither trades nor rests yet.
    pub fn elect(&mut self, low: PriceTicks, high: PriceTicks) -> Option<NewOrder> {
        let elected = self.stops.elect(low, high)?;
        if let Some(group) = &elected.group {
            self.stops.drop_group(group);
            let in_group = |order: &&Working| order.group.as_ref() == Some(group);
            let working = self.buys.values().chain(self.sells.values()).filter(in_group);
            let ids: Vec<String> = working.map(|order| order.order_id.clone()).collect();
            for order_id in ids {
                self.cancel(&order_id);
            }
        }
        Some(elected)
    }

    /// Takes from the waiting orders of a group what one of the group has traded.
    pub fn shrink(&mut self, group: &str, traded: QtyNanos) {
        self.stops.shrink(group, traded);
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

    /// Fills every working order that accepts `price`, completely and at that price: the opening of a replayed bar.
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

    /// Offers prices and quantities to each working order of a side in turn and removes what is filled. An offer
    /// that a limit cannot use is of no use to the worse limits behind it.
    pub fn drain(
        &mut self,
        side: Side,
        mut offer: impl FnMut(OrderKind, QtyNanos) -> Vec<(PriceTicks, QtyNanos)>,
    ) -> Vec<Execution> {
        let mut executions = Vec::new();
        let mut filled = Vec::new();
        let mut traded = Vec::new();
        let extended = self.extended;
        let may = |order: &Working| order.extended || !extended;
        for (key, order) in self.side_mut(side).iter_mut().filter(|(_, order)| may(order)) {
            let slices = offer(order.kind, order.leaves);
            if slices.is_empty() && order.kind != OrderKind::Market {
                break;
            }
            for (price_ticks, qty) in slices {
                order.leaves -= qty;
                let (order_id, leaves) = (order.order_id.clone(), order.leaves);
                executions.push(Execution { order_id, side, qty, price_ticks, leaves });
                traded.extend(order.group.clone().map(|group| (group, qty)));
            }
            if order.leaves == 0 {
                filled.push((*key, order.order_id.clone()));
            }
        }
        for (key, order_id) in filled {
            self.side_mut(side).remove(&key);
            self.keys.remove(&order_id);
        }
        traded.iter().for_each(|(group, qty)| self.shrink(group, *qty));
        executions
    }

    fn side_mut(&mut self, side: Side) -> &mut BTreeMap<Key, Working> {
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
