//! Orders in a replay: they fill at prices that the file proves, never at one that was known when they were sent.

use super::orders::{Orders, filled};
use super::{Listing, Step};
use crate::bars::{Bar, BarWindow, SeriesError, TradedBar};
use crate::market::{Clock, Quote, Replay, ReplayError, SymbolBar};
use crate::matching::{Execution, Lifetime, NewOrder, OrderEvent, Refusal};
use crate::money::PriceTicks;

/// The only instrument of a replay.
const SYMBOL: usize = 0;

/// A replayed file with orders in it. Sizes are unlimited: the file does not tell what was on offer.
#[derive(Debug, Clone)]
pub(super) struct ReplayedExchange {
    replay: Replay,
    orders: Orders,
}

impl ReplayedExchange {
    pub(super) fn new(bars: Vec<Bar>, symbol: &str) -> Result<Self, ReplayError> {
        let listing = Listing {
            symbol: symbol.to_owned(),
            name: format!("{symbol} (replayed from a file)"),
            exchange: "REPLAY".to_owned(),
        };
        Ok(Self { replay: Replay::new(bars)?, orders: Orders::new(vec![listing]) })
    }

    pub(super) fn listings(&self) -> &[Listing] {
        self.orders.listings()
    }

    /// The opening sets stops off and fills what accepts it; then the range does, dated at the bar's end because
    /// nobody knows the moment; then orders for the close trade at it and the bar is complete. Where the range
    /// holds both a stop and a limit of one group, the stop is assumed to have come first.
    pub(super) fn advance_bar(&mut self) -> Step {
        let mut step = Step::default();
        let Some(opening) = self.replay.open() else { return step };
        step.quotes.push(opening);
        step.orders = self.open(opening.last_ticks, opening.at_ms);
        let Some((bar, closing)) = self.replay.complete() else { return step };
        step.orders.extend(self.range(bar.bar.low_ticks, bar.bar.high_ticks, closing.at_ms));
        step.orders.extend(self.auction(true, closing.last_ticks, closing.at_ms));
        step.orders.extend(self.orders.follow(SYMBOL, closing.last_ticks, closing.at_ms));
        step.bars.push(SymbolBar { symbol: SYMBOL, bar });
        step.quotes.push(closing);
        step
    }

    fn open(&mut self, price: PriceTicks, at_ms: i64) -> Vec<OrderEvent> {
        let mut events = self.orders.follow(SYMBOL, price, at_ms);
        while let Some(order) = self.orders.queue(SYMBOL).and_then(|queue| queue.elect(price, price)) {
            events.push(OrderEvent::Elected { order_id: order.order_id.clone(), at_ms });
            self.rest(&order);
        }
        events.extend(self.orders.execute(SYMBOL, at_ms, |queue| queue.open_at(price)));
        events.extend(self.auction(false, price, at_ms));
        events
    }

    fn range(&mut self, low: PriceTicks, high: PriceTicks, at_ms: i64) -> Vec<OrderEvent> {
        let mut events = Vec::new();
        let mut waiting = Vec::new();
        while let Some(order) = self.orders.queue(SYMBOL).and_then(|queue| queue.elect(low, high)) {
            events.push(OrderEvent::Elected { order_id: order.order_id.clone(), at_ms });
            // The price passed through the stop on its way, so the stop is what the order met.
            let stop = order.trigger.map_or(0, |trigger| trigger.stop(order.side));
            if order.kind.accepts(order.side, stop) {
                events.push(whole(order, stop, at_ms));
            } else {
                waiting.push(order);
            }
        }
        events.extend(self.orders.execute(SYMBOL, at_ms, |queue| queue.touch(low, high)));
        waiting.iter().for_each(|order| self.rest(order));
        events
    }

    /// Calls the orders that wait for a bar's opening or close; what does not accept the price is over.
    fn auction(&mut self, is_close: bool, price: PriceTicks, at_ms: i64) -> Vec<OrderEvent> {
        let called = self.orders.queue(SYMBOL).map(|queue| queue.call_auction(is_close)).unwrap_or_default();
        let outcome = |order: NewOrder| {
            if order.kind.accepts(order.side, price) {
                whole(order, price, at_ms)
            } else {
                OrderEvent::Ended { order_id: order.order_id, at_ms }
            }
        };
        called.into_iter().map(outcome).collect()
    }

    fn rest(&mut self, order: &NewOrder) {
        if let Some(queue) = self.orders.queue(SYMBOL) {
            queue.rest(order);
        }
    }

    pub(super) fn submit(&mut self, order: &NewOrder) -> Result<(), Refusal> {
        if !self.clock().is_open {
            return Err(Refusal::MarketEnded);
        }
        self.orders.admit(order)?;
        let Some(queue) = self.orders.queue(SYMBOL) else { return Err(Refusal::UnknownSymbol) };
        if order.lifetime != Lifetime::Rest {
            queue.wait_for_auction(order.clone());
        } else if order.trigger.is_some() {
            queue.wait_for_price(order.clone());
        } else {
            queue.rest(order);
        }
        Ok(())
    }

    pub(super) fn cancel(&mut self, order_id: &str) -> bool {
        self.orders.cancel(order_id)
    }

    pub(super) fn working(&self) -> Vec<String> {
        self.orders.working()
    }

    pub(super) fn bars(&self, bar_s: i64, window: BarWindow) -> Result<Vec<TradedBar>, SeriesError> {
        self.replay.bars(bar_s, window)
    }

    pub(super) fn quote(&self) -> Quote {
        self.replay.quote()
    }

    pub(super) fn clock(&self) -> Clock {
        self.replay.clock()
    }

    pub(super) fn bar_s(&self) -> i64 {
        self.replay.bar_ms() / 1_000
    }
}

/// A complete execution.
fn whole(order: NewOrder, price_ticks: PriceTicks, at_ms: i64) -> OrderEvent {
    let NewOrder { order_id, side, qty, .. } = order;
    filled(Execution { order_id, side, qty, price_ticks, leaves: 0 }, SYMBOL, at_ms)
}
