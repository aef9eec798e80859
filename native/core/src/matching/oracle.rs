//! Properties of the matching, and its equality with the naive one.

use proptest::prelude::*;

use super::ladder::LEVEL_TICKS;
use super::naive::{Event, Naive, Trade};
use super::*;
use crate::book::Side;
use crate::money::{PriceTicks, QtyNanos};

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Buy), Just(Side::Sell)]
}

/// Prices in cents around ten dollars, so that they often meet.
fn price() -> impl Strategy<Value = PriceTicks> {
    (985_i64..=1_015).prop_map(|cents| cents * LEVEL_TICKS)
}

fn event() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![1 => Just(OrderKind::Market), 4 => price().prop_map(OrderKind::Limit)];
    prop_oneof![
        4 => (side(), kind, 1_i64..60).prop_map(|(side, kind, qty)| Event::Submit { side, kind, qty }),
        1 => (0_usize..40).prop_map(|order| Event::Cancel { order }),
        3 => (price(), 1_i64..4, 0_i64..15, 0_i64..15).prop_map(|(bid, spread, bid_qty, ask_qty)| {
            Event::Quote { bid, spread: spread * LEVEL_TICKS, bid_qty, ask_qty }
        }),
        2 => (price(), 1_i64..40).prop_map(|(price, size)| Event::Print { price, size }),
    ]
}

/// The real queue behind the same events.
struct Real {
    queue: Queue,
    submitted: usize,
    asks: Ladder,
    bids: Ladder,
}

impl Real {
    fn new() -> Self {
        let (asks, bids) = (Ladder::new(Side::Buy, 0, 0), Ladder::new(Side::Sell, 0, 0));
        Self { queue: Queue::default(), submitted: 0, asks, bids }
    }

    fn match_quote(&mut self) -> Vec<Execution> {
        let mut executions = self.queue.take(Side::Buy, &mut self.asks);
        executions.extend(self.queue.take(Side::Sell, &mut self.bids));
        executions
    }

    fn hear(&mut self, event: &Event) -> Vec<Execution> {
        match *event {
            Event::Submit { side, kind, qty } => {
                let order_id = self.submitted.to_string();
                self.submitted += 1;
                self.queue.rest(&NewOrder::plain(order_id, "X".to_owned(), side, kind, qty));
                self.match_quote()
            }
            Event::Cancel { order } => {
                self.queue.cancel(&order.to_string());
                Vec::new()
            }
            Event::Quote { bid, spread, bid_qty, ask_qty } => {
                self.bids = Ladder::new(Side::Sell, bid, bid_qty);
                self.asks = Ladder::new(Side::Buy, bid + spread, ask_qty);
                self.match_quote()
            }
            Event::Print { price, size } => self.queue.trade_through(price, size),
        }
    }
}

fn trades(executions: &[Execution]) -> Vec<Trade> {
    executions.iter().map(|done| (done.order_id.parse().unwrap(), done.price_ticks, done.qty)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn trades_as_the_naive_matching_does(events in prop::collection::vec(event(), 1..80)) {
        let (mut real, mut naive) = (Real::new(), Naive::default());
        for event in &events {
            prop_assert_eq!(trades(&real.hear(event)), naive.hear(event), "{:?}", event);
            let mut waiting: Vec<usize> = real.queue.ids().map(|id| id.parse().unwrap()).collect();
            waiting.sort_unstable();
            let expected = (0..naive.orders.len()).filter(|number| naive.orders[*number].leaves > 0);
            prop_assert_eq!(waiting, expected.collect::<Vec<_>>());
        }
    }

    #[test]
    fn fills_never_exceed_orders_limits_or_what_was_traded(events in prop::collection::vec(event(), 1..80)) {
        let mut real = Real::new();
        let mut orders: Vec<(Side, OrderKind, QtyNanos, QtyNanos)> = Vec::new();
        for event in &events {
            if let Event::Submit { side, kind, qty } = *event {
                orders.push((side, kind, qty, 0));
            }
            let executions = real.hear(event);
            for done in &executions {
                let (side, kind, qty, filled) = &mut orders[done.order_id.parse::<usize>().unwrap()];
                *filled += done.qty;
                prop_assert!(done.qty > 0 && *filled <= *qty);
                prop_assert_eq!(*filled + done.leaves, *qty);
                prop_assert_eq!(done.side, *side);
                prop_assert!(kind.accepts(*side, done.price_ticks));
            }
            if let Event::Print { size, .. } = *event {
                prop_assert!(executions.iter().map(|done| done.qty).sum::<QtyNanos>() <= size);
            }
        }
    }

    #[test]
    fn replayed_bars_fill_at_the_opening_or_at_the_limit(
        orders in prop::collection::vec((side(), prop_oneof![Just(OrderKind::Market), price().prop_map(OrderKind::Limit)]), 1..20),
        open in price(), below in 0_i64..5, above in 0_i64..5,
    ) {
        let mut queue = Queue::default();
        for (number, (side, kind)) in orders.iter().enumerate() {
            queue.rest(&NewOrder::plain(number.to_string(), "X".to_owned(), *side, *kind, 7));
        }
        let (low, high) = (open - below * LEVEL_TICKS, open + above * LEVEL_TICKS);
        let mut done: Vec<Trade> = trades(&queue.open_at(open));
        done.extend(trades(&queue.touch(low, high)));
        done.sort_unstable();
        let expected = orders.iter().enumerate().filter_map(|(number, (side, kind))| {
            let price = match (kind, side) {
                (OrderKind::Market, _) => open,
                (OrderKind::Limit(limit), Side::Buy) => if *limit >= low { open.min(*limit) } else { return None },
                (OrderKind::Limit(limit), Side::Sell) => if *limit <= high { open.max(*limit) } else { return None },
            };
            Some((number, price, 7))
        });
        prop_assert_eq!(done, expected.collect::<Vec<_>>());
    }
}
