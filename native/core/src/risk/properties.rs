//! What holds for every order, checked against a second, plainer statement of the rules.

use proptest::prelude::*;

use super::*;
use crate::book::Side;
use crate::money::{MICROS_PER_TICK, NANOS_PER_SHARE, divide_half_even};

/// Ordinary values, and the corners where arithmetic breaks.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![
        40 => -200_000_000_000..200_000_000_000_i64,
        2 => -20..20_i64,
        1 => any::<i64>(),
        1 => prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0)],
    ]
}

fn maybe(strategy: impl Strategy<Value = i64> + 'static) -> impl Strategy<Value = Option<i64>> {
    prop_oneof![79 => strategy.prop_map(Some), 1 => Just(None)]
}

fn around(ordinary: std::ops::Range<i64>) -> impl Strategy<Value = Option<i64>> {
    maybe(prop_oneof![39 => ordinary, 1 => number()])
}

fn order() -> impl Strategy<Value = Order> {
    let price = prop_oneof![
        3 => Just(OrderPrice::Market),
        1 => (100..30_000_i64).prop_map(|cents| OrderPrice::Limit(Some(cents * 100))),
        1 => around(1..3_000_000).prop_map(OrderPrice::Limit),
    ];
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    (side, around(1..60_000_000_000), price)
        .prop_map(|(side, qty, price)| Order { price, ..Order::market(side, qty) })
}

fn market() -> impl Strategy<Value = Market> {
    let session =
        prop_oneof![18 => Just(Some(Session::Regular)), 1 => Just(Some(Session::Closed)), 1 => Just(None)];
    let sides = (around(500_000..1_500_000), around(0..20_000));
    (session, around(0..1_500), sides, around(0..1_500)).prop_map(
        |(session, clock_age_ms, (bid, spread), quote_age_ms)| {
            let ask = bid.zip(spread).and_then(|(bid, spread)| bid.checked_add(spread));
            Market { session, clock_age_ms, bid, ask, quote_age_ms }
        },
    )
}

fn holding() -> impl Strategy<Value = Holding> {
    let working = || prop_oneof![3 => Just(Some(0)), 1 => around(0..100_000_000_000)];
    (maybe(number()), working(), working(), around(500_000..1_500_000)).prop_map(
        |(position, working_buy, working_sell, opposite_limit)| Holding {
            position,
            working_buy,
            working_sell,
            opposite_limit,
        },
    )
}

fn account() -> impl Strategy<Value = Account> {
    let equity = || around(90_000_000_000..110_000_000_000);
    let others = (
        around(0..30_000_000_000),
        around(-10_000_000_000..20_000_000_000),
        around(-20_000_000_000..10_000_000_000),
    );
    let funds = (around(0..60_000_000_000), around(0..10_000_000_000));
    (around(0..1_500), equity(), equity(), equity(), funds, others).prop_map(
        |(age_ms, equity, day_start_equity, peak_equity, (buying_power, reserved), others)| Account {
            age_ms,
            equity,
            day_start_equity,
            peak_equity,
            buying_power,
            reserved,
            other_gross: others.0,
            other_net_high: others.1,
            other_net_low: others.2,
        },
    )
}

fn context() -> impl Strategy<Value = Context> {
    let state = prop_oneof![
        6 => Just(TradingState::Active),
        1 => Just(TradingState::Reducing),
        1 => Just(TradingState::Halted)
    ];
    let often = || prop::bool::weighted(0.95);
    let instrument = (often(), often(), often(), maybe(Just(1)));
    let pace = (around(0..5_000), around(0..100), around(0..40));
    (state, instrument, market(), holding(), pace, account()).prop_map(
        |(state, (tradable, trades, shortable, lot), market, holding, pace, account)| Context {
            state,
            instrument: Instrument { tradable, halted: !trades, shortable, lot },
            market,
            holding,
            pace: Pace { same_order_age_ms: pace.0, orders_last_minute: pace.1, open_orders: pace.2 },
            account,
        },
    )
}

fn limits() -> impl Strategy<Value = Limits> {
    let age = || around(1_000..2_000);
    let money = || around(5_000_000_000..60_000_000_000);
    let order = (around(20_000_000_000..200_000_000_000), money(), around(50..500));
    let counts = (around(0..2_000), around(50..200), around(20..60));
    let exposure = (money(), money(), money(), around(500..8_000));
    let losses = (prop::bool::weighted(0.8), around(1_000_000_000..20_000_000_000), around(500..2_000));
    (order, (age(), age(), age()), counts, exposure, losses).prop_map(
        |(order, ages, counts, exposure, losses)| Limits {
            order_quantity: order.0,
            order_notional: order.1,
            collar_bps: order.2,
            max_quote_age_ms: ages.0,
            max_clock_age_ms: ages.1,
            max_account_age_ms: ages.2,
            duplicate_window_ms: counts.0,
            orders_per_minute: counts.1,
            open_orders: counts.2,
            symbol_position: exposure.0,
            gross_exposure: exposure.1,
            net_exposure: exposure.2,
            concentration_bps: exposure.3,
            shorting: losses.0,
            daily_loss: losses.1,
            drawdown_bps: losses.2,
            ..Limits::boundless()
        },
    )
}

fn wide(known: Option<i64>) -> i128 {
    i128::from(known.unwrap())
}

fn value(position: i128, price: i128) -> i128 {
    divide_half_even(position * price * i128::from(MICROS_PER_TICK), i128::from(NANOS_PER_SHARE))
}

/// Every position that can result, whichever of the working orders and the new one are filled.
fn outcomes(order: i128, holding: &Holding) -> Vec<i128> {
    let (position, buying, selling) =
        (wide(holding.position), wide(holding.working_buy), wide(holding.working_sell));
    let working = [0, buying, -selling, buying - selling];
    working.iter().map(|filled| position + filled + order).collect()
}

fn only_reduces(order: i128, holding: &Holding) -> bool {
    let position = wide(holding.position);
    let exits = if position > 0 { -wide(holding.working_sell) } else { wide(holding.working_buy) };
    position != 0
        && order.signum() == -position.signum()
        && (position + exits + order) * position.signum() >= 0
}

fn is_known(holding: &Holding) -> bool {
    holding.position.is_some()
        && holding.working_buy.is_some_and(|qty| qty >= 0)
        && holding.working_sell.is_some_and(|qty| qty >= 0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn no_approved_opening_order_violates_a_limit(order in order(), context in context(), limits in limits()) {
        if check_order(&order, &context, &limits).is_err() {
            return Ok(());
        }
        let qty = wide(order.qty) * order.side.sign();
        let Context { market, holding, pace, account, .. } = context;
        if only_reduces(qty, &holding) {
            return Ok(());
        }
        let (bid, ask) = (wide(market.bid), wide(market.ask));
        prop_assert!(order.qty.unwrap() > 0 && context.instrument.tradable && !context.instrument.halted);
        prop_assert_eq!(context.state, TradingState::Active);
        prop_assert_eq!(market.session, Some(Session::Regular));
        prop_assert!(0 < bid && bid <= ask);
        for (age, limit) in [
            (market.quote_age_ms, limits.max_quote_age_ms),
            (market.clock_age_ms, limits.max_clock_age_ms),
            (account.age_ms, limits.max_account_age_ms),
        ] {
            prop_assert!(wide(age).abs() <= wide(limit));
        }
        prop_assert!(wide(account.day_start_equity) - wide(account.equity) < wide(limits.daily_loss));
        let fallen = wide(account.peak_equity) - wide(account.equity);
        prop_assert!(fallen * 10_000 < wide(limits.drawdown_bps) * wide(account.peak_equity));
        prop_assert!(qty.abs() <= wide(limits.order_quantity));
        prop_assert!(value(qty.abs(), ask) <= wide(limits.order_notional));
        prop_assert!(wide(pace.same_order_age_ms) >= wide(limits.duplicate_window_ms));
        prop_assert!(wide(pace.orders_last_minute) < wide(limits.orders_per_minute));
        prop_assert!(wide(pace.open_orders) < wide(limits.open_orders));
        for reached in outcomes(qty, &holding) {
            let size = value(reached.abs(), ask);
            prop_assert!(size <= wide(limits.symbol_position));
            prop_assert!(size + wide(account.other_gross) <= wide(limits.gross_exposure));
            prop_assert!(size * 10_000 <= wide(limits.concentration_bps) * wide(account.equity));
            prop_assert!(limits.shorting && context.instrument.shortable || reached >= 0 || qty > 0);
            let net = value(reached, ask) + if qty > 0 { wide(account.other_net_high) } else { wide(account.other_net_low) };
            prop_assert!(net * qty.signum() <= wide(limits.net_exposure));
        }
        let least = match order.price {
            OrderPrice::Limit(Some(price)) if order.side == Side::Buy => i128::from(price),
            _ => ask,
        };
        prop_assert!(value(qty.abs(), least) + wide(account.reserved) <= wide(account.buying_power));
    }

    #[test]
    fn an_approved_order_on_a_stopped_desk_never_flips_or_grows_the_position(
        order in order(), mut context in context(), limits in limits(), halted in any::<bool>(),
    ) {
        context.state = if halted { TradingState::Halted } else { TradingState::Reducing };
        if check_order(&order, &context, &limits).is_ok() {
            let position = wide(context.holding.position);
            let order = wide(order.qty) * order.side.sign();
            prop_assert!((position + order).abs() < position.abs());
            let (exit, entry) = if position > 0 {
                (-wide(context.holding.working_sell), wide(context.holding.working_buy))
            } else {
                (wide(context.holding.working_buy), -wide(context.holding.working_sell))
            };
            for filled in [0, exit, entry, exit + entry] {
                prop_assert!((position + filled + order) * position.signum() >= 0, "flips with what works");
            }
        }
    }

    #[test]
    fn what_only_reduces_passes_whatever_else_is_unknown(
        position in number(), part in 1..=100_i128, mut context in context(), limits in limits(),
    ) {
        prop_assume!(position != 0);
        context.instrument.tradable = true;
        context.holding = Holding {
            position: Some(position), working_buy: Some(0), working_sell: Some(0), ..context.holding
        };
        let qty = (i128::from(position).abs() * part / 100).clamp(1, i128::from(i64::MAX));
        let side = if position > 0 { Side::Sell } else { Side::Buy };
        let order = Order::market(side, i64::try_from(qty).ok());
        prop_assert_eq!(check_order(&order, &context, &limits), Ok(()));
    }

    #[test]
    fn the_answer_to_an_order_that_opens_needs_every_fact(
        order in order(), context in context(), limits in limits(), field in 0..30_usize,
    ) {
        if !is_known(&context.holding) || order.qty.is_none() {
            return Ok(());
        }
        if only_reduces(wide(order.qty) * order.side.sign(), &context.holding) {
            return Ok(());
        }
        let (mut context, mut limits) = (context, limits);
        let (market, holding, pace, account) =
            (&mut context.market, &mut context.holding, &mut context.pace, &mut context.account);
        let net = if order.side == Side::Buy { &mut account.other_net_high } else { &mut account.other_net_low };
        let facts: [&mut Option<i64>; 29] = [
            &mut market.clock_age_ms, &mut market.bid, &mut market.ask, &mut market.quote_age_ms,
            &mut holding.position, &mut holding.working_buy, &mut holding.working_sell,
            &mut pace.same_order_age_ms, &mut pace.orders_last_minute, &mut pace.open_orders,
            &mut account.age_ms, &mut account.equity, &mut account.day_start_equity, &mut account.peak_equity,
            &mut account.buying_power, &mut account.reserved, &mut account.other_gross, net,
            &mut limits.order_quantity, &mut limits.order_notional, &mut limits.collar_bps,
            &mut limits.max_quote_age_ms, &mut limits.duplicate_window_ms, &mut limits.orders_per_minute,
            &mut limits.open_orders, &mut limits.symbol_position, &mut limits.gross_exposure,
            &mut limits.net_exposure, &mut limits.concentration_bps,
        ];
        let fact = facts.into_iter().nth(field);
        let without_session = fact.is_none();
        if let Some(fact) = fact {
            *fact = None;
        }
        if without_session {
            context.market.session = None;
        }
        prop_assert!(check_order(&order, &context, &limits).is_err());
    }

    #[test]
    fn no_agent_is_let_beyond_its_limits(
        figures in (maybe(number()), maybe(number()), around(500_000..1_500_000)),
        exposures in (around(0..20_000_000_000), around(0..20_000_000_000)),
        results in (around(-2_000_000_000..1_000_000_000), around(-2_000_000_000..1_000_000_000)),
        bounds in (around(0..60_000_000_000), around(0..60_000_000_000), around(0..2_000_000_000), around(0..2_000_000_000)),
    ) {
        let agent = Agent {
            position: figures.0, target: figures.1, ask: figures.2,
            other_exposure: exposures.0, strategy_other_exposure: exposures.1,
            day_result: results.0, strategy_day_result: results.1,
        };
        let limits = Limits {
            agent_exposure: bounds.0, strategy_exposure: bounds.1,
            agent_daily_loss: bounds.2, strategy_daily_loss: bounds.3,
            ..Limits::boundless()
        };
        if check_agent(&agent, &limits).is_ok() {
            let (position, target) = (wide(agent.position), wide(agent.target));
            let shrinks = target * position.signum() >= 0 && target.abs() <= position.abs();
            if !shrinks {
                let wanted = value(target.abs(), wide(agent.ask));
                prop_assert!(wide(agent.other_exposure) + wanted <= wide(limits.agent_exposure));
                prop_assert!(wide(agent.strategy_other_exposure) + wanted <= wide(limits.strategy_exposure));
                prop_assert!(-wide(agent.day_result) < wide(limits.agent_daily_loss));
                prop_assert!(-wide(agent.strategy_day_result) < wide(limits.strategy_daily_loss));
            }
        }
    }
}
