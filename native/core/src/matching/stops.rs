//! Orders that wait for a price to be traded before they enter the market.

use super::order::NewOrder;
use crate::money::{PriceTicks, QtyNanos};

/// A trailing stop that has just moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trailed {
    /// The order's id.
    pub order_id: String,
    /// The best price traded since the order was placed.
    pub mark: PriceTicks,
    /// Where the stop is now.
    pub stop: PriceTicks,
}

/// Waiting stops in order of submission.
#[derive(Debug, Clone, Default)]
pub(super) struct Stops {
    waiting: Vec<NewOrder>,
}

impl Stops {
    pub(super) fn add(&mut self, order: NewOrder) {
        self.waiting.push(order);
    }

    pub(super) fn cancel(&mut self, order_id: &str) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|order| order.order_id != order_id);
        self.waiting.len() < before
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.waiting.iter().map(|order| order.order_id.as_str())
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Lets trailing stops follow a trade.
    pub(super) fn follow(&mut self, price: PriceTicks) -> Vec<Trailed> {
        let moved = self.waiting.iter_mut().filter_map(|order| {
            let side = order.side;
            let trigger = order.trigger.as_mut()?;
            let mark = trigger.follow(side, price).then(|| trigger.mark())??;
            Some(Trailed { order_id: order.order_id.clone(), mark, stop: trigger.stop(side) })
        });
        moved.collect()
    }

    /// Takes out the first order that one of these prices sets off.
    pub(super) fn elect(&mut self, low: PriceTicks, high: PriceTicks) -> Option<NewOrder> {
        let is_reached = |order: &NewOrder| {
            let reached = |price| order.trigger.is_some_and(|trigger| trigger.is_reached(order.side, price));
            reached(low) || reached(high)
        };
        let at = self.waiting.iter().position(is_reached)?;
        Some(self.waiting.remove(at))
    }

    /// Takes out the orders of a group.
    pub(super) fn drop_group(&mut self, group: &str) {
        self.waiting.retain(|order| order.group.as_deref() != Some(group));
    }

    /// Takes from the orders of a group what one of the group has traded.
    pub(super) fn shrink(&mut self, group: &str, traded: QtyNanos) {
        for order in self.waiting.iter_mut().filter(|order| order.group.as_deref() == Some(group)) {
            order.qty -= traded;
        }
        self.waiting.retain(|order| order.qty > 0);
    }
}
