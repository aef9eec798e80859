use super::test_bars::{MAX_POSITION, bar, measure, params, run_rows};
use super::*;

fn build_nimble(symbols: usize, more: &[(&str, f64)]) -> CrossSectionalMomentum {
    let mut given = params(&[
        ("formation", 4.0),
        ("skip", 0.0),
        ("every", 2.0),
        ("tranches", 1.0),
        ("drawdownPct", 100.0),
    ]);
    given.extend(params(more));
    CrossSectionalMomentum::new(symbols, &given, MAX_POSITION).unwrap()
}

/// Closes that grow from 100 dollars by a rate of each symbol a bar.
fn grow(rates: &[f64], count: usize) -> Vec<Vec<f64>> {
    (0..count).map(|day| rates.iter().map(|rate| 100.0 * (1.0 + rate).powi(day as i32)).collect()).collect()
}

fn sides(row: &[(Action, i64)]) -> Vec<i64> {
    row.iter().map(|decision| decision.1.signum()).collect()
}

#[test]
fn holds_the_best_and_is_short_the_worst() {
    let rows = grow(&[0.0, 0.02, -0.03, 0.01], 6);
    let made = run_rows(&mut build_nimble(4, &[]), &rows);
    assert!(made[..4].iter().flatten().all(|decision| *decision == (Action::Warming, 0)));
    assert_eq!(sides(&made[4]), [0, 1, -1, 0]);
    // 10,000 dollars on each side.
    assert_eq!(made[4][1], (Action::Enter, (10_000.0 / rows[4][1]) as i64));
    assert_eq!(made[4][2], (Action::Enter, -(10_000.0 / rows[4][2]) as i64));
    assert!(made[5].iter().all(|decision| decision.0 == Action::Hold));
}

#[test]
fn holds_a_share_of_the_symbols_on_each_side() {
    let made =
        run_rows(&mut build_nimble(5, &[("sharePct", 40.0)]), &grow(&[0.04, 0.03, 0.02, 0.01, 0.0], 5));
    assert_eq!(sides(&made[4]), [1, 1, 0, -1, -1]);
}

#[test]
fn ranks_by_a_period_that_ends_before_the_skipped_bars() {
    // The first rises most, until it falls in the two bars that are skipped.
    let mut rows = grow(&[0.05, 0.01, 0.02], 5);
    rows.extend([vec![60.0, 106.0, 111.0], vec![50.0, 107.0, 113.0]]);
    let made = run_rows(&mut build_nimble(3, &[("skip", 2.0)]), &rows);
    assert_eq!(sides(&made[6]), [1, -1, 0]);
}

#[test]
fn spreads_its_positions_over_overlapping_tranches() {
    let mut rows = grow(&[0.02, 0.0, -0.02], 5);
    let last = rows[4].clone();
    // The order turns round at once and stays so.
    rows.extend((0..6).map(|day| vec![last[0] * 0.5, last[1], last[2] * (2.0 + 0.01 * f64::from(day))]));
    let mut strategy = build_nimble(3, &[("tranches", 2.0)]);
    let made = run_rows(&mut strategy, &rows);
    let half = |close: f64| (5_000.0 / close) as i64;
    assert_eq!((made[4][0].1, made[4][2].1), (half(last[0]), -half(last[2])));
    // The second tranche is the opposite of the first: together they are flat.
    assert_eq!(sides(&made[6]), [0, 0, 0]);
    assert_eq!(measure(&strategy.reason(2), "tranches"), 2.0);
    // The first has made place.
    assert!(made[8][2].1 > half(rows[8][2]) && made[8][0].1 < 0);
    assert_eq!(strategy.reason(2).rule, "rebalanced");
    assert_eq!(measure(&strategy.reason(2), "in"), 1.0);
}

#[test]
fn permutes_its_decisions_with_its_symbols() {
    let rows = grow(&[0.013, 0.02, -0.03, 0.01], 20);
    let mirrored: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().rev().copied().collect()).collect();
    let made = run_rows(&mut build_nimble(4, &[]), &rows);
    let mut turned = run_rows(&mut build_nimble(4, &[]), &mirrored);
    turned.iter_mut().for_each(|row| row.reverse());
    assert_eq!(made, turned);
}

#[test]
fn stands_still_while_a_symbol_is_halted_and_ranks_on_whole_instants_only() {
    let rows = grow(&[0.01, 0.02, -0.02], 12);
    let feed = |halted: std::ops::Range<usize>| {
        let mut strategy = build_nimble(3, &[]);
        let mut made = Vec::new();
        for (day, row) in rows.iter().enumerate() {
            let first = made.len();
            for (symbol, close) in row.iter().enumerate() {
                if symbol != 1 || !halted.contains(&day) {
                    strategy.decide(symbol, &bar(day as i64, *close), &mut made).unwrap();
                }
            }
            assert_eq!(made.len() == first, halted.contains(&day), "{day}");
        }
        made
    };
    let (whole, broken) = (feed(0..0), feed(6..9));
    assert_eq!((whole.len(), broken.len()), (36, 27));
    assert_eq!(whole[..18], broken[..18]);
}

#[test]
fn scales_to_the_volatility_of_winners_less_losers() {
    let mut rows = Vec::new();
    let (mut up, mut down) = (100.0_f64, 100.0_f64);
    for day in 0..140 {
        // The spread wins 4 % and 0 % in turn: a realised volatility of sqrt(0.0008 x 252) = 44.9 % a year.
        up *= if day % 2 == 0 { 1.02 } else { 1.0 };
        down *= if day % 2 == 0 { 0.98 } else { 1.0 };
        rows.push(vec![up, down]);
    }
    let mut strategy = build_nimble(2, &[("crashControl", 1.0), ("maxWeight", 2.0)]);
    let made = run_rows(&mut strategy, &rows);
    assert!(made[4..130].iter().flatten().all(|decision| decision.1 == 0));
    let volatility = measure(&strategy.reason(0), "volatility") / 100.0;
    let weight = |symbol| measure(&strategy.reason(symbol), "weight");
    assert!((volatility - (0.0008_f64 * 252.0).sqrt()).abs() < 1e-3, "{volatility}");
    assert!((weight(0) - 0.12 / volatility).abs() < 0.01);
    assert!(made[139][0].1 > 0 && weight(1) == -weight(0));
}

#[test]
fn leaves_the_whole_book_after_a_drawdown() {
    let mut rows = grow(&[0.02, -0.02], 5);
    let last = rows[4].clone();
    rows.extend([vec![last[0] * 0.7, last[1]], vec![last[0] * 0.7, last[1]]]);
    let mut strategy = build_nimble(2, &[("drawdownPct", 10.0)]);
    let made = run_rows(&mut strategy, &rows);
    assert_eq!(made[5], [(Action::Exit, 0); 2]);
    assert_eq!(strategy.reason(0).rule, "rests after a drawdown");
}
