//! One test a row of the table in the module's documentation.

use super::*;
use crate::money::{MICROS_PER_USD, NANOS_PER_SHARE, TICKS_PER_USD};

const SHARE: i64 = NANOS_PER_SHARE;

fn buy(shares: i64) -> Order {
    Order { side: Side::Buy, qty: Some(shares * SHARE) }
}

fn sell(shares: i64) -> Order {
    Order { side: Side::Sell, qty: Some(shares * SHARE) }
}

/// $99.99 bid, $100.00 ask, flat, everything fresh.
fn context() -> Context {
    Context {
        tradable: true,
        market_open: Some(true),
        clock_age_ms: Some(1_000),
        bid: Some(100 * TICKS_PER_USD - 100),
        ask: Some(100 * TICKS_PER_USD),
        quote_age_ms: Some(200),
        position: Some(0),
        working: Some(0),
        state: TradingState::Active,
    }
}

fn holding(shares: i64) -> Context {
    Context { position: Some(shares * SHARE), ..context() }
}

/// $1,000 an order, $2,000 a position.
fn limits() -> Limits {
    Limits {
        order_notional: Some(1_000 * MICROS_PER_USD),
        symbol_position: Some(2_000 * MICROS_PER_USD),
        max_quote_age_ms: Some(5_000),
        max_clock_age_ms: Some(10_000),
    }
}

fn code(order: Order, context: Context, limits: Limits) -> &'static str {
    check_order(&order, &context, &limits).map_or_else(|denial| denial.code(), |()| "APPROVED")
}

#[test]
fn approves_an_order_exactly_at_both_limits() {
    assert_eq!(code(buy(10), holding(10), limits()), "APPROVED");
    assert_eq!(code(sell(10), holding(-10), limits()), "APPROVED");
}

#[test]
fn refuses_one_billionth_of_a_share_more_when_it_is_worth_a_micro_dollar() {
    let order = Order { side: Side::Buy, qty: Some(10 * SHARE + 10) };
    assert_eq!(code(order, context(), limits()), "ORDER_NOTIONAL");
    let order = Order { side: Side::Buy, qty: Some(9 * SHARE + 10) };
    assert_eq!(code(order, holding(11), limits()), "SYMBOL_POSITION");
}

#[test]
fn refuses_quantities_that_are_missing_zero_or_negative_even_to_reduce() {
    for qty in [None, Some(0), Some(-SHARE), Some(i64::MIN)] {
        assert_eq!(code(Order { side: Side::Sell, qty }, holding(10), limits()), "QTY_INVALID");
    }
}

#[test]
fn refuses_what_the_broker_does_not_trade_even_to_reduce() {
    let context = Context { tradable: false, ..holding(10) };
    assert_eq!(code(sell(10), context, limits()), "NOT_TRADABLE");
}

#[test]
fn opening_orders_need_an_active_desk() {
    let halted = Context { state: TradingState::Halted, ..holding(10) };
    let reducing = Context { state: TradingState::Reducing, ..holding(10) };
    assert_eq!(code(buy(1), halted, limits()), "TRADING_HALTED");
    assert_eq!(code(buy(1), reducing, limits()), "STATE_REDUCING");
}

#[test]
fn reducing_orders_pass_a_stopped_desk_with_nothing_else_known() {
    let blind = Context {
        market_open: None,
        clock_age_ms: None,
        bid: None,
        ask: None,
        quote_age_ms: None,
        ..holding(1_000)
    };
    let unset = Limits {
        order_notional: None,
        symbol_position: None,
        max_quote_age_ms: None,
        max_clock_age_ms: None,
    };
    for state in [TradingState::Halted, TradingState::Reducing, TradingState::Active] {
        assert_eq!(code(sell(1_000), Context { state, ..blind }, unset), "APPROVED");
        let short = Context { state, position: Some(-1_000 * SHARE), ..blind };
        assert_eq!(code(buy(1_000), short, unset), "APPROVED");
    }
}

#[test]
fn a_flip_is_an_opening_order() {
    let halted = Context { state: TradingState::Halted, ..holding(10) };
    let reducing = Context { state: TradingState::Reducing, ..holding(10) };
    assert_eq!(code(sell(11), halted, limits()), "TRADING_HALTED");
    assert_eq!(code(sell(11), reducing, limits()), "STATE_REDUCING");
    assert_eq!(code(sell(11), holding(10), limits()), "ORDER_NOTIONAL");
    assert_eq!(code(sell(10), holding(9), limits()), "APPROVED");
}

#[test]
fn an_exit_that_already_works_leaves_less_to_reduce() {
    let context = Context { working: Some(-6 * SHARE), state: TradingState::Reducing, ..holding(10) };
    assert_eq!(code(sell(4), context, limits()), "APPROVED");
    assert_eq!(code(sell(5), context, limits()), "STATE_REDUCING");
}

#[test]
fn an_entry_that_still_works_does_not_enlarge_what_may_be_closed() {
    let context = Context { working: Some(5 * SHARE), state: TradingState::Reducing, ..holding(10) };
    assert_eq!(code(sell(10), context, limits()), "APPROVED");
    assert_eq!(code(sell(11), context, limits()), "STATE_REDUCING");
}

#[test]
fn a_working_exit_does_not_make_room_for_an_entry() {
    let context = Context { working: Some(-15 * SHARE), ..holding(15) };
    assert_eq!(code(buy(6), context, limits()), "SYMBOL_POSITION");
    assert_eq!(code(buy(5), context, limits()), "APPROVED");
}

#[test]
fn a_working_entry_counts_as_filled() {
    let context = Context { working: Some(15 * SHARE), ..context() };
    assert_eq!(code(buy(6), context, limits()), "SYMBOL_POSITION");
    assert_eq!(code(buy(5), context, limits()), "APPROVED");
}

#[test]
fn opening_needs_a_market_known_to_be_open_by_a_fresh_clock() {
    let with = |market_open, clock_age_ms| Context { market_open, clock_age_ms, ..context() };
    assert_eq!(code(buy(1), with(Some(false), Some(0)), limits()), "MARKET_CLOSED");
    assert_eq!(code(buy(1), with(None, Some(0)), limits()), "MARKET_CLOSED");
    assert_eq!(code(buy(1), with(Some(true), None), limits()), "CLOCK_STALE");
    assert_eq!(code(buy(1), with(Some(true), Some(10_001)), limits()), "CLOCK_STALE");
    assert_eq!(code(buy(1), with(Some(true), Some(-10_001)), limits()), "CLOCK_STALE");
    assert_eq!(code(buy(1), with(Some(true), Some(i64::MIN)), limits()), "CLOCK_STALE");
    assert_eq!(code(buy(1), with(Some(true), Some(10_000)), limits()), "APPROVED");
}

#[test]
fn opening_needs_two_sides_of_a_fresh_quote() {
    let with = |bid, ask, quote_age_ms| Context { bid, ask, quote_age_ms, ..context() };
    let missing =
        [(None, Some(1)), (Some(1), None), (Some(0), Some(1)), (Some(-1), Some(1)), (Some(2), Some(1))];
    for (bid, ask) in missing {
        assert_eq!(code(buy(1), with(bid, ask, Some(0)), limits()), "QUOTE_MISSING");
    }
    assert_eq!(code(buy(1), with(Some(1), Some(1), None), limits()), "QUOTE_STALE");
    assert_eq!(code(buy(1), with(Some(1), Some(1), Some(5_001)), limits()), "QUOTE_STALE");
    assert_eq!(code(buy(1), with(Some(1), Some(1), Some(5_000)), limits()), "APPROVED");
}

#[test]
fn opening_needs_a_known_position() {
    assert_eq!(code(buy(1), Context { position: None, ..context() }, limits()), "POSITION_UNKNOWN");
    assert_eq!(code(sell(1), Context { working: None, ..holding(10) }, limits()), "POSITION_UNKNOWN");
}

#[test]
fn a_limit_that_is_not_set_refuses() {
    let order = Limits { order_notional: None, ..limits() };
    assert_eq!(code(buy(1), context(), order), "ORDER_NOTIONAL");
    let position = Limits { symbol_position: None, ..limits() };
    assert_eq!(code(buy(1), context(), position), "SYMBOL_POSITION");
    let quote = Limits { max_quote_age_ms: None, ..limits() };
    assert_eq!(code(buy(1), context(), quote), "QUOTE_STALE");
    let clock = Limits { max_clock_age_ms: None, ..limits() };
    assert_eq!(code(buy(1), context(), clock), "CLOCK_STALE");
    let negative = Limits { max_quote_age_ms: Some(-1), ..limits() };
    assert_eq!(code(buy(1), Context { quote_age_ms: Some(0), ..context() }, negative), "QUOTE_STALE");
}

#[test]
fn what_cannot_be_computed_is_refused() {
    let order = Order { side: Side::Buy, qty: Some(i64::MAX) };
    let priced = Context { bid: Some(1), ask: Some(i64::MAX), ..context() };
    assert_eq!(code(order, priced, limits()), "ARITHMETIC");
    let generous = Limits { order_notional: Some(i64::MAX), symbol_position: Some(i64::MAX), ..limits() };
    let penny = Context { bid: Some(1), ask: Some(1), position: Some(i64::MAX), ..context() };
    assert_eq!(code(order, penny, generous), "ARITHMETIC");
}

#[test]
fn of_several_faults_the_first_in_the_table_is_named() {
    let all_wrong = Context {
        tradable: true,
        market_open: None,
        clock_age_ms: None,
        bid: None,
        ask: None,
        quote_age_ms: None,
        position: None,
        working: None,
        state: TradingState::Halted,
    };
    assert_eq!(code(buy(1), all_wrong, limits()), "TRADING_HALTED");
    assert_eq!(code(buy(1), Context { state: TradingState::Active, ..all_wrong }, limits()), "MARKET_CLOSED");
}

#[test]
fn a_denial_names_the_value_and_the_limit() {
    let denial = check_order(&buy(11), &context(), &limits()).unwrap_err();
    assert_eq!(denial.to_string(), "the order is worth $1100.00, above the limit of $1000.00");
    let stale = check_order(&buy(1), &Context { quote_age_ms: Some(9_000), ..context() }, &limits());
    assert_eq!(stale.unwrap_err().to_string(), "the quote is 9000 ms old; at most 5000 ms is allowed");
    let crossed = check_order(&buy(1), &Context { bid: Some(1_712_250), ..context() }, &limits());
    assert_eq!(crossed.unwrap_err().to_string(), "there is no usable quote (bid 171.225, ask 100.00)");
}
