use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::bars::Bar;
use crate::money::{MICROS_PER_USD, NANOS_PER_SHARE, TICKS_PER_USD};

const MAX_POSITION: i64 = 5_000 * MICROS_PER_USD;

fn params(given: &[(&str, f64)]) -> BTreeMap<String, f64> {
    given.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}

/// Short periods and no trend floor, so that a test needs few bars.
fn nimble() -> Momentum {
    let given = [
        ("fast", 2.0),
        ("slow", 4.0),
        ("roc", 2.0),
        ("adxPeriod", 2.0),
        ("atrPeriod", 3.0),
        ("adxFloor", 0.0),
    ];
    Momentum::new(&params(&given), MAX_POSITION).unwrap()
}

/// A bar of one dollar's height around its close.
fn bar(minute: i64, close_usd: f64) -> Bar {
    let close = (close_usd * TICKS_PER_USD as f64) as i64;
    let half = TICKS_PER_USD / 2;
    Bar {
        at_ms: minute * 60_000,
        open_ticks: close,
        high_ticks: close + half,
        low_ticks: close - half,
        close_ticks: close,
        volume: 100,
    }
}

fn run(strategy: &mut Momentum, closes: &[f64]) -> Vec<Decision> {
    closes.iter().enumerate().map(|(at, close)| strategy.decide(&bar(at as i64, *close)).unwrap()).collect()
}

/// What was decided at the last close, and why.
fn explain(mut strategy: Momentum, closes: &[f64]) -> (Decision, String) {
    let decisions = run(&mut strategy, closes);
    (decisions[decisions.len() - 1], strategy.reason().to_string())
}

fn last_actions(closes: &[f64], count: usize) -> Vec<Action> {
    let decisions = run(&mut nimble(), closes);
    decisions[decisions.len() - count..].iter().map(|decision| decision.action).collect()
}

#[test]
fn says_how_many_bars_it_needs_and_decides_on_the_last_of_them() {
    let mut strategy = Momentum::new(&BTreeMap::new(), MAX_POSITION).unwrap();
    assert_eq!(strategy.warm_up_bars(), 28); // twice the ADX period
    for minute in 0..27 {
        assert!(!strategy.is_warm());
        let decision = strategy.decide(&bar(minute, 100.0 + minute as f64)).unwrap();
        assert_eq!(decision.action, Action::Warming);
        assert_eq!(strategy.reason().to_string(), format!("warming: bar {}, of 28", minute + 1));
    }
    assert!(strategy.is_warm());
    assert_eq!(strategy.decide(&bar(27, 127.0)).unwrap().action, Action::Enter);
}

#[test]
fn enters_long_with_as_many_whole_shares_as_the_limit_buys() {
    let (decision, reason) = explain(nimble(), &[100.0, 101.0, 102.0, 103.0]);
    // 5,000 / 103 = 48.5
    assert_eq!(decision, Decision { action: Action::Enter, target_qty_nanos: 48 * NANOS_PER_SHARE });
    // EMA(2) follows two behind by half a dollar, EMA(4) is still the mean; ranges are 1.5 dollars.
    let expected =
        "with the trend: close 103.00, stop 98.50, fast 102.50, slow 101.50, roc +1.98 %, adx 100.00";
    assert_eq!(reason, expected);
}

#[test]
fn enters_short_with_a_negative_target_when_the_market_falls() {
    let decisions = run(&mut nimble(), &[103.0, 102.0, 101.0, 100.0]);
    assert_eq!((decisions[3].action, decisions[3].target_qty_nanos), (Action::Enter, -50 * NANOS_PER_SHARE));
}

#[test]
fn reverses_when_the_averages_cross_and_the_rate_of_change_agrees() {
    let mut strategy = nimble();
    let decisions = run(&mut strategy, &[100.0, 101.0, 102.0, 103.0, 103.0, 99.0]);
    assert_eq!(
        (decisions[5].action, decisions[5].target_qty_nanos),
        (Action::Reverse, -50 * NANOS_PER_SHARE)
    );
    assert_eq!(strategy.target_qty_nanos(), -50 * NANOS_PER_SHARE);
}

#[test]
fn exits_when_the_averages_cross_without_the_rate_of_change() {
    // The last close is back where it was two bars ago: a rate of change of zero agrees with nothing.
    assert_eq!(
        last_actions(&[100.0, 101.0, 102.0, 103.0, 101.0, 103.0, 101.0], 2),
        [Action::Hold, Action::Exit]
    );
}

/// Slow to turn, so that the stop comes long before the averages cross.
fn patient() -> Momentum {
    let given = [("fast", 2.0), ("slow", 40.0), ("roc", 30.0), ("adxPeriod", 2.0), ("atrPeriod", 3.0)];
    Momentum::new(&params(&given), MAX_POSITION).unwrap()
}

#[test]
fn exits_at_the_stop_and_waits_for_a_cross_before_it_enters_that_side_again() {
    let climb = (0..42).map(|minute| 100.0 + f64::from(minute));
    let closes: Vec<f64> = climb.chain([136.0, 137.0, 138.0, 139.0, 118.0, 118.0, 118.0, 150.0]).collect();
    let decisions = run(&mut patient(), &closes);
    // 141.50 was the best; the range was 1.5 a bar, so the stop stood 4.5 below it.
    assert_eq!(decisions[42].action, Action::Exit);
    let (_, stopped) = explain(patient(), &closes[..43]);
    assert!(stopped.starts_with("stopped: close 136.00, stop 137.00, fast "), "{stopped}");
    let (_, waits) = explain(patient(), &closes[..46]);
    assert!(waits.starts_with("awaits a cross after its stop: close 139.00, "), "{waits}");
    // The averages cross downwards, but over 30 bars the price has risen: neither side is entered.
    let (_, torn) = explain(patient(), &closes[..49]);
    assert!(torn.starts_with("no entry: ") && torn.contains("roc +"), "{torn}");
    assert!(
        decisions[43..49]
            .iter()
            .all(|decision| (decision.action, decision.target_qty_nanos) == (Action::Hold, 0))
    );
    assert_eq!((decisions[49].action, decisions[49].target_qty_nanos), (Action::Enter, 33 * NANOS_PER_SHARE));
}

#[test]
fn exits_a_short_at_a_stop_above_the_lowest_price() {
    let closes: Vec<f64> = (0..42).map(|minute| 142.0 - f64::from(minute)).chain([106.0]).collect();
    assert!(run(&mut patient(), &closes)[41].target_qty_nanos < 0);
    let (decision, reason) = explain(patient(), &closes);
    assert_eq!((decision.action, decision.target_qty_nanos), (Action::Exit, 0));
    assert!(reason.starts_with("stopped: close 106.00, stop 105.00, fast "), "{reason}");
}

#[test]
fn stays_out_of_a_market_that_does_not_trend() {
    let mut strategy = Momentum::new(&BTreeMap::new(), MAX_POSITION).unwrap();
    let waves: Vec<f64> = (0..200).map(|at| 100.0 + f64::from([0, 1, 0, -1][at % 4])).collect();
    assert!(run(&mut strategy, &waves).iter().all(|decision| decision.target_qty_nanos == 0));
}

#[test]
fn stays_out_when_the_limit_buys_no_share() {
    let strategy = Momentum::new(&params(&[("fast", 2.0), ("slow", 4.0)]), 50 * MICROS_PER_USD).unwrap();
    let closes: Vec<f64> = (0..30).map(|at| 100.0 + f64::from(at)).collect();
    let (decision, reason) = explain(strategy, &closes);
    assert_eq!((decision.action, decision.target_qty_nanos), (Action::Hold, 0));
    assert!(reason.starts_with("the limit buys no share: close 129.00, "), "{reason}");
    assert!(reason.ends_with("limit 50.00"), "{reason}");
}

#[test]
fn keeps_its_position_while_it_only_observes() {
    let mut strategy = nimble();
    run(&mut strategy, &[100.0, 101.0, 102.0, 103.0]);
    let held = strategy.target_qty_nanos();
    strategy.observe(&bar(4, 80.0)).unwrap();
    assert_eq!(strategy.target_qty_nanos(), held);
    assert_eq!(strategy.decide(&bar(5, 80.0)).unwrap().action, Action::Reverse);
}

#[test]
fn refuses_an_absurd_bar_and_goes_on_as_if_it_had_not_come() {
    let good = bar(4, 104.0);
    let absurd = [
        (Bar { low_ticks: 0, ..good }, BarRefused::PriceOutOfRange(0)),
        (Bar { close_ticks: -5, ..good }, BarRefused::PriceOutOfRange(-5)),
        (Bar { open_ticks: i64::MAX, ..good }, BarRefused::PriceOutOfRange(i64::MAX)),
        (
            Bar { high_ticks: 1_000_000, low_ticks: 1_000_001, ..good },
            BarRefused::HighBelowLow { high: 1_000_000, low: 1_000_001 },
        ),
        (Bar { at_ms: 180_000, ..good }, BarRefused::NotNewer { at: 180_000, last: 180_000 }),
    ];
    let (mut disturbed, mut quiet) = (nimble(), nimble());
    let closes = [100.0, 101.0, 102.0, 103.0];
    assert_eq!(run(&mut disturbed, &closes), run(&mut quiet, &closes));
    for (bar, reason) in absurd {
        assert_eq!(disturbed.decide(&bar), Err(reason));
        assert_eq!(disturbed.observe(&bar), Err(reason));
    }
    assert_eq!(disturbed.decide(&good), quiet.decide(&good));
}

#[test]
fn refuses_parameters_outside_their_ranges() {
    let refusal =
        |given: &[(&str, f64)]| Momentum::new(&params(given), MAX_POSITION).unwrap_err().to_string();
    assert_eq!(refusal(&[("fast", 201.0)]), "fast is 201; it must be a whole number from 2 to 200");
    assert_eq!(refusal(&[("slow", 26.5)]), "slow is 26.5; it must be a whole number from 3 to 400");
    assert_eq!(refusal(&[("adxFloor", f64::NAN)]), "adxFloor is NaN; it must be a number from 0 to 100");
    assert_eq!(refusal(&[("fast", 30.0)]), "slow is 26 and fast is 30; slow must be more than fast");
    assert_eq!(refusal(&[("speed", 1.0)]), "there is no parameter \"speed\"");
    assert_eq!(Momentum::new(&BTreeMap::new(), 0).unwrap_err(), StrategyError::MaxPositionInvalid(0));
}

#[test]
fn lists_defaults_that_it_accepts_itself() {
    for spec in STRATEGIES {
        let defaults = spec.params.iter().map(|param| (param.name.to_owned(), param.default)).collect();
        assert!(build(spec.id, 3, &defaults, MAX_POSITION).is_ok());
    }
    assert_eq!(
        build("none", 1, &BTreeMap::new(), 1).err(),
        Some(StrategyError::UnknownStrategy { id: "none".to_owned(), nearest: None })
    );
}

proptest! {
    #[test]
    fn acts_as_it_says_and_never_beyond_its_limit(steps in prop::collection::vec(-4.0..4.0_f64, 30..200)) {
        let mut strategy = nimble();
        let mut price = 100.0_f64;
        for (at, step) in steps.iter().enumerate() {
            price = (price + step).max(2.0);
            let before = strategy.target_qty_nanos();
            let bar = bar(at as i64, price);
            let decision = strategy.decide(&bar).unwrap();
            let after = decision.target_qty_nanos;
            prop_assert_eq!(after, strategy.target_qty_nanos());
            prop_assert_eq!(after % NANOS_PER_SHARE, 0);
            let consistent = match decision.action {
                Action::Hold => after == before,
                Action::Enter => before == 0 && after != 0,
                Action::Exit => before != 0 && after == 0,
                Action::Reverse => before.signum() == -after.signum() && after != 0,
                Action::Resize => false, // it never resizes
                Action::Warming => before == 0 && after == 0,
            };
            prop_assert!(consistent, "{:?} from {before}", decision);
            if after != before {
                let worth = crate::money::notional_micros(after, bar.close_ticks).unwrap().abs();
                prop_assert!(worth <= MAX_POSITION, "{worth}");
            }
        }
    }
}
