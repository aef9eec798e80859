//! What every strategy keeps to, whatever the market does.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::test_bars::{MAX_POSITION, params, walks};
use super::{Action, Decision, STRATEGIES, Strategy, build};
use crate::backtest::{self, Agent, Panel, Sizing, check_look_ahead};
use crate::bars::Bar;
use crate::money::{Micros, NANOS_PER_SHARE, notional_micros};

/// Each strategy in a form that decides early and often.
fn nimble() -> Vec<(&'static str, BTreeMap<String, f64>)> {
    vec![
        (
            "momentum",
            params(&[("fast", 2.0), ("slow", 4.0), ("roc", 2.0), ("adxPeriod", 2.0), ("adxFloor", 0.0)]),
        ),
        ("time-series-momentum", params(&[("lookback", 10.0), ("every", 3.0), ("stopAtr", 2.0)])),
        (
            "cross-sectional-momentum",
            params(&[("formation", 8.0), ("skip", 2.0), ("every", 3.0), ("tranches", 2.0)]),
        ),
        (
            "mean-reversion",
            params(&[("period", 8.0), ("entryZ", 1.0), ("gateWindow", 50.0), ("gateEvery", 20.0)]),
        ),
        ("pairs", params(&[("formation", 30.0), ("trading", 20.0), ("method", 2.0), ("pairs", 2.0)])),
        ("arbitrage", params(&[("window", 30.0), ("regression", 20.0), ("openZ", 1.0)])),
        ("neural", params(&[("rate", 0.01), ("judged", 100.0)])),
        ("sma-cross", params(&[("fast", 2.0), ("slow", 5.0)])),
    ]
}

/// Feeds rows of bars in the order of the symbols and gives all that is decided, in order.
fn decisions(strategy: &mut dyn Strategy, rows: &[Vec<Bar>]) -> Vec<(usize, Decision)> {
    let mut decisions = Vec::new();
    for row in rows {
        for (symbol, bar) in row.iter().enumerate() {
            strategy.decide(symbol, bar, &mut decisions).unwrap();
        }
    }
    decisions
}

fn scaled(rows: &[Vec<Bar>], by: i64) -> Vec<Vec<Bar>> {
    let scale = |bar: &Bar| Bar {
        open_ticks: bar.open_ticks * by,
        high_ticks: bar.high_ticks * by,
        low_ticks: bar.low_ticks * by,
        close_ticks: bar.close_ticks * by,
        ..*bar
    };
    rows.iter().map(|row| row.iter().map(scale).collect()).collect()
}

fn check_acts(id: &str, given: &BTreeMap<String, f64>, rows: &[Vec<Bar>]) -> Result<(), TestCaseError> {
    let symbols = rows[0].len();
    let mut strategy = build(id, symbols, given, MAX_POSITION).unwrap();
    let mut held = vec![0_i64; symbols];
    let mut made = Vec::new();
    for row in rows {
        for (symbol, bar) in row.iter().enumerate() {
            made.clear();
            strategy.decide(symbol, bar, &mut made).unwrap();
            for (symbol, decision) in &made {
                let (before, after) = (held[*symbol], decision.target_qty_nanos);
                prop_assert_eq!(after, strategy.target_qty_nanos(*symbol));
                prop_assert_eq!(after % NANOS_PER_SHARE, 0);
                let is_warming = decision.action == Action::Warming;
                let expected = if is_warming { Action::Warming } else { Action::between(before, after) };
                prop_assert_eq!(decision.action, expected, "{} from {} to {}", id, before, after);
                prop_assert!(!is_warming || after == 0);
                if after != before {
                    let worth = notional_micros(after, row[*symbol].close_ticks).unwrap().abs();
                    prop_assert!(worth <= MAX_POSITION, "{} {}", id, worth);
                }
                let reason = strategy.reason(*symbol);
                prop_assert!(reason.measures().iter().all(|measure| measure.value.is_finite()), "{reason}");
                held[*symbol] = after;
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn acts_as_it_says_and_never_beyond_its_limit(seed in any::<u64>(), count in 60..260_usize) {
        for (id, given) in nimble() {
            check_acts(id, &given, &walks(seed, 4, count))?;
        }
    }

    #[test]
    fn decides_the_same_on_the_same_bars_and_on_dearer_ones(seed in any::<u64>()) {
        let rows = walks(seed, 4, 200);
        for (id, given) in nimble() {
            let run = |rows: &[Vec<Bar>], limit: Micros| {
                decisions(build(id, 4, &given, limit).unwrap().as_mut(), rows)
            };
            let made = run(&rows, MAX_POSITION);
            prop_assert_eq!(&run(&rows, MAX_POSITION), &made);
            prop_assert_eq!(run(&scaled(&rows, 8), 8 * MAX_POSITION), made, "{}", id);
        }
    }
}

#[test]
fn has_a_test_for_every_strategy_and_each_of_them_trades_in_it() {
    assert_eq!(
        nimble().iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        STRATEGIES.iter().map(|spec| spec.id).collect::<Vec<_>>()
    );
    let rows = walks(7, 4, 400);
    // The network trades only with proven skill, which no walk gives: its own tests have a market that it can learn.
    for (id, given) in nimble().into_iter().filter(|(id, _)| *id != "neural") {
        let made = decisions(build(id, 4, &given, MAX_POSITION).unwrap().as_mut(), &rows);
        let count = |action| made.iter().filter(|(_, decision)| decision.action == action).count();
        assert!(count(Action::Enter) > 0 && count(Action::Exit) + count(Action::Reverse) > 0, "{id}");
    }
}

#[test]
fn knows_nothing_of_the_future() {
    let rows = walks(11, 4, 500);
    let series = |symbol: usize| rows.iter().map(|row| row[symbol]).collect::<Vec<Bar>>();
    let panel = Panel::new((0..4).map(|symbol| (format!("S{symbol}"), series(symbol))).collect()).unwrap();
    for (id, given) in nimble() {
        let make = |panel: &Panel| {
            let symbols = panel.symbols().len();
            let strategy = build(id, symbols, &given, MAX_POSITION)?;
            Ok::<_, backtest::BacktestError>(vec![Agent {
                id: id.to_owned(),
                strategy,
                symbols: (0..symbols).collect(),
                sizing: Sizing::Targets,
            }])
        };
        let check = check_look_ahead(&panel, &make, 3).unwrap();
        assert!(check.passed, "{id}: {}", check.detail);
    }
}

#[test]
fn stays_flat_in_a_market_that_never_moves() {
    let still: Vec<Vec<Bar>> =
        (0..400).map(|day| (0..4).map(|_| super::test_bars::bar(day, 50.0)).collect()).collect();
    for (id, given) in nimble().into_iter().filter(|(id, _)| *id != "cross-sectional-momentum") {
        let made = decisions(build(id, 4, &given, MAX_POSITION).unwrap().as_mut(), &still);
        assert!(made.iter().all(|(_, decision)| decision.target_qty_nanos == 0), "{id}");
    }
}

#[test]
fn refuses_a_bar_twice_and_goes_on_as_if_it_had_come_once() {
    let rows = walks(5, 4, 200);
    for (id, given) in nimble() {
        let mut twice = build(id, 4, &given, MAX_POSITION).unwrap();
        let mut made = Vec::new();
        for row in &rows {
            for (symbol, bar) in row.iter().enumerate() {
                twice.decide(symbol, bar, &mut made).unwrap();
                let length = made.len();
                assert!(twice.decide(symbol, bar, &mut made).is_err() && twice.observe(symbol, bar).is_err());
                assert_eq!(made.len(), length);
            }
        }
        let once = decisions(build(id, 4, &given, MAX_POSITION).unwrap().as_mut(), &rows);
        assert_eq!(made, once, "{id}");
    }
}
