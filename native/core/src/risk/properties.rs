//! What holds for every order, checked against a second, plainer statement of the rules.

use proptest::prelude::*;

use super::*;
use crate::money::{MICROS_PER_TICK, NANOS_PER_SHARE, divide_half_even};

/// Ordinary values, and the corners where arithmetic breaks.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![
        20 => -200_000_000_000..200_000_000_000_i64,
        2 => -20..20_i64,
        1 => any::<i64>(),
        1 => prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0)],
    ]
}

fn maybe(strategy: impl Strategy<Value = i64> + 'static) -> impl Strategy<Value = Option<i64>> {
    prop_oneof![29 => strategy.prop_map(Some), 1 => Just(None)]
}

fn price() -> impl Strategy<Value = i64> {
    prop_oneof![19 => 1..3_000_000_i64, 1 => number()]
}

fn order() -> impl Strategy<Value = Order> {
    let side = prop_oneof![Just(Side::Buy), Just(Side::Sell)];
    (side, maybe(number())).prop_map(|(side, qty)| Order { side, qty })
}

fn context() -> impl Strategy<Value = Context> {
    let state = prop_oneof![2 => Just(TradingState::Active), 1 => Just(TradingState::Reducing), 1 => Just(TradingState::Halted)];
    let open = prop_oneof![8 => Just(Some(true)), 1 => Just(Some(false)), 1 => Just(None)];
    let age = || maybe(prop_oneof![19 => 0..1_500_i64, 1 => number()]);
    let quote = (maybe(price()), maybe(price()));
    let held = (maybe(number()), maybe(prop_oneof![Just(0), number()]));
    (prop::bool::weighted(0.9), open, age(), quote, age(), held, state).prop_map(
        |(tradable, market_open, clock_age_ms, (a, b), quote_age_ms, (position, working), state)| {
            // Mostly the right way round, as quotes are.
            let (bid, ask) = if a < b { (a, b) } else { (b, a) };
            Context { tradable, market_open, clock_age_ms, bid, ask, quote_age_ms, position, working, state }
        },
    )
}

fn limits() -> impl Strategy<Value = Limits> {
    let money = || maybe(prop_oneof![19 => 0..60_000_000_000_i64, 1 => number()]);
    let age = || maybe(prop_oneof![19 => 1_000..2_000_i64, 1 => number()]);
    (money(), money(), age(), age()).prop_map(|(order_notional, symbol_position, quote, clock)| Limits {
        order_notional,
        symbol_position,
        max_quote_age_ms: quote,
        max_clock_age_ms: clock,
    })
}

/// Every position that can result, whichever of the working and the new order are filled.
fn outcomes(order: i128, position: i128, working: i128) -> [i128; 4] {
    [position, position + working, position + order, position + working + order]
}

fn only_reduces(order: i128, position: i128, working: i128) -> bool {
    let toward_zero = order.signum() == -position.signum() && position != 0;
    // Without the order nothing flips; with it nothing may, unless the working order alone already does.
    let exits = if working.signum() == position.signum() { 0 } else { working };
    toward_zero && (position + exits + order) * position.signum() >= 0
}

fn value(position: i128, price: i64) -> i128 {
    divide_half_even(position.abs() * i128::from(price * MICROS_PER_TICK), i128::from(NANOS_PER_SHARE))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn no_approved_opening_order_violates_a_limit(order in order(), context in context(), limits in limits()) {
        let approved = check_order(&order, &context, &limits).is_ok();
        let qty = order.qty.map(|qty| i128::from(qty) * order.side.sign());
        let known = context.position.zip(context.working);
        let reduces = qty.zip(known).is_some_and(|(qty, (position, working))|
            only_reduces(qty, i128::from(position), i128::from(working)));
        if approved && !reduces {
            let (bid, ask) = (context.bid.unwrap(), context.ask.unwrap());
            let (position, working) = known.unwrap();
            prop_assert!(order.qty.unwrap() > 0 && context.tradable);
            prop_assert_eq!(context.state, TradingState::Active);
            prop_assert_eq!(context.market_open, Some(true));
            prop_assert!(0 < bid && bid <= ask);
            prop_assert!(context.quote_age_ms.unwrap() <= limits.max_quote_age_ms.unwrap());
            prop_assert!(context.clock_age_ms.unwrap() <= limits.max_clock_age_ms.unwrap());
            prop_assert!(value(qty.unwrap(), ask) <= i128::from(limits.order_notional.unwrap()));
            let [_, _, alone, both] = outcomes(qty.unwrap(), i128::from(position), i128::from(working));
            for reached in [alone, both] {
                prop_assert!(value(reached, ask) <= i128::from(limits.symbol_position.unwrap()));
            }
        }
    }

    #[test]
    fn an_approved_order_on_a_stopped_desk_never_flips_or_grows_the_position(
        order in order(), mut context in context(), limits in limits(), halted in any::<bool>(),
    ) {
        context.state = if halted { TradingState::Halted } else { TradingState::Reducing };
        if check_order(&order, &context, &limits).is_ok() {
            let position = i128::from(context.position.unwrap());
            let order = i128::from(order.qty.unwrap()) * order.side.sign();
            let working = i128::from(context.working.unwrap());
            let [_, _, alone, both] = outcomes(order, position, working);
            prop_assert!(alone.abs() < position.abs());
            prop_assert!(alone * position.signum() >= 0);
            prop_assert!(both * position.signum() >= 0, "flips together with what works");
        }
    }

    #[test]
    fn what_only_reduces_passes_whatever_else_is_unknown(
        position in number(), part in 1..=100_i128, mut context in context(), limits in limits(),
    ) {
        prop_assume!(position != 0);
        context.tradable = true;
        context.position = Some(position);
        context.working = Some(0);
        let qty = (i128::from(position).abs() * part / 100).clamp(1, i128::from(i64::MAX));
        let side = if position > 0 { Side::Sell } else { Side::Buy };
        let order = Order { side, qty: i64::try_from(qty).ok() };
        prop_assert_eq!(check_order(&order, &context, &limits), Ok(()));
    }

    #[test]
    fn an_unknown_never_helps(order in order(), context in context(), limits in limits(), field in 0..10_usize) {
        let (mut order_without, mut context_without, mut limits_without) = (order, context, limits);
        match field {
            0 => order_without.qty = None,
            1 => context_without.market_open = None,
            2 => context_without.clock_age_ms = None,
            3 => context_without.bid = None,
            4 => context_without.ask = None,
            5 => context_without.quote_age_ms = None,
            6 => context_without.position = None,
            7 => context_without.working = None,
            8 => limits_without.order_notional = None,
            _ => limits_without.symbol_position = None,
        }
        if check_order(&order_without, &context_without, &limits_without).is_ok() {
            prop_assert_eq!(check_order(&order, &context, &limits), Ok(()));
        }
    }
}
