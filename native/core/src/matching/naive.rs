//! The naive matching: every level and every order is looked at again for every unit that trades.

use super::OrderKind;
use super::ladder::{LEVEL_TICKS, LEVELS};
use crate::book::Side;
use crate::money::{PriceTicks, QtyNanos};

/// One thing that happens to a queue.
#[derive(Debug, Clone)]
pub(super) enum Event {
    Submit { side: Side, kind: OrderKind, qty: QtyNanos },
    Cancel { order: usize },
    Quote { bid: PriceTicks, spread: PriceTicks, bid_qty: QtyNanos, ask_qty: QtyNanos },
    Print { price: PriceTicks, size: QtyNanos },
}

/// Order number, price and quantity.
pub(super) type Trade = (usize, PriceTicks, QtyNanos);

#[derive(Debug, Clone)]
pub(super) struct NaiveOrder {
    side: Side,
    kind: OrderKind,
    pub(super) leaves: QtyNanos,
}

/// Keeps every order ever made and every level of the quote as a list.
#[derive(Debug, Default)]
pub(super) struct Naive {
    pub(super) orders: Vec<NaiveOrder>,
    asks: Vec<(PriceTicks, QtyNanos)>,
    bids: Vec<(PriceTicks, QtyNanos)>,
}

impl Naive {
    /// The order of a side that trades first at a price, among those that `may`.
    fn first(&self, side: Side, may: impl Fn(&NaiveOrder) -> bool) -> Option<usize> {
        let better = |a: &NaiveOrder, b: &NaiveOrder| match (a.kind, b.kind) {
            (OrderKind::Market, OrderKind::Market) => false,
            (OrderKind::Market, OrderKind::Limit(_)) => true,
            (OrderKind::Limit(_), OrderKind::Market) => false,
            (OrderKind::Limit(a), OrderKind::Limit(b)) => {
                if side == Side::Buy {
                    a > b
                } else {
                    a < b
                }
            }
        };
        let mut best: Option<usize> = None;
        for (number, order) in self.orders.iter().enumerate() {
            if order.side == side && order.leaves > 0 && may(order) {
                // A later order wins only when it is strictly better.
                if best.is_none_or(|best| better(order, &self.orders[best])) {
                    best = Some(number);
                }
            }
        }
        best
    }

    fn match_quote(&mut self) -> Vec<Trade> {
        let mut trades = Vec::new();
        for side in [Side::Buy, Side::Sell] {
            loop {
                let levels = if side == Side::Buy { &self.asks } else { &self.bids };
                let Some(level) = levels.iter().position(|(_, qty)| *qty > 0) else { break };
                let price = levels[level].0;
                let Some(number) = self.first(side, |order| order.kind.accepts(side, price)) else { break };
                let levels = if side == Side::Buy { &mut self.asks } else { &mut self.bids };
                // One unit at a time; the units of one level are joined below.
                levels[level].1 -= 1;
                self.orders[number].leaves -= 1;
                trades.push((number, price, 1));
            }
        }
        joined(trades)
    }

    fn print(&mut self, price: PriceTicks, size: QtyNanos) -> Vec<Trade> {
        let mut trades = Vec::new();
        let through = |side: Side, order: &NaiveOrder| match (order.kind, side) {
            (OrderKind::Limit(limit), Side::Buy) => limit > price,
            (OrderKind::Limit(limit), Side::Sell) => limit < price,
            (OrderKind::Market, _) => false,
        };
        for _ in 0..size {
            let buy = self.first(Side::Buy, |order| through(Side::Buy, order));
            let Some(number) = buy.or_else(|| self.first(Side::Sell, |order| through(Side::Sell, order)))
            else {
                break;
            };
            let OrderKind::Limit(limit) = self.orders[number].kind else { unreachable!() };
            self.orders[number].leaves -= 1;
            trades.push((number, limit, 1));
        }
        joined(trades)
    }

    pub(super) fn hear(&mut self, event: &Event) -> Vec<Trade> {
        match *event {
            Event::Submit { side, kind, qty } => {
                self.orders.push(NaiveOrder { side, kind, leaves: qty });
                self.match_quote()
            }
            Event::Cancel { order } => {
                if let Some(order) = self.orders.get_mut(order) {
                    order.leaves = 0;
                }
                Vec::new()
            }
            Event::Quote { bid, spread, bid_qty, ask_qty } => {
                self.bids = (0..LEVELS).map(|level| (bid - level * LEVEL_TICKS, bid_qty)).collect();
                self.asks = (0..LEVELS).map(|level| (bid + spread + level * LEVEL_TICKS, ask_qty)).collect();
                self.match_quote()
            }
            Event::Print { price, size } => self.print(price, size),
        }
    }
}

fn joined(trades: Vec<Trade>) -> Vec<Trade> {
    let mut joined: Vec<Trade> = Vec::new();
    for (number, price, qty) in trades {
        match joined.last_mut() {
            Some(last) if (last.0, last.1) == (number, price) => last.2 += qty,
            _ => joined.push((number, price, qty)),
        }
    }
    joined
}
