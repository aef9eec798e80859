//! The exchange over a replayed file.

use super::simulated_tests::fills;
use super::*;
use crate::book::Side;
use crate::matching::{Fill, OrderKind};

const HOUR_MS: i64 = 3_600_000;
const QTY: i64 = 7;

/// Bars an hour apart whose prices tell their number: bar 10 opens at 1000, ranges from 990 to 1020, closes at 1010.
fn file(count: i64) -> Vec<Bar> {
    let bar = |number: i64| Bar {
        at_ms: number * HOUR_MS,
        open_ticks: number * 100,
        high_ticks: number * 100 + 20,
        low_ticks: number * 100 - 10,
        close_ticks: number * 100 + 10,
        volume: number,
    };
    (1..=count).map(bar).collect()
}

/// Six bars, of which the first three are history.
fn replay() -> Exchange {
    Exchange::replayed(file(6), "FILE").unwrap()
}

fn submit(
    exchange: &mut Exchange,
    order_id: &str,
    side: Side,
    kind: OrderKind,
) -> Result<Vec<OrderEvent>, Refusal> {
    let (order_id, symbol) = (order_id.to_owned(), "FILE".to_owned());
    exchange.submit(&NewOrder::plain(order_id, symbol, side, kind, QTY))
}

fn fill(order_id: &str, side: Side, price_ticks: i64, at_ms: i64) -> Fill {
    Fill { order_id: order_id.to_owned(), symbol: 0, side, qty: QTY, price_ticks, at_ms, leaves: 0 }
}

#[test]
fn starts_after_its_history() {
    let exchange = replay();
    let all = BarWindow { start_ms: 0, end_ms: i64::MAX, limit: 100 };
    assert_eq!(exchange.bar_s(), 3_600);
    assert_eq!(exchange.bars("FILE", 3_600, all).unwrap().len(), 3);
    assert_eq!(exchange.quote("FILE").unwrap().last_ticks, 310);
    let clock = Clock {
        now_ms: 4 * HOUR_MS,
        is_open: true,
        next_open_ms: None,
        next_close_ms: Some(7 * HOUR_MS),
        extended_until_ms: None,
    };
    assert_eq!(exchange.clock(), clock);
    let long = Exchange::replayed(file(1_000), "FILE").unwrap();
    assert_eq!(long.bars("FILE", 3_600, BarWindow { limit: 1_000, ..all }).unwrap().len(), 120);
}

#[test]
fn a_market_order_waits_for_the_next_opening() {
    let mut exchange = replay();
    assert_eq!(submit(&mut exchange, "a", Side::Buy, OrderKind::Market), Ok(vec![]));
    assert_eq!(exchange.working(), ["a"]);
    let step = exchange.advance_bar();
    assert_eq!(fills(&step), [fill("a", Side::Buy, 400, 4 * HOUR_MS)]);
    assert_eq!(fills(&exchange.advance_bar()), []);
}

#[test]
fn a_marketable_limit_fills_at_the_opening_and_others_at_their_limit() {
    let mut exchange = replay();
    submit(&mut exchange, "better", Side::Buy, OrderKind::Limit(450)).unwrap();
    submit(&mut exchange, "touched", Side::Buy, OrderKind::Limit(390)).unwrap();
    submit(&mut exchange, "missed", Side::Buy, OrderKind::Limit(389)).unwrap();
    submit(&mut exchange, "sold", Side::Sell, OrderKind::Limit(420)).unwrap();
    submit(&mut exchange, "dear", Side::Sell, OrderKind::Limit(421)).unwrap();
    let step = exchange.advance_bar();
    let expected = [
        fill("better", Side::Buy, 400, 4 * HOUR_MS),
        fill("touched", Side::Buy, 390, 5 * HOUR_MS),
        fill("sold", Side::Sell, 420, 5 * HOUR_MS),
    ];
    assert_eq!(fills(&step), expected);
    assert_eq!(exchange.working(), ["missed", "dear"]);
    // The next bar opens above the limit of the sale: it gets the opening.
    assert_eq!(fills(&exchange.advance_bar()), [fill("dear", Side::Sell, 500, 5 * HOUR_MS)]);
}

#[test]
fn a_bar_is_told_when_it_is_complete_with_what_the_file_knows() {
    let mut exchange = replay();
    let step = exchange.advance_bar();
    let bar = file(4)[3];
    let told = TradedBar { bar, trade_count: 0, vwap_ticks: bar.close_ticks };
    assert_eq!(step.bars, [SymbolBar { symbol: 0, bar: told }]);
    assert_eq!(step.trades, []);
    let quoted: Vec<_> = step.quotes.iter().map(|q| (q.bid_ticks, q.ask_ticks, q.at_ms)).collect();
    assert_eq!(quoted, [(400, 400, 4 * HOUR_MS), (410, 410, 5 * HOUR_MS)]);
    assert_eq!(exchange.clock().now_ms, 5 * HOUR_MS);
    let from_here = BarWindow { start_ms: bar.at_ms, end_ms: i64::MAX, limit: 100 };
    assert_eq!(exchange.bars("FILE", 3_600, from_here), Ok(vec![told]));
}

#[test]
fn ends_with_the_file_and_does_not_begin_again() {
    let mut exchange = replay();
    submit(&mut exchange, "a", Side::Buy, OrderKind::Limit(1)).unwrap();
    for _ in 0..3 {
        assert_eq!(exchange.advance_bar().bars.len(), 1);
    }
    let ended = Clock {
        now_ms: 7 * HOUR_MS,
        is_open: false,
        next_open_ms: None,
        next_close_ms: None,
        extended_until_ms: None,
    };
    assert_eq!(exchange.clock(), ended);
    assert_eq!(exchange.advance_bar(), Step::default());
    assert_eq!(exchange.clock(), ended);
    assert_eq!(submit(&mut exchange, "b", Side::Buy, OrderKind::Market), Err(Refusal::MarketEnded));
    assert!(exchange.cancel("a"));
}

#[test]
fn what_is_to_come_does_not_change_what_has_happened() {
    let mut altered = file(6);
    altered[5].high_ticks = 9_999;
    let mut exchanges = [replay(), Exchange::replayed(altered, "FILE").unwrap()];
    for exchange in &mut exchanges {
        submit(exchange, "a", Side::Sell, OrderKind::Limit(700)).unwrap();
    }
    let [one, other] = exchanges.each_mut().map(|exchange| (exchange.advance_bar(), exchange.advance_bar()));
    assert_eq!(one, other);
    let [one, other] = exchanges.each_mut().map(|exchange| exchange.advance_bar().orders.len());
    assert_eq!((one, other), (0, 1));
}

#[test]
fn takes_the_usual_distance_of_bars_for_their_size() {
    let mut gaps = file(6);
    gaps[5].at_ms += 100 * HOUR_MS;
    assert_eq!(Exchange::replayed(gaps, "FILE").unwrap().bar_s(), 3_600);
    let days = |bars: Vec<Bar>| bars.into_iter().map(|bar| Bar { at_ms: bar.at_ms * 24, ..bar }).collect();
    assert_eq!(Exchange::replayed(days(file(6)), "FILE").unwrap().bar_s(), 86_400);
    let refused = Exchange::replayed(file(1), "FILE").unwrap_err();
    assert_eq!(refused.to_string(), "the file has 1 bar; a replay needs at least 2");
}
