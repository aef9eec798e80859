//! The working orders of every instrument and the ids that were ever taken.

use std::collections::BTreeSet;

use super::Listing;
use crate::matching::{
    Execution, Fill, Lifetime, NewOrder, OrderEvent, OrderKind, Queue, Refusal, Trailed, Trigger,
};
use crate::money::PriceTicks;

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

    /// Gives the index of an order's instrument, or says why the order is refused. An id is good once.
    pub(super) fn admit(&mut self, order: &NewOrder) -> Result<usize, Refusal> {
        let symbol = self.listings.iter().position(|listing| listing.symbol == order.symbol);
        let symbol = symbol.ok_or(Refusal::UnknownSymbol)?;
        if order.qty <= 0 {
            return Err(Refusal::QtyInvalid);
        }
        if matches!(order.kind, OrderKind::Limit(..=0)) {
            return Err(Refusal::LimitInvalid);
        }
        let is_valid = |trigger: Trigger| trigger.is_valid() && order.lifetime == Lifetime::Rest;
        if !order.trigger.is_none_or(is_valid) {
            return Err(Refusal::TriggerInvalid);
        }
        if !self.taken.insert(order.order_id.clone()) {
            return Err(Refusal::DuplicateOrderId);
        }
        Ok(symbol)
    }

    pub(super) fn queue(&mut self, symbol: usize) -> Option<&mut Queue> {
        self.queues.get_mut(symbol)
    }

    /// Lets only orders for extended hours trade, or all of them again.
    pub(super) fn set_extended(&mut self, extended: bool) {
        self.queues.iter_mut().for_each(|queue| queue.set_extended(extended));
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
    ) -> Vec<OrderEvent> {
        let executions = self.queues.get_mut(symbol).map(trade).unwrap_or_default();
        executions.into_iter().map(|done| filled(done, symbol, at_ms)).collect()
    }

    /// Lets trailing stops follow a trade.
    pub(super) fn follow(&mut self, symbol: usize, price: PriceTicks, at_ms: i64) -> Vec<OrderEvent> {
        let moved = self.queues.get_mut(symbol).map(|queue| queue.follow(price)).unwrap_or_default();
        let trailed = |Trailed { order_id, mark, stop }| OrderEvent::Trailed {
            order_id,
            mark_ticks: mark,
            stop_ticks: stop,
            at_ms,
        };
        moved.into_iter().map(trailed).collect()
    }
}

/// Dates an execution.
pub(super) fn filled(done: Execution, symbol: usize, at_ms: i64) -> OrderEvent {
    OrderEvent::Filled(Fill {
        order_id: done.order_id,
        symbol,
        side: done.side,
        qty: done.qty,
        price_ticks: done.price_ticks,
        at_ms,
        leaves: done.leaves,
    })
}
