//! Measures how many orders a second the demo exchange takes and matches, in both fill profiles, and prints the slower
//! one as JSON. Every second order trades at once, the others rest; half of those are cancelled, and the market moves on
//! every thousand orders. Run with `cargo run --release -p desk-core --example bench_matching`.

use std::error::Error;
use std::time::Instant;

use desk_core::book::Side;
use desk_core::exchange::{Exchange, ExchangeError, FillProfile};
use desk_core::market::INSTRUMENTS;
use desk_core::matching::{NewOrder, OrderKind};
use desk_core::money::NANOS_PER_SHARE;

const ORDERS: usize = 200_000;
const BETWEEN_MOVES: usize = 1_000;
const STEP_MS: i64 = 5_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut slowest = (FillProfile::AlpacaPaper, measure(FillProfile::AlpacaPaper)?);
    let realistic = measure(FillProfile::Realistic)?;
    if realistic < slowest.1 {
        slowest = (FillProfile::Realistic, realistic);
    }
    let (profile, orders_per_s) = slowest;
    println!(r#"{{"name":"matching","profile":"{profile:?}","n":{ORDERS},"ordersPerS":{orders_per_s:.0}}}"#);
    Ok(())
}

fn measure(profile: FillProfile) -> Result<f64, Box<dyn Error>> {
    let mut exchange = Exchange::simulated(1, None, profile)?;
    let mut events = 0_usize;
    let started = Instant::now();
    for index in 0..ORDERS {
        let order = order_of(&exchange, index)?;
        events += exchange.submit(&order)?.len();
        if index % 4 == 3 {
            exchange.cancel(&order.order_id);
        }
        if index % BETWEEN_MOVES == BETWEEN_MOVES - 1 {
            events += exchange.advance(exchange.clock().now_ms + STEP_MS)?.orders.len();
        }
    }
    let elapsed_s = started.elapsed().as_secs_f64();
    assert!(events > ORDERS / 4, "only {events} events; the orders did not trade");
    Ok(ORDERS as f64 / elapsed_s)
}

fn order_of(exchange: &Exchange, index: usize) -> Result<NewOrder, ExchangeError> {
    let symbol = INSTRUMENTS[index % INSTRUMENTS.len()].symbol;
    let quote = exchange.quote(symbol)?;
    let side = if index % 8 < 4 { Side::Buy } else { Side::Sell };
    let kind = match (index % 2, side) {
        (0, _) => OrderKind::Market,
        (_, Side::Buy) => OrderKind::Limit(quote.bid_ticks - 5_000),
        (_, Side::Sell) => OrderKind::Limit(quote.ask_ticks + 5_000),
    };
    Ok(NewOrder::plain(index.to_string(), symbol.to_owned(), side, kind, NANOS_PER_SHARE))
}
