//! Stops, moments, auctions and groups, in the simulated market and in a replay.

use super::simulated_tests::fills;
use super::*;
use crate::book::Side;
use crate::market::Simulator;
use crate::matching::{Fill, Lifetime, OrderKind, Trail, Trigger};
use crate::money::NANOS_PER_SHARE;

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
const SESSION_MS: i64 = 390 * 60_000;

fn paper() -> Exchange {
    Exchange::simulated(1, None, FillProfile::AlpacaPaper).unwrap()
}

fn order(order_id: &str, symbol: &str, side: Side, kind: OrderKind) -> NewOrder {
    NewOrder::plain(order_id.to_owned(), symbol.to_owned(), side, kind, NANOS_PER_SHARE)
}

fn apple(order_id: &str, side: Side, kind: OrderKind) -> NewOrder {
    order(order_id, "AAPL", side, kind)
}

fn ended(order_id: &str, at_ms: i64) -> OrderEvent {
    OrderEvent::Ended { order_id: order_id.to_owned(), at_ms }
}

fn elected(order_id: &str, at_ms: i64) -> OrderEvent {
    OrderEvent::Elected { order_id: order_id.to_owned(), at_ms }
}

/// Five bars of an hour: open, high, low, close. The first two are history.
fn replay() -> Exchange {
    let prices = [
        [100, 100, 100, 100],
        [100, 100, 100, 100],
        [100, 110, 95, 105],
        [105, 120, 104, 118],
        [117, 118, 90, 92],
    ];
    let bar = |(index, [open, high, low, close]): (usize, [i64; 4])| Bar {
        at_ms: (index as i64 + 1) * HOUR_MS,
        open_ticks: open,
        high_ticks: high,
        low_ticks: low,
        close_ticks: close,
        volume: 1,
    };
    Exchange::replayed(prices.into_iter().enumerate().map(bar).collect(), "FILE").unwrap()
}

fn filled_at(step: &Step) -> Vec<(String, i64)> {
    fills(step).into_iter().map(|fill| (fill.order_id, fill.price_ticks)).collect()
}

#[test]
fn a_stop_enters_the_market_with_the_first_trade_at_its_price() {
    let mut exchange = paper();
    let stop = exchange.quote("AAPL").unwrap().last_ticks - 3_000;
    let trigger = Some(Trigger::Stop(stop));
    exchange.submit(&NewOrder { trigger, ..apple("a", Side::Sell, OrderKind::Market) }).unwrap();
    for _ in 0..5 * 4_680 {
        let step = exchange.advance(exchange.clock().now_ms + 5_000).unwrap();
        let through = step.trades.iter().find(|print| print.symbol == 0 && print.price_ticks <= stop);
        let Some(print) = through else {
            assert_eq!(step.orders, []);
            continue;
        };
        let bid = step.quotes.iter().find(|quote| quote.symbol == 0).unwrap().bid_ticks;
        let [first, OrderEvent::Filled(Fill { price_ticks, leaves: 0, .. })] = step.orders.as_slice() else {
            panic!("{:?}", step.orders);
        };
        assert_eq!((first, *price_ticks), (&elected("a", print.at_ms), bid));
        return;
    }
    panic!("the market never came down to the stop; choose another seed");
}

#[test]
fn a_trailing_stop_follows_the_best_trade_and_sells_at_its_distance() {
    let mut exchange = paper();
    let mark = exchange.quote("AAPL").unwrap().last_ticks;
    let trigger = Some(Trigger::Trail { by: Trail::Ticks(5_000), mark });
    exchange.submit(&NewOrder { trigger, ..apple("a", Side::Sell, OrderKind::Market) }).unwrap();
    let (mut best, mut stop) = (mark, mark - 5_000);
    while !exchange.working().is_empty() {
        let step = exchange.advance(exchange.clock().now_ms + 5_000).unwrap();
        for event in &step.orders {
            match event {
                OrderEvent::Trailed { mark_ticks, stop_ticks, .. } => {
                    assert!(*mark_ticks > best && *stop_ticks == mark_ticks - 5_000);
                    (best, stop) = (*mark_ticks, *stop_ticks);
                }
                OrderEvent::Elected { .. } => {
                    assert!(step.trades.iter().any(|print| print.symbol == 0 && print.price_ticks <= stop));
                }
                _ => {}
            }
        }
    }
    assert!(best > mark);
}

#[test]
fn paper_orders_fill_whatever_their_size_at_the_quote() {
    let mut exchange = paper();
    let quote = exchange.quote("AAPL").unwrap();
    let big = NewOrder {
        qty: 1_000 * quote.ask_shares * NANOS_PER_SHARE,
        lifetime: Lifetime::Complete,
        ..apple("a", Side::Buy, OrderKind::Market)
    };
    let events = exchange.submit(&big).unwrap();
    let [OrderEvent::Filled(fill)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((fill.qty, fill.price_ticks, fill.leaves), (big.qty, quote.ask_ticks, 0));
}

#[test]
fn an_order_for_a_moment_ends_with_what_it_could_not_trade() {
    let mut exchange = Exchange::simulated(1, None, FillProfile::Realistic).unwrap();
    let quote = exchange.quote("AAPL").unwrap();
    let at_ms = exchange.clock().now_ms + 50;
    let offered = quote.ask_shares * NANOS_PER_SHARE;
    let kind = OrderKind::Limit(quote.ask_ticks);
    let wanting = |order_id, lifetime, qty| NewOrder { lifetime, qty, ..apple(order_id, Side::Buy, kind) };
    exchange.submit(&wanting("all", Lifetime::Complete, offered + 1)).unwrap();
    exchange.submit(&wanting("some", Lifetime::Immediate, offered + 1)).unwrap();
    exchange.submit(&wanting("late", Lifetime::Immediate, 1)).unwrap();
    let step = exchange.advance(at_ms).unwrap();
    let traded: Vec<_> =
        fills(&step).into_iter().map(|fill| (fill.order_id, fill.qty, fill.leaves)).collect();
    assert_eq!(traded, [("some".to_owned(), offered, 1)]);
    let endings: Vec<_> =
        step.orders.iter().filter(|event| matches!(event, OrderEvent::Ended { .. })).cloned().collect();
    assert_eq!(endings, ["all", "some", "late"].map(|order_id| ended(order_id, at_ms)));
    assert_eq!(exchange.working(), [""; 0]);
}

#[test]
fn auctions_trade_at_the_last_and_the_first_quote_of_a_session() {
    let mut exchange = paper();
    let close_ms = Simulator::first_open_ms() + SESSION_MS;
    let quote = exchange.quote("AAPL").unwrap();
    let at = |lifetime, order_id, kind| NewOrder { lifetime, ..apple(order_id, Side::Buy, kind) };
    exchange.submit(&at(Lifetime::Closing, "close", OrderKind::Market)).unwrap();
    exchange.submit(&at(Lifetime::Closing, "cheap", OrderKind::Limit(1))).unwrap();
    assert_eq!(exchange.advance(close_ms - 5_000).unwrap().orders, []);
    let last = exchange.quote("AAPL").unwrap();
    let step = exchange.advance(close_ms).unwrap();
    assert_eq!(filled_at(&step), [("close".to_owned(), last.ask_ticks)]);
    assert_eq!(step.orders.last(), Some(&ended("cheap", last.at_ms)));
    exchange.submit(&at(Lifetime::Opening, "open", OrderKind::Market)).unwrap();
    let step = exchange.advance(Simulator::first_open_ms() + DAY_MS + 60_000).unwrap();
    let first = step.quotes.iter().find(|quote| quote.symbol == 0).unwrap();
    assert_eq!(filled_at(&step), [("open".to_owned(), first.ask_ticks)]);
    assert_ne!(first.ask_ticks, quote.ask_ticks);
}

#[test]
fn in_a_replay_stops_trade_at_the_opening_or_at_the_stop() {
    let mut exchange = replay();
    let stop = |order_id, side, kind, price| NewOrder {
        trigger: Some(Trigger::Stop(price)),
        ..order(order_id, "FILE", side, kind)
    };
    for order in [
        stop("inside", Side::Sell, OrderKind::Market, 97),
        stop("missed", Side::Sell, OrderKind::Market, 94),
        stop("limited", Side::Buy, OrderKind::Limit(109), 108),
        stop("gap", Side::Buy, OrderKind::Market, 111),
    ] {
        exchange.submit(&order).unwrap();
    }
    let step = exchange.advance_bar();
    assert_eq!(filled_at(&step), [("inside".to_owned(), 97), ("limited".to_owned(), 108)]);
    assert_eq!(exchange.working(), ["missed", "gap"]);
    let trail = Some(Trigger::Trail { by: Trail::Millionths(100_000), mark: 105 });
    exchange
        .submit(&NewOrder { trigger: trail, ..order("trail", "FILE", Side::Sell, OrderKind::Market) })
        .unwrap();
    assert_eq!(filled_at(&exchange.advance_bar()), [("gap".to_owned(), 111)]);
    // The close of 118 left the trailing stop at 106, a tenth below it and rounded away.
    assert_eq!(filled_at(&exchange.advance_bar()), [("missed".to_owned(), 94), ("trail".to_owned(), 106)]);
}

#[test]
fn in_a_replay_a_stop_comes_before_a_limit_of_its_group() {
    let mut exchange = replay();
    let group = Some("g".to_owned());
    let profit =
        NewOrder { group: group.clone(), ..order("profit", "FILE", Side::Sell, OrderKind::Limit(110)) };
    let loss = NewOrder {
        group,
        trigger: Some(Trigger::Stop(95)),
        ..order("loss", "FILE", Side::Sell, OrderKind::Market)
    };
    exchange.submit(&profit).unwrap();
    exchange.submit(&loss).unwrap();
    assert_eq!(filled_at(&exchange.advance_bar()), [("loss".to_owned(), 95)]);
    assert_eq!(exchange.working(), [""; 0]);
}

#[test]
fn in_a_replay_moments_and_auctions_trade_at_the_next_opening_and_close() {
    let mut exchange = replay();
    let at = |lifetime, order_id, kind| NewOrder { lifetime, ..order(order_id, "FILE", Side::Buy, kind) };
    for order in [
        at(Lifetime::Complete, "whole", OrderKind::Market),
        at(Lifetime::Immediate, "cheap", OrderKind::Limit(99)),
        at(Lifetime::Closing, "close", OrderKind::Market),
        at(Lifetime::Opening, "open", OrderKind::Limit(100)),
    ] {
        exchange.submit(&order).unwrap();
    }
    let step = exchange.advance_bar();
    let expected = [("whole", 100), ("open", 100), ("close", 105)];
    assert_eq!(filled_at(&step), expected.map(|(order_id, price)| (order_id.to_owned(), price)));
    assert!(step.orders.contains(&ended("cheap", 3 * HOUR_MS)));
}
