//! Fills, costs, the gate and the account, by hand.

use proptest::prelude::*;

use super::*;

#[test]
fn fills_a_signal_at_the_next_open_and_values_at_the_close() {
    let outcome = run_script(&[(100, 101), (110, 120), (130, 125)], &[10], &keep(10_000));
    assert_eq!(outcome.account.cash, usd(10_000 - 10 * 110));
    assert_eq!(outcome.equity, usd(10_000 - 10 * 110 + 10 * 125));
    assert_eq!(outcome.unrealised, usd(10 * (125 - 110)));
    assert_eq!(outcome.trades, []);
    assert!((value(&outcome, "exposurePct") - 200.0 / 3.0).abs() < 1e-9);
}

#[test]
fn reverses_by_closing_and_opening_at_the_same_open() {
    let outcome =
        run_script(&[(10, 10), (10, 10), (12, 12), (9, 9)], &[5, -5], &Setup::frictionless(usd(1_000)));
    let [long, short] = &outcome.trades[..] else { panic!("{:?}", outcome.trades) };
    assert_eq!(
        (long.side, long.pnl_micros, long.exit_price_ticks),
        (TradeSide::Long, usd(10), 12 * TICKS_PER_USD)
    );
    assert_eq!(
        (short.side, short.pnl_micros, short.qty_nanos),
        (TradeSide::Short, usd(15), 5 * NANOS_PER_SHARE)
    );
    assert_eq!(short.exit_reason.rule, "end of data");
    assert_eq!(outcome.equity, usd(1_025));
}

#[test]
fn charges_commission_spread_and_slippage_against_the_trader() {
    let costs = Costs {
        commission_e9: 1_000_000,   // 0.1 %
        per_share: 10_000,          // a cent
        half_spread_e9: 10_000_000, // 1 %
        slippage_e9: 20_000_000,    // 2 %
        ..Costs::default()
    };
    let setup = Setup { costs, fill: FillRule::Quote, ..keep(10_000) };
    let outcome = run_script(&[(100, 100), (100, 100), (100, 100)], &[10, 0], &setup);
    let [trade] = &outcome.trades[..] else { panic!("{:?}", outcome.trades) };
    assert_eq!((trade.entry_price_ticks, trade.exit_price_ticks), (103 * TICKS_PER_USD, 97 * TICKS_PER_USD));
    let commission = 1_030_000 + 100_000 + 970_000 + 100_000;
    assert_eq!(trade.fees_micros, commission);
    assert_eq!(trade.slippage_micros, usd(10 * 3 * 2));
    assert_eq!(trade.pnl_micros, -usd(60) - commission);
    assert_eq!(outcome.account.commission, commission);
}

#[test]
fn moves_the_price_by_the_square_root_of_the_part_of_the_volume() {
    let costs = Costs { impact_e9: 100_000_000, ..Costs::default() };
    let outcome = run_script(&[(100, 100), (100, 100)], &[100], &Setup { costs, ..keep(100_000) });
    // 100 of 10,000 shares: a tenth of 10 %.
    assert_eq!(outcome.account.cash, usd(100_000 - 100 * 101));
}

#[test]
fn charges_for_borrowing_by_the_time_that_passes() {
    let costs = Costs { borrow_e9: 365_000_000, ..Costs::default() };
    let setup = Setup { costs, ..keep(10_000) };
    let outcome = run_script(&[(100, 100), (100, 100), (100, 200), (200, 200)], &[-10], &setup);
    // A thousandth a day of $1,000, then of $2,000.
    assert_eq!(outcome.account.borrowing, usd(3));
    assert_eq!(outcome.books[0].fees, usd(3));
    assert_eq!(outcome.equity, usd(10_000 - 1_000 - 3));
}

#[test]
fn fills_a_limit_order_only_when_the_market_trades_through_it() {
    let setup = Setup { fill: FillRule::Limit { offset_e9: 20_000_000 }, ..keep(10_000) };
    // Bought at 2 % below each close. Bar 1 comes down to 98, its limit, and not through it; bar 2 goes through 98.
    let touched = run_script(&[(100, 100), (100, 99), (99, 98), (99, 99)], &[1], &setup);
    assert_eq!(touched.missed, 1);
    assert_eq!(touched.account.cash, usd(10_000) - 97_020_000);
    let gapped = run_script(&[(100, 100), (95, 96)], &[1], &setup);
    assert_eq!((gapped.account.cash, gapped.missed), (usd(10_000 - 95), 0));
}

#[test]
fn buys_as_much_as_the_cash_allows_whatever_it_costs() {
    let costs =
        Costs { commission_e9: 5_000_000, slippage_e9: 1_000_000, impact_e9: 50_000_000, ..Costs::default() };
    let setup = Setup { costs, ..keep(100_000) };
    let agents = || vec![agent("one", &[1], Sizing::AllIn)];
    let outcome = run(&panel(&[(90, 90), (97, 97)]), agents(), &setup, &mut onward).unwrap();
    let book = &outcome.books[0];
    assert!(book.cash >= 0);
    let shares = book.position.qty / NANOS_PER_SHARE;
    let price = |shares: i64| 97.0 * (1.001 + 0.05 * (shares as f64 / 10_000.0).sqrt());
    assert!((shares + 2) as f64 * price(shares + 2) * 1.005 > 100_000.0, "{shares}");
}

#[test]
fn passes_every_order_by_the_live_gate_and_records_what_it_refuses() {
    let limits = crate::risk::Limits { symbol_position: Some(usd(500)), ..keep(1).limits };
    let outcome = run_script(&[(100, 100); 5], &[5, 6, 6, -5], &Setup { limits, ..keep(10_000) });
    let [denied] = &outcome.denied[..] else { panic!("{:?}", outcome.denied) };
    assert_eq!((denied.code(), denied.at_ms), ("SYMBOL_POSITION", 2 * 86_400_000));
    assert_eq!(denied.detail(), "the position could reach $600.00, above the limit of $500.00");
    assert_eq!(outcome.denials, BTreeMap::from([("SYMBOL_POSITION", 1)]));
    assert_eq!(outcome.account.positions[0].qty, -5 * NANOS_PER_SHARE);
}

#[test]
fn refuses_what_the_broker_would_not_lend_for() {
    let outcome = run_script(&[(100, 100); 3], &[21], &keep(1_000));
    assert_eq!(outcome.denials, BTreeMap::from([("BUYING_POWER", 1)]));
    assert_eq!(run_script(&[(100, 100); 3], &[20], &keep(1_000)).denied, []);
}

#[test]
fn stops_when_all_is_lost() {
    let outcome =
        run_script(&[(100, 100), (100, 100), (200, 300), (50, 50)], &[-10, -10, -10, 3], &keep(1_000));
    assert_eq!(outcome.ruined_at_ms, Some(2 * 86_400_000));
    assert_eq!(outcome.equity, usd(1_000 - 2_000));
    assert_eq!(outcome.trades[0].exit_reason.rule, "ruined");
}

#[test]
fn refuses_a_target_that_is_not_whole() {
    let mut broken = agent("one", &[], Sizing::Targets);
    broken.strategy = Each::build(1, || Ok(Script { wishes: vec![], at: 0, wanted: 5 })).unwrap();
    let refused = run(&panel(&[(1, 1), (1, 1)]), vec![broken], &keep(10), &mut onward).err().unwrap();
    assert_eq!(
        refused.to_string(),
        "agent one wants 5 billionths of a share of GOOG; targets are whole shares"
    );
}

fn any_run() -> impl proptest::strategy::Strategy<Value = (Vec<(i64, i64)>, Vec<i64>)> {
    let prices = prop::collection::vec((20_i64..60, 20_i64..60), 3..40);
    prices.prop_flat_map(|prices| {
        let wishes = prop::collection::vec(-20_i64..20, prices.len());
        (Just(prices), wishes)
    })
}

fn any_costs() -> impl proptest::strategy::Strategy<Value = Costs> {
    let rate = || prop_oneof![Just(0), 1_i64..20_000_000];
    (rate(), 0_i64..20_000, rate(), rate(), rate(), rate()).prop_map(
        |(commission_e9, per_share, half_spread_e9, slippage_e9, impact_e9, borrow_e9)| Costs {
            commission_e9,
            per_share,
            half_spread_e9,
            slippage_e9,
            impact_e9,
            borrow_e9,
        },
    )
}

proptest! {
    #[test]
    fn scales_with_prices_and_cash((prices, wishes) in any_run(), factor in 2_i64..9) {
        let scaled: Vec<(i64, i64)> = prices.iter().map(|(open, close)| (open * factor, close * factor)).collect();
        let plain = run_script(&prices, &wishes, &keep(5_000));
        let large = run_script(&scaled, &wishes, &keep(5_000 * factor));
        prop_assert_eq!(large.equity, plain.equity * factor);
        // The cost of a partial close is rounded to a micro-dollar.
        let rounding = (large.account.realised - plain.account.realised * factor).abs();
        prop_assert!(rounding <= factor * prices.len() as i64, "{rounding}");
    }

    #[test]
    fn gains_nothing_and_loses_nothing_where_the_price_stands_still(
        wishes in prop::collection::vec(-20_i64..20, 3..30),
    ) {
        let outcome = run_script(&vec![(40, 40); wishes.len()], &wishes, &Setup::frictionless(usd(5_000)));
        prop_assert_eq!(outcome.equity, usd(5_000));
        prop_assert!(outcome.trades.iter().all(|trade| trade.pnl_micros == 0));
    }

    #[test]
    fn never_gains_by_a_cost((prices, wishes) in any_run(), costs in any_costs()) {
        let free = run_script(&prices, &wishes, &keep(50_000));
        for fill in [FillRule::NextOpen, FillRule::Quote] {
            let paid = run_script(&prices, &wishes, &Setup { costs, fill, ..keep(50_000) });
            prop_assert!(paid.equity <= free.equity, "{} {}", paid.equity, free.equity);
        }
    }

    #[test]
    fn balances_to_the_micro_dollar_whatever_it_trades(
        (prices, wishes) in any_run(),
        costs in any_costs(),
        offset_e9 in 0_i64..50_000_000,
    ) {
        for fill in [FillRule::NextOpen, FillRule::Quote, FillRule::Limit { offset_e9 }] {
            let setup = Setup { costs, fill, ..Setup::frictionless(usd(3_000)) };
            let outcome = run_script(&prices, &wishes, &setup);
            prop_assert_eq!(outcome.unbalanced_at_ms, None);
            let account = &outcome.account;
            let made = account.realised - account.commission - account.borrowing;
            prop_assert_eq!(outcome.equity, account.initial + made + outcome.unrealised);
            // Everything is closed, so the trades made all that was made.
            let trades: i64 = outcome.trades.iter().map(|trade| trade.pnl_micros).sum();
            prop_assert_eq!(trades, outcome.equity - account.initial);
        }
    }

    #[test]
    fn never_holds_more_than_the_limit_after_an_order_that_opens(
        (prices, wishes) in any_run(),
        limit in 100_i64..900,
    ) {
        let limits = crate::risk::Limits { symbol_position: Some(usd(limit)), ..keep(1).limits };
        let setup = Setup { limits, ..keep(50_000) };
        let mut before = 0_i64;
        for days in 2..=prices.len() {
            let after = run_script(&prices[..days], &wishes, &setup).account.positions[0].qty / NANOS_PER_SHARE;
            let opens = after != 0 && (after.signum() != before.signum() || after.abs() > before.abs());
            let worth = after.abs() * prices[days - 1].0;
            prop_assert!(!opens || worth <= limit, "{after} shares are worth {worth}");
            before = after;
        }
    }
}
