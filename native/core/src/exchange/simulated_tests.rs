//! The exchange over the simulated market.

use super::*;
use crate::book::Side;
use crate::market::Simulator;
use crate::matching::{Fill, Lifetime, OrderKind};
use crate::money::{NANOS_PER_SHARE, PriceTicks};

const DAY_MS: i64 = 86_400_000;
const SESSION_MS: i64 = 390 * 60_000;

fn open() -> Exchange {
    Exchange::simulated(1, None, FillProfile::Realistic).unwrap()
}

/// Sends an order and lets it arrive.
fn send(exchange: &mut Exchange, order: &NewOrder) -> Vec<Fill> {
    assert_eq!(exchange.submit(order), Ok(vec![]));
    fills(&exchange.advance(exchange.clock().now_ms + 50).unwrap())
}

/// The fills among what became of our orders.
pub(super) fn fills(step: &Step) -> Vec<Fill> {
    let fill =
        |event: &OrderEvent| if let OrderEvent::Filled(fill) = event { Some(fill.clone()) } else { None };
    step.orders.iter().filter_map(fill).collect()
}

fn order(order_id: &str, side: Side, kind: OrderKind, shares: i64) -> NewOrder {
    let qty = shares * NANOS_PER_SHARE;
    NewOrder::plain(order_id.to_owned(), "AAPL".to_owned(), side, kind, qty)
}

fn shares(fills: &[Fill]) -> i64 {
    fills.iter().map(|fill| fill.qty).sum::<i64>() / NANOS_PER_SHARE
}

#[test]
fn a_market_order_takes_the_displayed_price_when_it_arrives() {
    let mut exchange = open();
    let quote = exchange.quote("AAPL").unwrap();
    let fills = send(&mut exchange, &order("a", Side::Buy, OrderKind::Market, 10));
    let expected = Fill {
        order_id: "a".to_owned(),
        symbol: 0,
        side: Side::Buy,
        qty: 10 * NANOS_PER_SHARE,
        price_ticks: quote.ask_ticks,
        at_ms: exchange.clock().now_ms,
        leaves: 0,
    };
    assert_eq!(fills, [expected]);
    let sold = send(&mut exchange, &order("b", Side::Sell, OrderKind::Market, 10));
    assert_eq!(sold[0].price_ticks, quote.bid_ticks);
    assert_eq!(exchange.working(), [""; 0]);
}

#[test]
fn orders_share_what_a_quote_displays() {
    let mut exchange = open();
    let quote = exchange.quote("AAPL").unwrap();
    let first = send(&mut exchange, &order("a", Side::Buy, OrderKind::Market, quote.ask_shares));
    let second = send(&mut exchange, &order("b", Side::Buy, OrderKind::Market, 1));
    assert_eq!(first.last().map(|fill| fill.price_ticks), Some(quote.ask_ticks));
    assert_eq!(second[0].price_ticks, quote.ask_ticks + 100);
}

#[test]
fn an_order_for_more_than_is_offered_goes_on_with_the_next_quotes() {
    let mut exchange = open();
    let offered = 10 * exchange.quote("AAPL").unwrap().ask_shares;
    let at_once = send(&mut exchange, &order("a", Side::Buy, OrderKind::Market, offered + 5));
    assert_eq!(shares(&at_once), offered);
    assert_eq!(exchange.working(), ["a"]);
    let step = exchange.advance(exchange.clock().now_ms + 5_000).unwrap();
    let asked = step.quotes.iter().find(|quote| quote.symbol == 0).unwrap().ask_ticks;
    let fills = fills(&step);
    assert_eq!((shares(&fills), fills[0].price_ticks, fills[0].leaves), (5, asked, 0));
}

#[test]
fn a_waiting_limit_fills_only_when_the_market_comes_to_it_and_never_worse() {
    let mut exchange = open();
    let limit: PriceTicks = exchange.quote("AAPL").unwrap().bid_ticks - 2_000;
    assert_eq!(exchange.submit(&order("a", Side::Buy, OrderKind::Limit(limit), 10)), Ok(vec![]));
    for _ in 0..5 * 390 {
        let step = exchange.advance(exchange.clock().now_ms + 60_000).unwrap();
        let reached = step.quotes.iter().any(|quote| quote.symbol == 0 && quote.ask_ticks <= limit)
            || step.trades.iter().any(|print| print.symbol == 0 && print.price_ticks < limit);
        assert_eq!(!fills(&step).is_empty(), reached);
        assert!(fills(&step).iter().all(|fill| fill.price_ticks <= limit));
        if reached {
            return;
        }
    }
    panic!("the market never came down to the limit; choose another seed");
}

#[test]
fn an_order_sent_while_closed_waits_for_the_opening_quote() {
    let mut exchange = open();
    let open_ms = Simulator::first_open_ms();
    exchange.advance(open_ms + SESSION_MS).unwrap();
    assert!(!exchange.clock().is_open);
    assert_eq!(exchange.submit(&order("a", Side::Sell, OrderKind::Market, 10)), Ok(vec![]));
    let night = exchange.advance(open_ms + DAY_MS - 1).unwrap();
    assert_eq!(night, Step::default());
    let morning = exchange.advance(open_ms + DAY_MS).unwrap();
    let bid = morning.quotes.iter().find(|quote| quote.symbol == 0).unwrap().bid_ticks;
    let fills = fills(&morning);
    assert_eq!(shares(&fills), 10);
    assert_eq!((fills[0].price_ticks, fills[0].at_ms), (bid, open_ms + DAY_MS));
}

#[test]
fn refuses_what_is_no_order_and_keeps_no_trace_of_it() {
    let mut exchange = open();
    let good = order("a", Side::Buy, OrderKind::Market, 1);
    let elsewhere = NewOrder { symbol: "NOPE".to_owned(), ..good.clone() };
    assert_eq!(exchange.submit(&elsewhere), Err(Refusal::UnknownSymbol));
    assert_eq!(exchange.submit(&NewOrder { qty: 0, ..good.clone() }), Err(Refusal::QtyInvalid));
    let free = NewOrder { kind: OrderKind::Limit(0), ..good.clone() };
    assert_eq!(exchange.submit(&free), Err(Refusal::LimitInvalid));
    assert_eq!(send(&mut exchange, &good).len(), 1);
    assert_eq!(exchange.submit(&good), Err(Refusal::DuplicateOrderId));
    assert!(!exchange.cancel("a"), "a filled order cannot be cancelled");
}

#[test]
fn a_cancelled_order_never_trades_and_its_id_stays_used() {
    let mut exchange = open();
    let resting = order("a", Side::Buy, OrderKind::Limit(1_000_000), 1);
    assert_eq!(exchange.submit(&resting), Ok(vec![]));
    assert_eq!(exchange.working(), ["a"]);
    assert!(exchange.cancel("a"));
    assert!(!exchange.cancel("a"));
    assert_eq!(exchange.submit(&resting), Err(Refusal::DuplicateOrderId));
}

#[test]
fn orders_in_a_halted_stock_wait_for_the_resumption() {
    // The market of this seed pauses Amazon in its first session, and nothing else.
    let mut exchange = Exchange::simulated(40, None, FillProfile::AlpacaPaper).unwrap();
    let halt = loop {
        let step = exchange.advance(exchange.clock().now_ms + 5_000).unwrap();
        if let Some(status) = step.statuses.first() {
            break *status;
        }
    };
    assert!(halt.halted && exchange.is_halted("AMZN") && !exchange.is_halted("AAPL"));
    let buy = |symbol: &str, order_id: &str| NewOrder {
        symbol: symbol.to_owned(),
        ..order(order_id, Side::Buy, OrderKind::Market, 10)
    };
    let opening = NewOrder { lifetime: Lifetime::Opening, ..buy("AMZN", "opening") };
    for waiting in [buy("AMZN", "halted"), buy("AMZN", "cancelled"), opening] {
        assert_eq!(exchange.submit(&waiting), Ok(vec![]));
    }
    assert!(exchange.cancel("cancelled"));
    assert_eq!(exchange.submit(&buy("AAPL", "elsewhere")).map(|events| events.len()), Ok(1));
    let hasty = NewOrder { lifetime: Lifetime::Immediate, ..buy("AMZN", "hasty") };
    let ended = OrderEvent::Ended { order_id: "hasty".to_owned(), at_ms: exchange.clock().now_ms };
    assert_eq!(exchange.submit(&hasty), Ok(vec![ended]));
    let paused = exchange.advance(halt.at_ms + 299_999).unwrap();
    assert_eq!(paused.orders, []);
    let resumed = exchange.advance(halt.at_ms + 300_000).unwrap();
    assert!(!exchange.is_halted("AMZN"));
    let asked = resumed.quotes.iter().find(|quote| quote.symbol == halt.symbol).unwrap().ask_ticks;
    let fills = fills(&resumed);
    let [fill] = &fills[..] else { panic!("{fills:?}") };
    assert_eq!((fill.order_id.as_str(), fill.price_ticks, fill.leaves), ("halted", asked, 0));
    // A resumption is no opening.
    assert_eq!(exchange.working(), ["opening"]);
}

/// Trades for a day by a fixed rule: now and then a market order, limits around the quote, some cancelled.
fn events_of_a_day(seed: u64, profile: FillProfile) -> Vec<OrderEvent> {
    let mut exchange = Exchange::simulated(seed, None, profile).unwrap();
    let mut events = Vec::new();
    for minute in 0..390_i64 {
        let quote = exchange.quote("AAPL").unwrap();
        let kind = match minute % 3 {
            0 => OrderKind::Market,
            1 => OrderKind::Limit(quote.bid_ticks + 100),
            _ => OrderKind::Limit(quote.ask_ticks),
        };
        let side = if minute % 4 < 2 { Side::Buy } else { Side::Sell };
        events.extend(exchange.submit(&order(&minute.to_string(), side, kind, 100 + 37 * minute)).unwrap());
        exchange.cancel(&(minute - 7).to_string());
        events.extend(exchange.advance(exchange.clock().now_ms + 60_000).unwrap().orders);
    }
    events
}

#[test]
fn the_same_seed_and_orders_give_the_same_fills() {
    for profile in [FillProfile::AlpacaPaper, FillProfile::Realistic] {
        let events = events_of_a_day(5, profile);
        assert!(events.len() > 290, "{}", events.len());
        assert_eq!(events, events_of_a_day(5, profile));
        assert_ne!(events, events_of_a_day(6, profile));
    }
}

#[test]
fn our_orders_do_not_move_the_market() {
    let (mut quiet, mut busy) = (open(), open());
    busy.submit(&order("a", Side::Buy, OrderKind::Market, 100_000)).unwrap();
    let later = quiet.clock().now_ms + 600_000;
    assert_eq!(quiet.advance(later).unwrap().quotes, busy.advance(later).unwrap().quotes);
}

#[test]
fn a_later_start_is_the_same_market_fast_forwarded() {
    let later = Simulator::first_open_ms() + 2 * DAY_MS + 3_600_000;
    let mut walked = open();
    walked.advance(later).unwrap();
    let started = Exchange::simulated(1, Some(later), FillProfile::Realistic).unwrap();
    assert_eq!(walked.clock(), started.clock());
    for listing in walked.listings() {
        assert_eq!(walked.quote(&listing.symbol), started.quote(&listing.symbol));
    }
    // What the last quote before the start displayed can be traded with.
    let mut started = started;
    assert_eq!(send(&mut started, &order("a", Side::Buy, OrderKind::Market, 1)).len(), 1);
}

#[test]
fn refuses_to_run_too_far_at_once() {
    let mut exchange = open();
    let now_ms = exchange.clock().now_ms;
    assert!(matches!(exchange.advance(now_ms + 7 * DAY_MS + 1), Err(ExchangeError::TooFar { .. })));
    assert_eq!(exchange.clock().now_ms, now_ms);
    assert!(matches!(
        Exchange::simulated(1, Some(i64::MAX), FillProfile::Realistic),
        Err(ExchangeError::TooFar { .. })
    ));
    assert_eq!(Exchange::simulated(1, Some(0), FillProfile::Realistic).unwrap().clock(), exchange.clock());
    assert_eq!(exchange.quote("NOPE"), Err(ExchangeError::UnknownSymbol("NOPE".to_owned())));
}
