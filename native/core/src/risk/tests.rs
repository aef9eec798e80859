//! Each check alone: what it refuses, and the nearest that it passes.

use super::*;
use crate::book::Side;
use crate::money::{MICROS_PER_USD, Micros, NANOS_PER_SHARE, TICKS_PER_USD};

const SHARE: i64 = NANOS_PER_SHARE;

fn usd(dollars: i64) -> Option<Micros> {
    Some(dollars * MICROS_PER_USD)
}

/// An order and everything that it is judged by. Approved as it is.
#[derive(Clone, Copy)]
struct Case {
    order: Order,
    context: Context,
    limits: Limits,
}

/// A market order for 10 shares at $99.99 to $100.01, long 5 shares, on an account of $10,000.
fn case() -> Case {
    let mut context = Context::undisturbed(5 * SHARE, 999_900, 1_000_100);
    context.account = Account {
        age_ms: Some(0),
        equity: usd(10_000),
        day_start_equity: usd(10_000),
        peak_equity: usd(10_000),
        buying_power: usd(20_000),
        reserved: usd(0),
        other_gross: usd(1_000),
        other_net_high: usd(1_000),
        other_net_low: usd(-1_000),
    };
    let limits = Limits {
        order_quantity: Some(50 * SHARE),
        order_notional: usd(4_000),
        collar_bps: Some(100),
        max_quote_age_ms: Some(5_000),
        max_clock_age_ms: Some(10_000),
        max_account_age_ms: Some(30_000),
        duplicate_window_ms: Some(1_000),
        orders_per_minute: Some(60),
        open_orders: Some(20),
        symbol_position: usd(5_000),
        gross_exposure: usd(6_000),
        net_exposure: usd(6_000),
        concentration_bps: Some(5_000),
        shorting: true,
        daily_loss: usd(500),
        drawdown_bps: Some(1_000),
        agent_exposure: usd(3_000),
        agent_daily_loss: usd(100),
        strategy_exposure: usd(4_000),
        strategy_daily_loss: usd(200),
    };
    Case { order: Order::market(Side::Buy, Some(10 * SHARE)), context, limits }
}

/// The same account without a position, selling.
fn selling() -> Case {
    let mut case = case();
    case.order.side = Side::Sell;
    case.context.holding.position = Some(0);
    case
}

fn with(base: Case, change: impl FnOnce(&mut Case)) -> Case {
    let mut changed = base;
    change(&mut changed);
    changed
}

fn verdict(case: Case) -> &'static str {
    check_order(&case.order, &case.context, &case.limits)
        .map_or_else(|denial| denial.code.name(), |()| "APPROVED")
}

fn limit(case: &mut Case, price: i64) {
    case.order.price = OrderPrice::Limit(Some(price));
}

/// A change that is refused, and the nearest one that is not.
type Row = (Code, fn(&mut Case), fn(&mut Case));

#[rustfmt::skip]
const ORDERS: &[Row] = &[
    (Code::QtyInvalid, |c| c.order.qty = Some(0), |c| c.order.qty = Some(1)),
    (Code::QtyInvalid, |c| c.order.qty = None, |_| ()),
    (Code::QtyInvalid, |c| c.order.qty = Some(i64::MIN), |_| ()),
    (Code::PriceInvalid, |c| limit(c, 0), |c| limit(c, 1_000_000)),
    (Code::PriceInvalid, |c| c.order.price = OrderPrice::Limit(None), |_| ()),
    (Code::TickSize, |c| limit(c, 1_000_050), |c| limit(c, 1_000_100)),
    (Code::TickSize, |c| limit(c, 10_001), |c| limit(c, 9_999)),
    (Code::NotTradable, |c| c.context.instrument.tradable = false, |_| ()),
    (Code::TradingHalted, |c| c.context.state = TradingState::Halted, |_| ()),
    (Code::StateReducing, |c| c.context.state = TradingState::Reducing, |_| ()),
    (Code::AccountStale, |c| c.context.account.age_ms = Some(30_001), |c| c.context.account.age_ms = Some(30_000)),
    (Code::AccountStale, |c| c.context.account.age_ms = None, |_| ()),
    (Code::AccountStale, |c| c.limits.max_account_age_ms = None, |_| ()),
    (Code::DailyLoss, |c| c.context.account.equity = usd(9_500), |c| c.context.account.equity = Some(9_500_000_001)),
    (Code::DailyLoss, |c| c.context.account.equity = None, |_| ()),
    (Code::DailyLoss, |c| c.context.account.day_start_equity = None, |_| ()),
    (Code::DailyLoss, |c| c.limits.daily_loss = None, |_| ()),
    (Code::Drawdown, |c| c.context.account.peak_equity = Some(11_112_000_000), |c| c.context.account.peak_equity = usd(11_111)),
    (Code::Drawdown, |c| c.context.account.peak_equity = None, |_| ()),
    (Code::Drawdown, |c| c.context.account.peak_equity = Some(0), |_| ()),
    (Code::Drawdown, |c| c.limits.drawdown_bps = None, |_| ()),
    (Code::MarketClosed, |c| c.context.market.session = Some(Session::Closed), |c| {
        c.context.market.session = Some(Session::Closed);
        c.order.time_in_force = Some(TimeInForce::Opening);
    }),
    (Code::MarketClosed, |c| c.context.market.session = None, |_| ()),
    (Code::ClockStale, |c| c.context.market.clock_age_ms = Some(10_001), |c| c.context.market.clock_age_ms = Some(10_000)),
    (Code::ClockStale, |c| c.context.market.clock_age_ms = Some(-10_001), |c| c.context.market.clock_age_ms = Some(-10_000)),
    (Code::ClockStale, |c| c.context.market.clock_age_ms = Some(i64::MIN), |_| ()),
    (Code::ClockStale, |c| c.context.market.clock_age_ms = None, |_| ()),
    (Code::ClockStale, |c| c.limits.max_clock_age_ms = None, |_| ()),
    (Code::TimeInForce, |c| c.order.time_in_force = None, |_| ()),
    (Code::TimeInForce, |c| c.order.time_in_force = Some(TimeInForce::Opening), |c| c.order.time_in_force = Some(TimeInForce::Closing)),
    (Code::TimeInForce, |c| c.context.market.session = Some(Session::Extended), |c| {
        c.context.market.session = Some(Session::Extended);
        c.order.extended_hours = true;
        limit(c, 1_000_000);
    }),
    (Code::TimeInForce, |c| {
        c.context.market.session = Some(Session::Extended);
        c.order.extended_hours = true;
    }, |_| ()),
    (Code::TimeInForce, |c| {
        c.order.qty = Some(SHARE / 2);
        c.order.time_in_force = Some(TimeInForce::ImmediateOrCancel);
    }, |c| c.order.qty = Some(SHARE / 2)),
    (Code::SymbolHalted, |c| c.context.instrument.halted = true, |_| ()),
    (Code::LotSize, |c| { c.context.instrument.lot = Some(SHARE); c.order.qty = Some(SHARE / 2); }, |c| c.context.instrument.lot = Some(SHARE)),
    (Code::LotSize, |c| c.context.instrument.lot = None, |_| ()),
    (Code::LotSize, |c| c.context.instrument.lot = Some(0), |_| ()),
    (Code::QuoteMissing, |c| c.context.market.bid = None, |_| ()),
    (Code::QuoteMissing, |c| c.context.market.ask = None, |_| ()),
    (Code::QuoteMissing, |c| c.context.market.bid = Some(0), |_| ()),
    (Code::QuoteCrossed, |c| c.context.market.bid = Some(1_000_101), |c| c.context.market.bid = Some(1_000_100)),
    (Code::QuoteStale, |c| c.context.market.quote_age_ms = Some(5_001), |c| c.context.market.quote_age_ms = Some(5_000)),
    (Code::QuoteStale, |c| c.context.market.quote_age_ms = None, |_| ()),
    (Code::QuoteStale, |c| c.limits.max_quote_age_ms = None, |_| ()),
    (Code::QuoteStale, |c| { c.context.market.quote_age_ms = Some(0); c.limits.max_quote_age_ms = Some(-1); }, |_| ()),
    (Code::PriceCollar, |c| limit(c, 1_010_100), |c| limit(c, 1_010_000)),
    (Code::PriceCollar, |c| c.context.market.bid = Some(980_000), |c| c.context.market.bid = Some(980_300)),
    (Code::PriceCollar, |c| c.limits.collar_bps = None, |_| ()),
    (Code::PositionUnknown, |c| c.context.holding.position = None, |_| ()),
    (Code::PositionUnknown, |c| c.context.holding.working_buy = None, |_| ()),
    (Code::PositionUnknown, |c| c.context.holding.working_sell = Some(-1), |_| ()),
    (Code::OrderQuantity, |c| c.limits.order_quantity = Some(10 * SHARE - 1), |c| c.limits.order_quantity = Some(10 * SHARE)),
    (Code::OrderQuantity, |c| c.limits.order_quantity = None, |_| ()),
    (Code::OrderNotional, |c| c.limits.order_notional = Some(1_000_099_999), |c| c.limits.order_notional = Some(1_000_100_000)),
    (Code::OrderNotional, |c| c.limits.order_notional = None, |_| ()),
    (Code::DuplicateOrder, |c| c.context.pace.same_order_age_ms = Some(999), |c| c.context.pace.same_order_age_ms = Some(1_000)),
    (Code::DuplicateOrder, |c| c.context.pace.same_order_age_ms = None, |_| ()),
    (Code::DuplicateOrder, |c| c.context.pace.same_order_age_ms = Some(-1), |_| ()),
    (Code::DuplicateOrder, |c| c.limits.duplicate_window_ms = None, |_| ()),
    (Code::OrderRate, |c| c.context.pace.orders_last_minute = Some(60), |c| c.context.pace.orders_last_minute = Some(59)),
    (Code::OrderRate, |c| c.context.pace.orders_last_minute = None, |_| ()),
    (Code::OrderRate, |c| c.limits.orders_per_minute = None, |_| ()),
    (Code::OpenOrders, |c| c.context.pace.open_orders = Some(20), |c| c.context.pace.open_orders = Some(19)),
    (Code::OpenOrders, |c| c.context.pace.open_orders = Some(-1), |_| ()),
    (Code::OpenOrders, |c| c.limits.open_orders = None, |_| ()),
    (Code::WashTrade, |c| c.context.holding.working_sell = Some(SHARE), |_| ()),
    (Code::WashTrade, |c| { c.context.holding.working_sell = Some(SHARE); c.context.holding.opposite_limit = Some(1_000_000); limit(c, 1_000_000); }, |c| {
        c.context.holding.working_sell = Some(SHARE);
        c.context.holding.opposite_limit = Some(1_000_100);
        limit(c, 1_000_000);
    }),
    (Code::SymbolPosition, |c| c.limits.symbol_position = Some(1_500_149_999), |c| c.limits.symbol_position = Some(1_500_150_000)),
    (Code::SymbolPosition, |c| c.context.holding.working_buy = Some(35 * SHARE), |c| c.context.holding.working_buy = Some(34 * SHARE)),
    (Code::SymbolPosition, |c| c.limits.symbol_position = None, |_| ()),
    (Code::GrossExposure, |c| c.context.account.other_gross = Some(4_499_850_001), |c| c.context.account.other_gross = Some(4_499_850_000)),
    (Code::GrossExposure, |c| c.context.account.other_gross = None, |_| ()),
    (Code::GrossExposure, |c| c.limits.gross_exposure = None, |_| ()),
    (Code::NetExposure, |c| c.context.account.other_net_high = Some(4_499_850_001), |c| c.context.account.other_net_high = Some(4_499_850_000)),
    (Code::NetExposure, |c| c.context.account.other_net_high = None, |_| ()),
    (Code::NetExposure, |c| c.limits.net_exposure = None, |_| ()),
    (Code::Concentration, |c| c.limits.concentration_bps = Some(1_500), |c| c.limits.concentration_bps = Some(1_501)),
    (Code::Concentration, |c| c.limits.concentration_bps = None, |_| ()),
    // 10 x $102.51025, which is the ask and 2.5 %, rounded up to $102.5103.
    (Code::BuyingPower, |c| c.context.account.buying_power = Some(1_025_102_999), |c| c.context.account.buying_power = Some(1_025_103_000)),
    (Code::BuyingPower, |c| c.context.account.reserved = Some(18_974_897_001), |c| c.context.account.reserved = Some(18_974_897_000)),
    (Code::BuyingPower, |c| c.context.account.buying_power = None, |_| ()),
    (Code::BuyingPower, |c| c.context.account.reserved = None, |_| ()),
    (Code::BuyingPower, |c| c.context.account.reserved = Some(-1), |_| ()),
    (Code::Arithmetic, |c| { c.order.qty = Some(i64::MAX); c.limits = Limits::boundless(); }, |c| c.limits = Limits::boundless()),
    (Code::Arithmetic, |c| { c.context.holding.position = Some(i64::MAX); c.limits = Limits::boundless(); }, |_| ()),
    (Code::Arithmetic, |c| { c.context.account.other_gross = Some(i64::MAX); c.limits = Limits::boundless(); }, |_| ()),
];

#[rustfmt::skip]
const SALES: &[Row] = &[
    (Code::PriceCollar, |c| limit(c, 989_900), |c| limit(c, 990_000)),
    (Code::WashTrade, |c| c.context.holding.working_buy = Some(SHARE), |_| ()),
    (Code::WashTrade, |c| { c.context.holding.working_buy = Some(SHARE); c.context.holding.opposite_limit = Some(1_000_000); limit(c, 1_000_000); }, |c| {
        c.context.holding.working_buy = Some(SHARE);
        c.context.holding.opposite_limit = Some(999_900);
        limit(c, 1_000_000);
    }),
    (Code::ShortNotAllowed, |c| c.limits.shorting = false, |_| ()),
    (Code::ShortUnavailable, |c| c.context.instrument.shortable = false, |_| ()),
    (Code::SymbolPosition, |c| c.context.holding.working_sell = Some(40 * SHARE), |c| c.context.holding.working_sell = Some(39 * SHARE)),
    (Code::NetExposure, |c| c.context.account.other_net_low = Some(-4_999_900_001), |c| c.context.account.other_net_low = Some(-4_999_900_000)),
    (Code::NetExposure, |c| c.context.account.other_net_low = None, |_| ()),
    // A short sale is charged at the ask and 3 %: $103.0103.
    (Code::BuyingPower, |c| c.context.account.buying_power = Some(1_030_102_999), |c| c.context.account.buying_power = Some(1_030_103_000)),
];

#[test]
fn each_check_refuses_alone_and_passes_the_nearest_case() {
    for (base, rows) in [(case(), ORDERS), (selling(), SALES)] {
        for (at, (code, refused, passed)) in rows.iter().enumerate() {
            assert_eq!(verdict(with(base, refused)), code.name(), "row {at} ({code:?}), refused");
            assert_eq!(verdict(with(base, passed)), "APPROVED", "row {at} ({code:?}), passed");
        }
    }
}

#[test]
fn every_code_has_a_row() {
    let rows = ORDERS.iter().chain(SALES).map(|(code, ..)| *code);
    let agents = AGENTS.iter().map(|(code, ..)| *code);
    let covered: Vec<Code> = rows.chain(agents).collect();
    for code in Code::ALL {
        assert!(covered.contains(&code), "{code:?}");
    }
}

/// What a reducing order may not pass; all other rows let it out.
const EVEN_FOR_EXITS: [Code; 4] = [Code::QtyInvalid, Code::PriceInvalid, Code::TickSize, Code::NotTradable];

#[test]
fn exits_get_out_past_every_other_check() {
    let exit = with(case(), |c| {
        c.order.side = Side::Sell;
        c.context.holding.position = Some(40 * SHARE);
    });
    let cover = with(case(), |c| c.context.holding.position = Some(-40 * SHARE));
    for (code, change, _) in ORDERS.iter().chain(SALES) {
        for base in [exit, cover] {
            let changed = with(base, change);
            // Rows about the position itself leave nothing to reduce.
            let holding = changed.context.holding;
            let is_exit = Reach::of(&holding).is_some_and(|reach| {
                changed.order.qty.is_some_and(|qty| reach.is_reduced_by(changed.order.side, qty))
            });
            let expected = if EVEN_FOR_EXITS.contains(code) { code.name() } else { "APPROVED" };
            if is_exit || EVEN_FOR_EXITS.contains(code) {
                assert_eq!(verdict(changed), expected, "{code:?}");
            }
        }
    }
}

#[test]
fn exits_get_out_with_nothing_known_but_the_position() {
    let unknown = Limits {
        order_quantity: None,
        order_notional: None,
        max_quote_age_ms: None,
        symbol_position: None,
        shorting: false,
        ..Limits::boundless()
    };
    for state in [TradingState::Halted, TradingState::Reducing, TradingState::Active] {
        for (side, position) in [(Side::Sell, 1_000), (Side::Buy, -1_000)] {
            let mut context = Context::undisturbed(position * SHARE, 0, 0);
            context.state = state;
            context.market =
                Market { session: None, clock_age_ms: None, bid: None, ask: None, quote_age_ms: None };
            context.account.age_ms = None;
            context.account.equity = None;
            let order = Order::market(side, Some(1_000 * SHARE));
            assert_eq!(verdict(Case { order, context, limits: unknown }), "APPROVED");
        }
    }
}

#[test]
fn a_flip_is_an_opening_order() {
    let held = |position: i64, sold: i64, state| {
        with(case(), |c| {
            c.order = Order::market(Side::Sell, Some(sold * SHARE));
            c.context.holding.position = Some(position * SHARE);
            c.context.state = state;
        })
    };
    assert_eq!(verdict(held(10, 11, TradingState::Halted)), "TRADING_HALTED");
    assert_eq!(verdict(held(10, 11, TradingState::Reducing)), "STATE_REDUCING");
    assert_eq!(verdict(held(10, 10, TradingState::Halted)), "APPROVED");
}

#[test]
fn an_exit_that_already_works_leaves_less_to_reduce() {
    let exit = |sold: i64| {
        with(case(), |c| {
            c.order = Order::market(Side::Sell, Some(sold * SHARE));
            c.context.holding.position = Some(10 * SHARE);
            c.context.holding.working_sell = Some(6 * SHARE);
            c.context.state = TradingState::Reducing;
        })
    };
    assert_eq!(verdict(exit(4)), "APPROVED");
    assert_eq!(verdict(exit(5)), "STATE_REDUCING");
}

#[test]
fn an_entry_that_still_works_does_not_enlarge_what_may_be_closed() {
    let exit = |sold: i64| {
        with(case(), |c| {
            c.order = Order::market(Side::Sell, Some(sold * SHARE));
            c.context.holding.position = Some(10 * SHARE);
            c.context.holding.working_buy = Some(5 * SHARE);
            c.context.state = TradingState::Reducing;
        })
    };
    assert_eq!(verdict(exit(10)), "APPROVED");
    assert_eq!(verdict(exit(11)), "STATE_REDUCING");
}

#[test]
fn a_working_exit_does_not_make_room_for_an_entry() {
    let entry = |bought: i64| {
        with(case(), |c| {
            c.order = Order::market(Side::Buy, Some(bought * SHARE));
            limit(c, 999_000);
            c.context.holding.position = Some(40 * SHARE);
            c.context.holding.working_sell = Some(40 * SHARE);
            c.context.holding.opposite_limit = Some(1_100_000);
        })
    };
    assert_eq!(verdict(entry(9)), "APPROVED");
    assert_eq!(verdict(entry(10)), "SYMBOL_POSITION");
}

#[test]
fn of_several_faults_the_first_in_the_table_is_named() {
    let all_wrong = with(case(), |c| {
        c.context.state = TradingState::Halted;
        c.context.account.age_ms = None;
        c.context.market.session = None;
        c.context.market.bid = None;
        c.context.holding.position = None;
    });
    assert_eq!(verdict(all_wrong), "TRADING_HALTED");
    assert_eq!(verdict(with(all_wrong, |c| c.context.state = TradingState::Active)), "ACCOUNT_STALE");
}

#[test]
fn a_denial_names_the_value_and_the_limit() {
    let words = |change: fn(&mut Case)| {
        let changed = with(case(), change);
        check_order(&changed.order, &changed.context, &changed.limits).unwrap_err().to_string()
    };
    assert_eq!(
        words(|c| c.limits.order_notional = usd(900)),
        "the order is worth $1000.10, above the limit of $900.00"
    );
    assert_eq!(words(|c| c.limits.order_notional = None), "the order is worth $1000.10, and no limit is set");
    assert_eq!(
        words(|c| c.context.market.quote_age_ms = Some(9_000)),
        "the quote is 9000 ms old; at most 5000 ms is allowed"
    );
    assert_eq!(
        words(|c| c.context.market.clock_age_ms = Some(-20_000)),
        "the market clock is dated 20000 ms ahead; at most 10000 ms is allowed"
    );
    assert_eq!(
        words(|c| c.context.market.bid = Some(1_712_250)),
        "the bid $171.225 is above the ask $100.01"
    );
    assert_eq!(
        words(|c| c.context.account.equity = usd(9_000)),
        "the account has lost $1000.00; nothing is opened from $500.00 on"
    );
    assert_eq!(
        words(|c| c.context.account.peak_equity = usd(20_000)),
        "the equity is below its peak by 50 %; nothing is opened from 10 % on"
    );
    assert_eq!(
        words(|c| c.limits.order_quantity = Some(SHARE / 2)),
        "the order is for 10 shares, above the limit of 0.5 shares"
    );
    assert_eq!(
        words(|c| c.context.account.other_gross = None),
        "all positions together could reach an unknown amount, above the limit of $6000.00"
    );
    assert_eq!(
        words(|c| c.context.account.buying_power = usd(1_000)),
        "the order and what is on its way need $1025.103, above the buying power of $1000.00"
    );
}

/// Flat, wants $1,000.10 of a symbol, $1,000 elsewhere, as does its strategy.
fn agent() -> Agent {
    Agent {
        position: Some(0),
        target: Some(10 * SHARE),
        ask: Some(100 * TICKS_PER_USD + 100),
        other_exposure: usd(1_000),
        day_result: usd(0),
        strategy_other_exposure: usd(2_000),
        strategy_day_result: usd(0),
    }
}

type AgentRow = (Code, fn(&mut Agent), fn(&mut Agent));

#[rustfmt::skip]
const AGENTS: &[AgentRow] = &[
    (Code::AgentDailyLoss, |a| a.day_result = usd(-100), |a| a.day_result = Some(-99_999_999)),
    (Code::AgentDailyLoss, |a| a.day_result = None, |_| ()),
    (Code::StrategyDailyLoss, |a| a.strategy_day_result = usd(-200), |a| a.strategy_day_result = Some(-199_999_999)),
    (Code::StrategyDailyLoss, |a| a.strategy_day_result = None, |_| ()),
    (Code::AgentExposure, |a| a.other_exposure = Some(1_999_900_001), |a| a.other_exposure = Some(1_999_900_000)),
    (Code::AgentExposure, |a| a.other_exposure = None, |_| ()),
    (Code::AgentExposure, |a| a.target = Some(-20 * SHARE), |a| a.target = Some(-19 * SHARE)),
    (Code::StrategyExposure, |a| a.strategy_other_exposure = Some(2_999_900_001), |a| a.strategy_other_exposure = Some(2_999_900_000)),
    (Code::StrategyExposure, |a| a.strategy_other_exposure = None, |_| ()),
    (Code::QuoteMissing, |a| a.ask = None, |_| ()),
    (Code::QuoteMissing, |a| a.ask = Some(0), |_| ()),
    (Code::PositionUnknown, |a| a.position = None, |_| ()),
    (Code::PositionUnknown, |a| a.target = None, |_| ()),
    (Code::Arithmetic, |a| a.target = Some(i64::MIN), |_| ()),
];

fn agent_verdict(change: fn(&mut Agent)) -> &'static str {
    let mut changed = agent();
    change(&mut changed);
    check_agent(&changed, &case().limits).map_or_else(|denial| denial.code.name(), |()| "APPROVED")
}

#[test]
fn each_check_of_an_agent_refuses_alone_and_passes_the_nearest_case() {
    for (at, (code, refused, passed)) in AGENTS.iter().enumerate() {
        assert_eq!(agent_verdict(*refused), code.name(), "row {at} ({code:?}), refused");
        assert_eq!(agent_verdict(*passed), "APPROVED", "row {at} ({code:?}), passed");
    }
}

#[test]
fn an_agent_may_always_hold_less() {
    let ruined = Agent {
        ask: None,
        other_exposure: None,
        day_result: None,
        strategy_other_exposure: None,
        strategy_day_result: None,
        ..agent()
    };
    for (position, target) in [(10, 0), (10, 3), (10, 10), (-10, -9), (-10, 0)] {
        let wish = Agent { position: Some(position * SHARE), target: Some(target * SHARE), ..ruined };
        assert_eq!(check_agent(&wish, &case().limits), Ok(()), "{position} to {target}");
    }
    for (position, target) in [(10, 11), (10, -1), (-10, -11), (0, 1), (-1, 1)] {
        let wish = Agent { position: Some(position * SHARE), target: Some(target * SHARE), ..ruined };
        let denial = check_agent(&wish, &case().limits).unwrap_err();
        assert_eq!(denial.code, Code::AgentDailyLoss, "{position} to {target}");
    }
}
