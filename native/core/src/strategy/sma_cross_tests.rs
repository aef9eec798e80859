use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::bars::Bar;
use crate::money::{MICROS_PER_USD, NANOS_PER_SHARE, TICKS_PER_USD};

fn bar(at: usize, close_usd: i64) -> Bar {
    let close = close_usd * TICKS_PER_USD;
    Bar {
        at_ms: at as i64 * 60_000,
        open_ticks: close,
        high_ticks: close,
        low_ticks: close,
        close_ticks: close,
        volume: 1,
    }
}

fn cross(fast: u32, slow: u32) -> SmaCross {
    let params = BTreeMap::from([("fast".to_owned(), fast.into()), ("slow".to_owned(), slow.into())]);
    SmaCross::new(&params, 1_000 * MICROS_PER_USD).unwrap()
}

fn run(strategy: &mut SmaCross, closes: &[i64]) -> Vec<(Action, i64)> {
    let decide = |(at, close): (usize, &i64)| {
        let decision = strategy.decide(&bar(at, *close)).unwrap();
        (decision.action, decision.target_qty_nanos / NANOS_PER_SHARE)
    };
    closes.iter().enumerate().map(decide).collect()
}

#[test]
fn turns_with_the_cross_and_says_why() {
    let mut strategy = cross(1, 2);
    let decisions = run(&mut strategy, &[10, 8, 9, 10, 5]);
    let expected = [
        (Action::Warming, 0),
        (Action::Warming, 0),
        (Action::Enter, 111),
        (Action::Hold, 111),
        (Action::Reverse, -200),
    ];
    assert_eq!(decisions, expected);
    assert_eq!(strategy.reason().to_string(), "crossed below: fast 5.00, slow 7.50");
}

#[test]
fn does_not_count_a_touch_as_a_cross() {
    let decisions = run(&mut cross(1, 2), &[10, 8, 8, 9, 9, 8]);
    assert!(decisions.iter().all(|(_, target)| *target == 0), "{decisions:?}");
}

#[test]
fn is_warm_one_bar_before_it_can_see_a_cross() {
    let mut strategy = cross(2, 3);
    let warm: Vec<bool> = (0..4)
        .map(|at| {
            strategy.observe(&bar(at, 10)).unwrap();
            strategy.is_warm()
        })
        .collect();
    assert_eq!(warm, [false, false, true, true]);
}

#[test]
fn suggests_the_name_that_was_probably_meant() {
    let refusal = |id, given: &[(&str, f64)]| {
        let params = given.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
        build(id, 1, &params, 1).err().unwrap().to_string()
    };
    assert_eq!(refusal("sma_cros", &[]), "there is no strategy \"sma_cros\"; did you mean \"sma-cross\"?");
    assert_eq!(
        refusal("sma-cross", &[("slwo", 3.0)]),
        "there is no parameter \"slwo\"; did you mean \"slow\"?"
    );
    assert_eq!(
        refusal("sma-cross", &[("fast", 501.0)]),
        "fast is 501; it must be a whole number from 1 to 500"
    );
}

proptest! {
    #[test]
    fn holds_the_side_of_the_last_cross_of_the_plain_means(
        closes in prop::collection::vec(50_i64..150, 1..200),
        fast in 1_u32..8,
        more in 1_u32..8,
    ) {
        let slow = fast + more;
        let mean = |end: usize, period: u32| {
            let from = end + 1 - period as usize;
            closes[from..=end].iter().sum::<i64>() * i64::from(fast * slow / period)
        };
        let sign = |end: usize| (mean(end, fast) - mean(end, slow)).signum();
        let mut side = 0;
        for (at, (_, target)) in run(&mut cross(fast, slow), &closes).into_iter().enumerate() {
            if at >= slow as usize && sign(at - 1) * sign(at) == -1 {
                side = sign(at);
            }
            prop_assert_eq!(target.signum(), side);
        }
    }
}
