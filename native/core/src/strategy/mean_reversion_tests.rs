use super::test_bars::{MAX_POSITION, bar, measure, params, run, walks};
use super::*;
use crate::bars::Bar;
use crate::market::Random;

fn nimble(more: &[(&str, f64)]) -> MeanReversion {
    let mut given =
        params(&[("gate", 0.0), ("period", 5.0), ("entryZ", 1.5), ("stopAtr", 0.0), ("halfLives", 0.0)]);
    given.extend(params(more));
    MeanReversion::new(&given, MAX_POSITION).unwrap()
}

/// Swings between 99 and 101 dollars until warm, then goes on.
fn after_swings(then: &[f64]) -> Vec<f64> {
    (0..24).map(|day| if day % 2 == 0 { 99.0 } else { 101.0 }).chain(then.iter().copied()).collect()
}

#[test]
fn buys_far_below_the_mean_and_leaves_at_it() {
    let closes = after_swings(&[95.0, 97.0, 98.5]);
    let mut strategy = nimble(&[]);
    let made = run(&mut strategy, &closes[..25]);
    // 101, 99, 101, 95 and 99 before: mean 99, deviation sqrt((4 + 0 + 4 + 16 + 0) / 5) = 2.191.
    let z = -4.0 / (24.0_f64 / 5.0).sqrt();
    let reason = strategy.reason();
    assert_eq!((reason.rule, made[24].0), ("far from the mean", Action::Enter));
    assert!((measure(&reason, "z") - z).abs() < 1e-9, "{reason}");
    let weight = (0.4 / (measure(&reason, "volatility") / 100.0)).min(2.0) * -z / 3.0;
    assert!((measure(&reason, "weight") - weight).abs() < 1e-12);
    assert_eq!(made[24].1, (weight / 2.0 * 10_000.0 / 95.0) as i64);
    let made = run(&mut nimble(&[]), &closes);
    // 99, 101, 95, 97, 98.5: mean 98.1, deviation 1.98, z 0.2.
    assert_eq!((made[25].0, made[26]), (Action::Hold, (Action::Exit, 0)));
}

#[test]
fn sells_short_far_above_the_mean() {
    let made = run(&mut nimble(&[]), &after_swings(&[105.0]));
    assert!(made[24].0 == Action::Enter && made[24].1 < 0);
}

#[test]
fn leaves_when_the_distance_becomes_too_large_and_waits_for_the_mean() {
    let swings: Vec<f64> = (0..24).map(|day| 100.0 + if day % 2 == 0 { 0.5 } else { -0.5 }).collect();
    let closes: Vec<f64> = swings.into_iter().chain([99.0, 95.0, 94.0, 100.5, 100.0, 100.0, 90.0]).collect();
    let given = [("period", 20.0), ("stopZ", 3.5), ("drawdownPct", 100.0)];
    let mut strategy = nimble(&given);
    let made = run(&mut strategy, &closes[..26]);
    assert_eq!((made[24].0, made[25]), (Action::Enter, (Action::Exit, 0)));
    assert_eq!(strategy.reason().rule, "too far from the mean");
    let mut strategy = nimble(&given);
    run(&mut strategy, &closes[..27]);
    assert_eq!(strategy.reason().rule, "awaits the mean after its stop");
}

#[test]
fn leaves_after_its_half_lives() {
    // Without a gate the longest half-life counts: 3 bars x 1.
    let given = [("halfLifeMax", 3.0), ("halfLives", 1.0)];
    let mut strategy = nimble(&given);
    let made = run(&mut strategy, &after_swings(&[95.0, 95.5, 95.2, 94.0]));
    assert_eq!(made[24..27].iter().map(|decision| decision.0).collect::<Vec<_>>()[0], Action::Enter);
    assert_eq!((made[27], strategy.reason().rule), ((Action::Exit, 0), "held long enough"));
}

#[test]
fn bounds_the_size_by_the_loss_at_the_stop() {
    let closes = after_swings(&[95.0]);
    let sized = |pct: f64| {
        let mut strategy = nimble(&[("stopAtr", 3.0), ("maxLossPct", pct)]);
        let shares = run(&mut strategy, &closes)[24].1 as f64;
        (shares, 95.0 - measure(&strategy.reason(), "stop") / 10_000.0)
    };
    let (shares, distance) = sized(1.0);
    assert_eq!(shares, (100.0 / distance).floor());
    assert!(sized(100.0).0 > shares);
}

/// A discrete Ornstein-Uhlenbeck process around 100 dollars, or a walk when all is kept.
fn process(kept: f64, count: usize) -> Vec<f64> {
    let mut random = Random::seeded(3);
    let next = |away: &mut f64, _| {
        *away = kept * *away + 0.4 * random.normal();
        Some(100.0 + *away)
    };
    (0..count).scan(0.0, next).collect()
}

#[test]
fn earns_on_a_process_that_reverts() {
    let closes = process(0.9, 3_000);
    let given = [("gate", 1.0), ("period", 20.0), ("entryZ", 2.0), ("halfLives", 2.0)];
    let made = run(&mut nimble(&given), &closes);
    let gains =
        made.iter().zip(closes.windows(2)).map(|(decision, pair)| decision.1 as f64 * (pair[1] - pair[0]));
    let (entries, gain) =
        (made.iter().filter(|decision| decision.0 == Action::Enter).count(), gains.sum::<f64>());
    assert!(entries > 30 && gain > 0.0, "{entries} entries won {gain}");
}

#[test]
fn keeps_out_where_prices_do_not_revert_and_says_what_it_found() {
    // A random walk, and bounds that no series passes.
    let closes = process(1.0, 400);
    let given = [
        ("gate", 1.0),
        ("gateWindow", 100.0),
        ("halfLifeMin", 0.0),
        ("halfLifeMax", 1.0),
        ("adfP", 0.0),
        ("hurst", 0.0),
    ];
    let mut strategy = nimble(&given);
    let mut shut = 0;
    for (day, close) in closes.iter().enumerate() {
        let decision = strategy.decide(&bar(day as i64, *close)).unwrap();
        assert_eq!(decision.target_qty_nanos, 0);
        if strategy.reason().rule == "prices do not revert" {
            shut += 1;
            assert!(measure(&strategy.reason(), "adf p") > 0.0 && measure(&strategy.reason(), "hurst") > 0.2);
        }
    }
    assert!(shut > 0);
}

#[test]
fn refuses_bounds_in_the_wrong_order() {
    let refusal =
        |given: &[(&str, f64)]| MeanReversion::new(&params(given), MAX_POSITION).unwrap_err().to_string();
    assert_eq!(refusal(&[("exitZ", 2.5)]), "exitZ is 2.5 and entryZ is 2; exitZ must be less than entryZ");
    assert_eq!(refusal(&[("stopZ", 1.0)]), "entryZ is 2 and stopZ is 1; entryZ must be less than stopZ");
    assert_eq!(
        refusal(&[("gateWindow", 10.0)]),
        "gateWindow is 10; it must be a whole number from 50 to 5000"
    );
}

#[test]
fn runs_ahead_to_the_decisions_that_it_makes_bar_by_bar() {
    for (seed, gate) in [(1, 0.0), (2, 1.0)] {
        let mut bars: Vec<Bar> = walks(seed, 1, 2_000).into_iter().flatten().collect();
        bars[777].at_ms = 0; // to be refused
        let given = [("gate", gate), ("gateWindow", 50.0), ("gateEvery", 20.0), ("stopAtr", 2.0)];
        let (mut ahead, mut each) = (nimble(&given), nimble(&given));
        let (mut rest, mut changes) = (&bars[..], 0);
        while !rest.is_empty() {
            let before = each.target_qty_nanos();
            let most = rest.len().min(100);
            let Ok(taken) = ahead.run_ahead(&rest[..most]) else {
                assert!(each.decide(&rest[0]).is_err() && rest[0].at_ms == 0);
                rest = &rest[1..];
                continue;
            };
            for (at, bar) in rest[..taken].iter().enumerate() {
                each.decide(bar).unwrap();
                assert!(at + 1 == taken || each.target_qty_nanos() == before);
            }
            assert_eq!(ahead.target_qty_nanos(), each.target_qty_nanos());
            assert_eq!(ahead.reason(), each.reason());
            changes += usize::from(each.target_qty_nanos() != before);
            let has_stopped =
                each.target_qty_nanos() != before || rest.get(taken).is_some_and(|bar| bar.at_ms == 0);
            assert!(taken == most || has_stopped, "{taken} of {most}");
            rest = &rest[taken..];
        }
        assert!(changes > 50, "{changes}");
    }
}
