//! Orders before and after the session.

use super::simulated_tests::fills;
use super::*;
use crate::book::Side;
use crate::market::Simulator;
use crate::matching::{Lifetime, OrderKind, Trigger};
use crate::money::NANOS_PER_SHARE;

const MINUTE_MS: i64 = 60_000;

/// The exchange an hour after the first close.
fn evening(profile: FillProfile) -> Exchange {
    let start_ms = Simulator::first_session().close_ms + 60 * MINUTE_MS;
    Exchange::simulated_with_extended_hours(1, Some(start_ms), profile).unwrap()
}

/// A limit order that any price of these days would fill.
fn order(order_id: &str, extended: bool) -> NewOrder {
    let kind = OrderKind::Limit(10_000_000);
    let order = NewOrder::plain(order_id.to_owned(), "AAPL".to_owned(), Side::Buy, kind, 3 * NANOS_PER_SHARE);
    NewOrder { extended, ..order }
}

#[test]
fn an_order_for_extended_hours_trades_at_once_and_any_other_waits_for_the_session() {
    for profile in [FillProfile::AlpacaPaper, FillProfile::Realistic] {
        let mut exchange = evening(profile);
        let ask = exchange.quote("AAPL").unwrap().ask_ticks;
        let mut events = exchange.submit(&order("extended", true)).unwrap();
        events.extend(exchange.submit(&order("plain", false)).unwrap());
        let step = exchange.advance(exchange.clock().now_ms + 50).unwrap();
        events.extend(step.orders);
        let filled = fills(&Step { orders: events, ..Step::default() });
        assert_eq!((filled[0].order_id.as_str(), filled[0].price_ticks), ("extended", ask), "{profile:?}");
        let open_ms = exchange.clock().next_open_ms.unwrap();
        assert_eq!(fills(&exchange.advance(open_ms - 1).unwrap()), [], "{profile:?}");
        assert_eq!(exchange.working(), ["plain"], "{profile:?}");
        let at_open = fills(&exchange.advance(open_ms + 5_000).unwrap());
        assert_eq!(at_open[0].order_id, "plain", "{profile:?}");
    }
}

#[test]
fn a_stop_and_an_order_for_an_auction_sleep_until_the_session() {
    let mut exchange = evening(FillProfile::AlpacaPaper);
    let stop = NewOrder { trigger: Some(Trigger::Stop(1)), kind: OrderKind::Market, ..order("stop", true) };
    let close = NewOrder { lifetime: Lifetime::Closing, ..order("close", true) };
    let opening = NewOrder { lifetime: Lifetime::Opening, ..order("opening", true) };
    for order in [&stop, &close, &opening] {
        assert_eq!(exchange.submit(order), Ok(vec![]));
    }
    let clock = exchange.clock();
    assert_eq!(exchange.advance(clock.next_open_ms.unwrap() - 1).unwrap().orders, []);
    let session = exchange.advance(clock.next_close_ms.unwrap() - 1).unwrap();
    let ids: Vec<String> = fills(&session).into_iter().map(|fill| fill.order_id).collect();
    assert_eq!(ids, ["opening", "stop"]);
    assert_eq!(fills(&exchange.advance(clock.next_close_ms.unwrap()).unwrap())[0].order_id, "close");
}

#[test]
fn the_clock_says_until_when_the_hours_last() {
    let mut exchange = evening(FillProfile::AlpacaPaper);
    let first = Simulator::first_session();
    assert_eq!(exchange.clock().extended_until_ms, Some(first.evening_end_ms()));
    assert!(!exchange.clock().is_open);
    let mut at = |at_ms| {
        exchange.advance(at_ms).unwrap();
        exchange.clock().extended_until_ms
    };
    assert_eq!(at(first.evening_end_ms()), None);
    assert_eq!(at(first.next().morning_ms()), Some(first.next().open_ms));
    assert_eq!(at(first.next().open_ms), None);
}

#[test]
fn minutes_of_extended_hours_are_among_the_bars_and_leave_the_day_alone() {
    let exchange = evening(FillProfile::AlpacaPaper);
    let first = Simulator::first_session();
    let window = |start_ms| BarWindow { start_ms, end_ms: i64::MAX, limit: usize::MAX };
    let evening = exchange.bars("AAPL", 60, window(first.close_ms)).unwrap();
    assert!((8..40).contains(&evening.len()), "{}", evening.len());
    let days = |exchange: &Exchange| exchange.bars("AAPL", 86_400, window(0)).unwrap();
    let plain = Exchange::simulated(1, Some(first.close_ms), FillProfile::AlpacaPaper).unwrap();
    assert_eq!(days(&exchange), days(&plain));
}
