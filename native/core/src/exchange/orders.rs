//! The working orders of every instrument and the ids that were ever taken.

use std::collections::BTreeSet;

use super::Listing;
use crate::matching::{Execution, Fill, NewOrder, OrderKind, Queue, Refusal};

/// Checks orders in and keeps one queue an instrument.
#[derive(Debug, Clone)]
pub(super) struct Orders {
    listings: Vec<Listing>,
    queues: Vec<Queue>,
    taken: BTreeSet<String>,
}

impl Orders {
    pub(super) fn new(listings: Vec<Listing>) -> Self {
        let queues = vec![Queue::default(); listings.len()];
        Self { listings, queues, taken: BTreeSet::new() }
    }

    pub(super) fn listings(&self) -> &[Listing] {
        &self.listings
    }

    /// Puts an order into the queue of its instrument and gives the instrument's index.
    pub(super) fn rest(&mut self, order: &NewOrder) -> Result<usize, Refusal> {
        let symbol = self.listings.iter().position(|listing| listing.symbol == order.symbol);
        let symbol = symbol.ok_or(Refusal::UnknownSymbol)?;
        let queue = self.queues.get_mut(symbol).ok_or(Refusal::UnknownSymbol)?;
        if order.qty <= 0 {
            return Err(Refusal::QtyInvalid);
        }
        if matches!(order.kind, OrderKind::Limit(..=0)) {
            return Err(Refusal::LimitInvalid);
        }
        if !self.taken.insert(order.order_id.clone()) {
            return Err(Refusal::DuplicateOrderId);
        }
        queue.rest(order);
        Ok(symbol)
    }

    pub(super) fn cancel(&mut self, order_id: &str) -> bool {
        self.queues.iter_mut().any(|queue| queue.cancel(order_id))
    }

    pub(super) fn working(&self) -> Vec<String> {
        self.queues.iter().flat_map(Queue::ids).map(str::to_owned).collect()
    }

    /// Lets `trade` execute orders of one instrument and dates what it did.
    pub(super) fn execute(
        &mut self,
        symbol: usize,
        at_ms: i64,
        trade: impl FnOnce(&mut Queue) -> Vec<Execution>,
    ) -> Vec<Fill> {
        let executions = self.queues.get_mut(symbol).map(trade).unwrap_or_default();
        let fill = |done: Execution| Fill {
            order_id: done.order_id,
            symbol,
            side: done.side,
            qty: done.qty,
            price_ticks: done.price_ticks,
            at_ms,
            leaves: done.leaves,
        };
        executions.into_iter().map(fill).collect()
    }
}
