use super::test_bars::{MAX_POSITION, measure, params, run_rows};
use super::*;
use crate::market::Random;

fn nimble(symbols: usize, more: &[(&str, f64)]) -> Arbitrage {
    let mut given = params(&[("window", 100.0), ("regression", 40.0), ("drawdownPct", 100.0)]);
    given.extend(params(more));
    Arbitrage::new(symbols, &given, MAX_POSITION).unwrap()
}

/// Prices moved by one factor, each with its own beta, and a residual that reverts.
fn market(symbols: usize, count: usize) -> Vec<Vec<f64>> {
    let mut random = Random::seeded(31);
    let mut factor = 0.0;
    let mut apart = vec![0.0; symbols];
    let row = |_| {
        factor += 0.01 * random.normal();
        let next = |(symbol, apart): (usize, &mut f64)| {
            *apart = 0.8 * *apart + 0.008 * random.normal();
            100.0 * f64::exp((0.7 + 0.1 * symbol as f64) * factor + *apart)
        };
        apart.iter_mut().enumerate().map(next).collect()
    };
    (0..count).map(row).collect()
}

fn gain(made: &[Vec<(Action, i64)>], rows: &[Vec<f64>]) -> f64 {
    let at = |day: usize| {
        let moved = rows[day + 1].iter().zip(&rows[day]).map(|(after, before)| after - before);
        moved.zip(&made[day]).map(|(moved, decision)| moved * decision.1 as f64).sum::<f64>()
    };
    (0..rows.len() - 1).map(at).sum()
}

#[test]
fn earns_on_residuals_that_revert() {
    let rows = market(6, 700);
    let mut strategy = nimble(6, &[]);
    let made = run_rows(&mut strategy, &rows);
    assert!(made[..100].iter().flatten().all(|decision| *decision == (Action::Warming, 0)));
    let changes = made.iter().flatten().filter(|decision| decision.0 == Action::Enter).count();
    let gain = gain(&made, &rows);
    assert!(changes > 50 && gain > 0.0, "{changes} entries won {gain}");
    assert_eq!(measure(&strategy.reason(0), "factors"), 1.0);
}

#[test]
fn is_hedged_against_the_factor_and_within_the_limit() {
    let rows = market(6, 400);
    let mut strategy = nimble(6, &[]);
    let mut checked = 0;
    for (day, row) in rows.iter().enumerate() {
        for (symbol, close) in row.iter().enumerate() {
            strategy.decide(symbol, &super::test_bars::bar(day as i64, *close), &mut Vec::new()).unwrap();
        }
        if strategy.reason(0).rule != "positions changed" {
            continue;
        }
        let weights: Vec<f64> = (0..6).map(|symbol| measure(&strategy.reason(symbol), "weight")).collect();
        let exposure: f64 =
            weights.iter().enumerate().map(|(at, weight)| weight * (0.7 + 0.1 * at as f64)).sum();
        let gross: f64 = weights.iter().map(|weight| weight.abs()).sum();
        assert!(exposure.abs() <= 0.15 * gross, "{exposure} of {gross}");
        assert!(weights.iter().all(|weight| weight.abs() <= 1.0));
        checked += usize::from(gross > 0.0);
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn opens_and_leaves_at_its_scores() {
    let rows = market(5, 500);
    let mut strategy = nimble(5, &[]);
    let mut sides = [0.0; 5];
    let mut opened = 0;
    for (day, row) in rows.iter().enumerate() {
        for (symbol, close) in row.iter().enumerate() {
            strategy.decide(symbol, &super::test_bars::bar(day as i64, *close), &mut Vec::new()).unwrap();
        }
        for (symbol, before) in sides.iter_mut().enumerate() {
            let reason = strategy.reason(symbol);
            if reason.rule == "warming" {
                continue;
            }
            let score =
                reason.measures().iter().find(|measure| measure.name == "score").map(|found| found.value);
            let side = measure(&reason, "side");
            let expected = match (score, *before) {
                (None, _) => 0.0,
                (Some(score), 1.0) if score < -0.5 => 1.0,
                (Some(score), -1.0) if score > 0.75 => -1.0,
                (Some(score), _) if score < -1.25 => 1.0,
                (Some(score), _) if score > 1.25 => -1.0,
                _ => 0.0,
            };
            assert_eq!(side, expected, "{reason}");
            if let Some(score) = score {
                assert!(measure(&reason, "kappa") > 2.0 / 40.0 && score.is_finite());
            }
            opened += usize::from(*before == 0.0 && side != 0.0);
            *before = side;
        }
    }
    assert!(opened > 20, "{opened}");
}

#[test]
fn stays_out_when_a_symbol_stands_still() {
    let rows: Vec<Vec<f64>> =
        market(4, 200).into_iter().map(|row| vec![row[0], row[1], row[2], 50.0]).collect();
    let mut strategy = nimble(4, &[]);
    assert!(run_rows(&mut strategy, &rows).iter().flatten().all(|decision| decision.1 == 0));
    assert_eq!(strategy.reason(0).rule, "returns have no factors");
}

#[test]
fn refuses_bounds_in_the_wrong_order() {
    let refusal =
        |given: &[(&str, f64)]| Arbitrage::new(4, &params(given), MAX_POSITION).unwrap_err().to_string();
    assert_eq!(
        refusal(&[("closeLongZ", 2.0)]),
        "closeLongZ is 2 and openZ is 1.25; closeLongZ must be less than openZ"
    );
    assert_eq!(refusal(&[("window", 20.0)]), "window is 20; it must be a whole number from 30 to 2000");
}
