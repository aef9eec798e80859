use std::collections::BTreeMap;

use super::test_bars::{MAX_POSITION, bar, measure, params, run};
use super::*;
use crate::money::MICROS_PER_USD;

fn nimble(more: &[(&str, f64)]) -> TimeSeriesMomentum {
    let mut given = params(&[("lookback", 20.0), ("every", 5.0), ("drawdownPct", 100.0)]);
    given.extend(params(more));
    TimeSeriesMomentum::new(&given, MAX_POSITION).unwrap()
}

/// Rises by 1 % and 3 % in turn, so that its volatility tends to 1 % a bar.
fn climb(count: usize) -> Vec<f64> {
    let next = |close: &mut f64, day: usize| {
        *close *= if day.is_multiple_of(2) { 1.01 } else { 1.03 };
        Some((*close * 10_000.0).round() / 10_000.0) // whole ticks
    };
    (0..count).scan(100.0, next).collect()
}

#[test]
fn warms_up_over_its_lookback_and_decides_on_the_bar_that_completes_it() {
    let mut strategy = TimeSeriesMomentum::new(&BTreeMap::new(), MAX_POSITION).unwrap();
    assert_eq!(strategy.warm_up_bars(), 253);
    let made = run(&mut strategy, &climb(252));
    assert!(made.iter().all(|decision| *decision == (Action::Warming, 0)) && strategy.is_warm());
    assert_eq!(strategy.reason().to_string(), "warming: bar 252, of 253");
    assert_eq!(strategy.decide(&bar(252, 20_000.0)).unwrap().action, Action::Hold); // the limit buys no share
}

#[test]
fn holds_the_target_over_the_volatility_in_the_direction_of_the_past() {
    let closes = climb(21);
    let mut strategy = nimble(&[]);
    let made = run(&mut strategy, &closes);
    // The exponentially weighted volatility by its definition: weights (60/61)^age around the weighted mean.
    let returns: Vec<f64> = closes.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect();
    let weights: Vec<f64> = (0..20).map(|at| (60.0_f64 / 61.0).powi(19 - at)).collect();
    let total: f64 = weights.iter().sum();
    let mean = returns.iter().zip(&weights).map(|(change, weight)| change * weight).sum::<f64>() / total;
    let squares = returns.iter().zip(&weights).map(|(change, weight)| weight * (change - mean).powi(2));
    let volatility = (squares.sum::<f64>() / total * 252.0).sqrt();
    let weight = (0.4 / volatility).min(2.0);
    let last = closes[20];
    assert_eq!(made[20], (Action::Enter, (10_000.0 * weight / 2.0 / last) as i64));
    let reason = strategy.reason();
    assert_eq!(reason.rule, "rebalanced");
    assert!((measure(&reason, "volatility") - 100.0 * volatility).abs() < 1e-9);
    assert!((measure(&reason, "trailing") - 100.0 * (last / closes[0] - 1.0)).abs() < 1e-3);
    assert!((measure(&reason, "weight") - weight).abs() < 1e-9);
}

#[test]
fn is_short_what_has_fallen_and_takes_the_weight_one_unscaled() {
    let falls: Vec<f64> = (0..21).map(|day| 100.0 - f64::from(day)).collect();
    // Half of the limit of 10,000 dollars at 80 dollars.
    assert_eq!(run(&mut nimble(&[("scaled", 0.0)]), &falls)[20], (Action::Enter, -62));
    assert!(run(&mut nimble(&[]), &falls)[20].1 < 0);
}

#[test]
fn changes_its_mind_at_a_rebalance_only() {
    let mut closes: Vec<f64> = (0..21).map(|day| 100.0 + f64::from(day)).collect();
    closes.extend([60.0; 5]); // far below every close of the lookback
    let made = run(&mut nimble(&[("scaled", 0.0)]), &closes);
    assert_eq!(made[21..25], [(Action::Hold, 41); 4]);
    assert_eq!(made[25], (Action::Reverse, -83));
}

#[test]
fn makes_up_for_a_rebalance_that_fell_into_a_pause() {
    let mut strategy = nimble(&[("scaled", 0.0)]);
    for day in 0..30 {
        strategy.observe(&bar(day, 100.0 + day as f64)).unwrap();
    }
    assert_eq!(strategy.target_qty_nanos(), 0);
    assert_eq!(strategy.decide(&bar(30, 130.0)).unwrap().action, Action::Enter);
}

#[test]
fn stops_at_its_distance_and_waits_for_the_next_rebalance() {
    let mut closes: Vec<f64> = (0..21).map(|day| 100.0 + f64::from(day)).collect();
    closes.extend([117.0, 125.0, 126.0, 127.0, 128.0]);
    // Ranges of a dollar: the stop stands 2 dollars below the entry at 120.
    let mut strategy = nimble(&[("stopAtr", 2.0), ("scaled", 0.0)]);
    let made = run(&mut strategy, &closes[..22]);
    assert_eq!((made[20].0, made[21]), (Action::Enter, (Action::Exit, 0)));
    assert!(strategy.reason().to_string().starts_with("stopped: close 117.00, stop 118.00, drawdown +"));
    let made = run(&mut nimble(&[("stopAtr", 2.0), ("scaled", 0.0)]), &closes);
    assert!(made[22..25].iter().all(|decision| *decision == (Action::Hold, 0)));
    assert_eq!(made[25].0, Action::Enter);
}

#[test]
fn rests_after_a_drawdown_of_its_own_equity() {
    let mut closes: Vec<f64> = (0..21).map(|day| 100.0 + f64::from(day)).collect();
    closes.extend([90.0, 130.0, 130.0, 131.0, 132.0]);
    // 41 shares lose 30 dollars each: 12.3 % of 10,000.
    let given = [("scaled", 0.0), ("drawdownPct", 10.0), ("rearmBars", 2.0), ("every", 1.0)];
    let mut strategy = nimble(&given);
    let made = run(&mut strategy, &closes[..22]);
    assert_eq!(made[21], (Action::Exit, 0));
    assert_eq!(
        strategy.reason().to_string().split(", ").take(2).collect::<Vec<_>>(),
        ["drawn down: close 90.00", "drawdown +12.30 %"]
    );
    let made = run(&mut nimble(&given), &closes);
    assert_eq!((made[22], made[23].0), ((Action::Hold, 0), Action::Enter));
}

#[test]
fn has_no_size_without_volatility() {
    let mut closes = vec![100.0];
    closes.extend([110.0; 20]);
    let made = run(&mut nimble(&[("lookback", 20.0)]), &closes);
    assert!(made[20].1 > 0);
    assert!(run(&mut nimble(&[]), &[100.0; 30]).iter().all(|decision| decision.1 == 0));
}

#[test]
fn refuses_what_is_out_of_range_and_names_the_range() {
    let refusal = |given: &[(&str, f64)], limit: i64| {
        TimeSeriesMomentum::new(&params(given), limit).unwrap_err().to_string()
    };
    assert_eq!(
        refusal(&[("scaled", 2.0)], MICROS_PER_USD),
        "scaled is 2; it must be a whole number from 0 to 1"
    );
    assert_eq!(
        refusal(&[("maxWeight", 0.5)], MICROS_PER_USD),
        "maxWeight is 0.5; it must be a number from 1 to 10"
    );
    assert_eq!(refusal(&[], 0), "the largest position is 0 micro-dollars; it must be more than 0");
}
