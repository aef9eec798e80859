//! The floor of the simulated exchange: orders on their way and in the market, and what is displayed to them.

use std::collections::{BTreeSet, VecDeque};

use super::displayed::{Displayed, Rules};
use super::orders::{Orders, filled};
use super::{FillProfile, Listing, Step};
use crate::book::Side;
use crate::market::{MarketEvent, Quote, Random};
use crate::matching::{Execution, Lifetime, NewOrder, OrderEvent, Queue, Refusal};
use crate::money::{NANOS_PER_SHARE, PriceTicks, QtyNanos};

/// Between sending an order and its arrival, in the realistic profile.
const LATENCY_MS: i64 = 50;

#[derive(Debug, Clone)]
struct Arrival {
    at_ms: i64,
    symbol: usize,
    order: NewOrder,
}

/// Where orders meet quotes and trades.
#[derive(Debug, Clone)]
pub(super) struct Floor {
    orders: Orders,
    /// One an instrument; `None` while closed or halted.
    displayed: Vec<Option<Displayed>>,
    /// Until the quote that trading resumes with, which is no opening.
    halted: BTreeSet<usize>,
    profile: FillProfile,
    random: Random,
    /// In order of time.
    arriving: VecDeque<Arrival>,
    /// Of the last event.
    heard_ms: i64,
    /// Whether it is before or after a session: only orders for extended hours trade.
    extended: bool,
}

impl Floor {
    pub(super) fn new(listings: Vec<Listing>, seed: u64, profile: FillProfile) -> Self {
        Self {
            displayed: vec![None; listings.len()],
            halted: BTreeSet::new(),
            orders: Orders::new(listings),
            profile,
            random: Random::seeded(seed),
            arriving: VecDeque::new(),
            heard_ms: 0,
            extended: false,
        }
    }

    pub(super) fn listings(&self) -> &[Listing] {
        self.orders.listings()
    }

    pub(super) fn cancel(&mut self, order_id: &str) -> bool {
        let before = self.arriving.len();
        self.arriving.retain(|arrival| arrival.order.order_id != order_id);
        self.arriving.len() < before || self.orders.cancel(order_id)
    }

    pub(super) fn working(&self) -> Vec<String> {
        let arriving = self.arriving.iter().map(|arrival| arrival.order.order_id.clone());
        self.orders.working().into_iter().chain(arriving).collect()
    }

    pub(super) fn submit(&mut self, order: &NewOrder, now_ms: i64) -> Result<Vec<OrderEvent>, Refusal> {
        let symbol = self.orders.admit(order)?;
        if self.profile == FillProfile::Realistic {
            let at_ms = now_ms + LATENCY_MS;
            self.arriving.push_back(Arrival { at_ms, symbol, order: order.clone() });
            return Ok(Vec::new());
        }
        Ok(self.enter(symbol, order.clone(), now_ms))
    }

    /// Lets the orders in that have arrived by now.
    pub(super) fn arrive(&mut self, now_ms: i64) -> Vec<OrderEvent> {
        let mut events = Vec::new();
        while self.arriving.front().is_some_and(|arrival| arrival.at_ms <= now_ms) {
            let Some(Arrival { at_ms, symbol, order }) = self.arriving.pop_front() else { break };
            events.extend(self.enter(symbol, order, at_ms));
        }
        events
    }

    pub(super) fn hear(&mut self, event: MarketEvent, step: &mut Step) {
        match event {
            MarketEvent::Quote(quote) => {
                self.pass_to(quote.at_ms, step);
                let is_dark = self.displayed.get(quote.symbol).is_some_and(Option::is_none);
                let opens = is_dark && !self.halted.remove(&quote.symbol) && !self.extended;
                self.display(&quote);
                step.quotes.push(quote);
                step.orders.extend(self.match_displayed(quote.symbol, quote.at_ms));
                if opens {
                    step.orders.extend(self.auction(quote.symbol, false));
                }
            }
            MarketEvent::Print(print) => {
                self.pass_to(print.at_ms, step);
                step.trades.push(print);
                if !self.extended {
                    step.orders.extend(self.orders.follow(print.symbol, print.price_ticks, print.at_ms));
                    step.orders.extend(self.elect(print.symbol, print.price_ticks, print.at_ms));
                }
                if self.profile == FillProfile::Realistic {
                    let size = print.shares.saturating_mul(NANOS_PER_SHARE);
                    let through = |queue: &mut Queue| queue.trade_through(print.price_ticks, size);
                    step.orders.extend(self.orders.execute(print.symbol, print.at_ms, through));
                }
            }
            MarketEvent::Bar(bar) => step.bars.push(bar),
            MarketEvent::Status(status) => {
                self.pass_to(status.at_ms, step);
                step.statuses.push(status);
                if status.halted {
                    self.halt(status.symbol);
                }
            }
            MarketEvent::ExtendedOpened => self.set_extended(true),
            MarketEvent::Closed => {
                for symbol in 0..self.displayed.len() {
                    if !self.extended {
                        step.orders.extend(self.auction(symbol, true));
                    }
                }
                self.displayed.fill(None);
                self.halted.clear();
                self.set_extended(false);
            }
        }
    }

    pub(super) fn set_extended(&mut self, extended: bool) {
        self.extended = extended;
        self.orders.set_extended(extended);
    }

    /// Voids what was displayed: orders wait for the quote that trading resumes with.
    pub(super) fn halt(&mut self, symbol: usize) {
        self.halted.insert(symbol);
        if let Some(displayed) = self.displayed.get_mut(symbol) {
            *displayed = None;
        }
    }

    pub(super) fn display(&mut self, quote: &Quote) {
        if let Some(displayed) = self.displayed.get_mut(quote.symbol) {
            *displayed = Some(Displayed::of(quote));
        }
    }

    /// Orders that arrived since the last event meet what was displayed then.
    fn pass_to(&mut self, at_ms: i64, step: &mut Step) {
        if at_ms > self.heard_ms {
            step.orders.extend(self.arrive(at_ms - 1));
        }
        self.heard_ms = at_ms;
    }

    fn elect(&mut self, symbol: usize, price: PriceTicks, at_ms: i64) -> Vec<OrderEvent> {
        let mut events = Vec::new();
        while let Some(mut order) = self.orders.queue(symbol).and_then(|queue| queue.elect(price, price)) {
            order.trigger = None;
            events.push(OrderEvent::Elected { order_id: order.order_id.clone(), at_ms });
            events.extend(self.enter(symbol, order, at_ms));
        }
        events
    }

    fn auction(&mut self, symbol: usize, is_close: bool) -> Vec<OrderEvent> {
        let called = self.orders.queue(symbol).map(|queue| queue.call_auction(is_close));
        let mut events = Vec::new();
        for mut order in called.unwrap_or_default() {
            order.lifetime = Lifetime::Immediate;
            events.extend(self.enter(symbol, order, self.heard_ms));
        }
        events
    }

    /// An order that enters meets what the orders before it have left of the quote.
    fn enter(&mut self, symbol: usize, order: NewOrder, at_ms: i64) -> Vec<OrderEvent> {
        let Some(queue) = self.orders.queue(symbol) else { return Vec::new() };
        if order.trigger.is_some() {
            queue.wait_for_price(order);
            return Vec::new();
        }
        if matches!(order.lifetime, Lifetime::Opening | Lifetime::Closing) {
            queue.wait_for_auction(order);
            return Vec::new();
        }
        let mut slices = Vec::new();
        let waits = self.extended && !order.extended;
        if let Some(Some(displayed)) = self.displayed.get_mut(symbol).filter(|_| !waits) {
            let mut trial = *displayed;
            let is_whole = order.lifetime == Lifetime::Complete;
            let rules = match self.profile {
                FillProfile::AlpacaPaper => Rules::Paper((!is_whole).then_some(&mut self.random)),
                FillProfile::Realistic => Rules::Realistic,
            };
            slices = trial.take(order.side, order.kind, order.qty, rules);
            if is_whole && slices.iter().map(|(_, qty)| qty).sum::<QtyNanos>() < order.qty {
                slices.clear();
            } else {
                *displayed = trial;
            }
        }
        settle(queue, order, slices, symbol, at_ms)
    }

    fn match_displayed(&mut self, symbol: usize, at_ms: i64) -> Vec<OrderEvent> {
        let Some(Some(displayed)) = self.displayed.get_mut(symbol) else { return Vec::new() };
        let (profile, random) = (self.profile, &mut self.random);
        self.orders.execute(symbol, at_ms, |queue| {
            let mut offer = |side, kind, leaves| {
                let rules = match profile {
                    FillProfile::AlpacaPaper => Rules::Paper(Some(random)),
                    FillProfile::Realistic => Rules::Realistic,
                };
                displayed.take(side, kind, leaves, rules)
            };
            let mut executions = queue.drain(Side::Buy, |kind, leaves| offer(Side::Buy, kind, leaves));
            executions.extend(queue.drain(Side::Sell, |kind, leaves| offer(Side::Sell, kind, leaves)));
            executions
        })
    }
}

/// Reports what an order traded as it entered; the rest of it stays in the queue or is over.
fn settle(
    queue: &mut Queue,
    mut order: NewOrder,
    slices: Vec<(PriceTicks, QtyNanos)>,
    symbol: usize,
    at_ms: i64,
) -> Vec<OrderEvent> {
    let mut events = Vec::new();
    for (price_ticks, qty) in slices {
        order.qty -= qty;
        let (order_id, side, leaves) = (order.order_id.clone(), order.side, order.qty);
        events.push(filled(Execution { order_id, side, qty, price_ticks, leaves }, symbol, at_ms));
        if let Some(group) = &order.group {
            queue.shrink(group, qty);
        }
    }
    if order.qty > 0 {
        if order.lifetime == Lifetime::Rest {
            queue.rest(&order);
        } else {
            events.push(OrderEvent::Ended { order_id: order.order_id, at_ms });
        }
    }
    events
}
