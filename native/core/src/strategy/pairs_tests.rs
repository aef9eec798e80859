use super::test_bars::{MAX_POSITION, measure, params, run_rows};
use super::*;
use crate::market::Random;

fn build_pairs(symbols: usize, method: f64, more: &[(&str, f64)]) -> Pairs {
    let mut given =
        params(&[("method", method), ("formation", 200.0), ("trading", 200.0), ("drawdownPct", 100.0)]);
    given.extend(params(more));
    Pairs::new(symbols, &given, MAX_POSITION).unwrap()
}

/// Prices of two symbols whose log spread reverts with `kept`, and of a third that wanders alone.
fn market(kept: f64, count: usize) -> Vec<Vec<f64>> {
    let mut random = Random::seeded(21);
    let (mut shared, mut apart, mut alone) = (0.0, 0.0, 0.0);
    let next = |_| {
        shared += 0.01 * random.normal();
        apart = kept * apart + 0.01 * random.normal();
        alone += 0.012 * random.normal();
        vec![60.0 * f64::exp(shared), 100.0 * f64::exp(shared + apart), 80.0 * f64::exp(alone)]
    };
    (0..count).map(next).collect()
}

fn gain(made: &[Vec<(Action, i64)>], rows: &[Vec<f64>]) -> f64 {
    let moved = |at: usize| (0..rows[0].len()).map(move |symbol| (at, symbol));
    (0..rows.len() - 1)
        .flat_map(moved)
        .map(|(at, symbol)| made[at][symbol].1 as f64 * (rows[at + 1][symbol] - rows[at][symbol]))
        .sum()
}

#[test]
fn finds_the_pair_and_earns_on_its_return_by_each_method() {
    let rows = market(0.8, 1_500);
    for method in [0.0, 1.0, 2.0] {
        let mut strategy = build_pairs(3, method, &[]);
        let made = run_rows(&mut strategy, &rows);
        assert!(made[..199].iter().flatten().all(|decision| *decision == (Action::Warming, 0)));
        let entries = made.iter().filter(|row| row[0].0 == Action::Enter).count();
        assert!(entries > 10 && gain(&made, &rows) > 0.0, "{method}: {entries} won {}", gain(&made, &rows));
        // Only the test of cointegration knows for sure who belongs together: walks may stay near by chance.
        if method == 1.0 {
            assert!(made.iter().all(|row| row[2].1 == 0));
            assert_eq!(strategy.reason(2).rule, "in no pair");
            assert_eq!(measure(&strategy.reason(0), "with symbol"), 1.0);
        }
    }
}

#[test]
fn is_short_the_dear_one_and_holds_the_cheap_one_for_the_same_dollars() {
    let mut rows: Vec<Vec<f64>> =
        (0..40).map(|day| vec![50.0, 100.0 + if day % 2 == 0 { 1.0 } else { -1.0 }]).collect();
    rows.extend([vec![50.0, 104.0], vec![50.0, 103.5], vec![50.0, 100.9]]);
    let mut strategy = build_pairs(2, 0.0, &[("formation", 40.0)]);
    let made = run_rows(&mut strategy, &rows);
    // The spread began at 101: 50/50 - 104/101 = -3.0 %, deviations of 1.0 %.
    assert_eq!(made[40], [(Action::Enter, 200), (Action::Enter, -96)]);
    assert_eq!(made[41], [(Action::Hold, 200), (Action::Hold, -96)]);
    assert_eq!(made[42], [(Action::Exit, 0); 2]);
    assert_eq!(strategy.reason(0).rule, "met");
    let mut strategy = build_pairs(2, 0.0, &[("formation", 40.0)]);
    run_rows(&mut strategy, &rows[..41]);
    let deviation = (40.0_f64 / 39.0).sqrt() / 101.0;
    let z = measure(&strategy.reason(1), "z");
    assert!((z - (1.0 - 104.0 / 101.0) / deviation).abs() < 1e-9, "{z}");
}

#[test]
fn hedges_by_the_slope_and_leaves_what_goes_too_far() {
    let mut rows = market(0.5, 200);
    let last = rows[199].clone();
    let with = |apart: f64| vec![last[0], last[1] * f64::exp(apart), last[2]];
    let given = [("stopZ", 6.0)];
    let opened = |rows: &[Vec<f64>]| {
        let mut strategy = build_pairs(3, 1.0, &given);
        let made = run_rows(&mut strategy, rows);
        (made[rows.len() - 1].clone(), strategy.reason(0))
    };
    rows.push(with(0.05));
    let (made, reason) = opened(&rows);
    let hedge = measure(&reason, "hedge");
    assert_eq!(reason.rule, "came apart", "{reason}");
    assert!(made[1].1 < 0 && made[0].1 > 0);
    let dollars = [made[0].1 as f64 * rows[200][0], -made[1].1 as f64 * rows[200][1]];
    // Whichever of them is y, its dollars are hedged by the slope; shares are whole.
    let ratio = dollars[0] / dollars[1];
    assert!((ratio - hedge).abs().min((1.0 / ratio - hedge).abs()) < 0.03, "{ratio} {hedge}");
    rows.push(with(0.3));
    assert_eq!(opened(&rows).1.rule, "too far apart");
    rows.push(with(0.04));
    assert_eq!(opened(&rows).1.rule, "awaits a meeting after its stop");
}

#[test]
fn leaves_a_pair_that_is_no_longer_cointegrated() {
    let mut rows = market(0.5, 200);
    let last = rows[199].clone();
    let mut apart = 0.035;
    for _ in 0..80 {
        apart += 0.0004;
        rows.push(vec![last[0], last[1] * f64::exp(apart), last[2]]);
    }
    let mut strategy = build_pairs(3, 1.0, &[("stopZ", 40.0), ("cointP", 0.01)]);
    let mut rules: Vec<&str> = Vec::new();
    for (day, row) in rows.iter().enumerate() {
        run_row(&mut strategy, day, row);
        let rule = strategy.reason(0).rule;
        if rules.last() != Some(&rule) {
            rules.push(rule);
        }
    }
    assert!(rules.contains(&"came apart") && rules.contains(&"no longer cointegrated"), "{rules:?}");
    assert_eq!(strategy.target_qty_nanos(0), 0);
}

fn run_row(strategy: &mut Pairs, day: usize, row: &[f64]) {
    for (symbol, close) in row.iter().enumerate() {
        let bar = super::test_bars::bar(day as i64, *close);
        strategy.decide(symbol, &bar, &mut Vec::new()).unwrap();
    }
}

#[test]
fn permutes_its_decisions_with_its_symbols() {
    let rows = market(0.8, 600);
    let mirrored: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().rev().copied().collect()).collect();
    for method in [0.0, 1.0] {
        let made = run_rows(&mut build_pairs(3, method, &[]), &rows);
        let mut turned = run_rows(&mut build_pairs(3, method, &[]), &mirrored);
        turned.iter_mut().for_each(|row| row.reverse());
        assert_eq!(made, turned, "{method}");
    }
}

#[test]
fn trades_nothing_that_does_not_belong_together() {
    let rows: Vec<Vec<f64>> = market(0.8, 900).into_iter().map(|row| vec![row[1], row[2]]).collect();
    let made = run_rows(&mut build_pairs(2, 1.0, &[("cointP", 0.001)]), &rows);
    assert!(made.iter().flatten().all(|decision| decision.1 == 0));
}

#[test]
fn refuses_bounds_in_the_wrong_order() {
    let refusal =
        |given: &[(&str, f64)]| Pairs::new(2, &params(given), MAX_POSITION).unwrap_err().to_string();
    assert_eq!(refusal(&[("stopZ", 2.0)]), "entryZ is 2 and stopZ is 2; entryZ must be less than stopZ");
    assert_eq!(refusal(&[("method", 3.0)]), "method is 3; it must be a whole number from 0 to 2");
}
