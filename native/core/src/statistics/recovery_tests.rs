//! Known truths come back out of made-up data, and the laws that hold for any data.

use proptest::prelude::*;

use super::series::{Noise, autoregressive, walk};
use super::*;

#[test]
fn the_half_life_of_a_simulated_process_comes_back() {
    for kept in [0.5, 0.9, 0.97] {
        let values = autoregressive(kept, &Noise::new(3).normals(50_000));
        let found = mean_reversion(&values).unwrap();
        let wanted = -std::f64::consts::LN_2 / kept.ln();
        assert!((found.half_life / wanted - 1.0).abs() < 0.06, "{found:?}, wanted {wanted}");
        let deviation = 1.0 / (1.0 - kept * kept).sqrt();
        assert!((found.deviation / deviation - 1.0).abs() < 0.06, "{found:?}");
        assert!(found.level.abs() < 0.1 * deviation, "{found:?}");
    }
}

#[test]
fn only_series_that_belong_together_are_found_cointegrated() {
    let (mut noise, mut found, mut false_alarms) = (Noise::new(21), 0, 0);
    for _ in 0..100 {
        let x = walk(&noise.normals(250));
        let spread = autoregressive(0.7, &noise.normals(250));
        let y: Vec<f64> = x.iter().zip(&spread).map(|(x, spread)| 3.0 + 1.5 * x + spread).collect();
        let together = cointegration(&y, &x, false, Lags::Fixed(1)).unwrap();
        found += usize::from(
            together.statistic < together.critical.percent5 && (together.hedge_ratio - 1.5).abs() < 0.3,
        );
        let apart = cointegration(&walk(&noise.normals(250)), &x, false, Lags::Fixed(1)).unwrap();
        false_alarms += usize::from(apart.p_value < 0.05);
    }
    // The test's size is 5 %: 100 tries give more than 12 once in a thousand.
    assert!(found >= 97 && false_alarms <= 12, "found {found}, false alarms {false_alarms}");
}

#[test]
fn the_unit_root_test_errs_as_often_as_it_says() {
    let mut noise = Noise::new(5);
    let rejected = (0..400)
        .filter(|_| {
            let values = walk(&noise.normals(200));
            let found = augmented_dickey_fuller(&values, Trend::Constant, Lags::Fixed(0)).unwrap();
            found.statistic < found.critical.percent5
        })
        .count();
    // 5 % of 400 is 20; four standard deviations are 17.
    assert!((4..=37).contains(&rejected), "{rejected} of 400");
}

#[test]
fn the_exponent_tells_returning_from_wandering_and_trending() {
    let shocks = Noise::new(9).normals(20_000);
    let wandering = hurst_exponent(&walk(&shocks), 20).unwrap();
    assert!((wandering - 0.5).abs() < 0.03, "{wandering}");
    let returning = hurst_exponent(&autoregressive(0.8, &shocks), 20).unwrap();
    assert!(returning < 0.3, "{returning}");
    let trending = hurst_exponent(&walk(&autoregressive(0.9, &shocks)), 20).unwrap();
    assert!(trending > 0.7, "{trending}");
    assert_eq!(hurst_exponent(&[1.0; 100], 20), Err(StatisticsError::Degenerate));
}

#[test]
fn the_filter_follows_a_hedge_ratio_that_changes() {
    let mut noise = Noise::new(17);
    let mut filter = KalmanHedge::new(1e-4, 0.01).unwrap();
    for slope in [2.0, 0.5] {
        for _ in 0..2_000 {
            let x = 10.0 + 3.0 * noise.normal();
            filter.push(x, slope * x + 1.0 + 0.1 * noise.normal()).unwrap();
        }
        assert!((filter.slope() - slope).abs() < 0.1, "{filter:?}");
        assert!(filter.slope_variance() > 0.0);
    }
}

#[test]
fn the_factors_behind_returns_come_back() {
    let mut noise = Noise::new(33);
    let (market, tilt) = (noise.normals(4_000), noise.normals(4_000));
    let series: Vec<Vec<f64>> = (0..12)
        .map(|stock| {
            let side = if stock % 2 == 0 { 1.0 } else { -1.0 };
            let own = noise.normals(4_000);
            market.iter().zip(&tilt).zip(&own).map(|((m, t), own)| m + 0.6 * side * t + 0.5 * own).collect()
        })
        .collect();
    let found = principal_components(&correlation_matrix(&series).unwrap()).unwrap();
    // Of a variance of 1 + 0.36 + 0.25 = 1.61 each of the twelve: 12 / 1.61 and 4.32 / 1.61 plus the own part.
    let own = 0.25 / 1.61;
    assert!((found.values[0] - (12.0 / 1.61 + own)).abs() < 0.2, "{:?}", found.values);
    assert!((found.values[1] - (4.32 / 1.61 + own)).abs() < 0.2, "{:?}", found.values);
    assert!(found.values[2] < 0.25, "{:?}", found.values);
    assert!(found.vectors[0].iter().all(|part| (part - (1.0_f64 / 12.0).sqrt()).abs() < 0.03));
    assert!((found.values.iter().sum::<f64>() - 12.0).abs() < 1e-10);
    assert_eq!(found.explaining(0.8), 2);
}

#[test]
fn a_hundred_rows_come_apart_and_together_again() {
    let mut noise = Noise::new(2);
    let n = 100;
    let half: Vec<Vec<f64>> = (0..n).map(|_| noise.normals(n)).collect();
    let rows: Vec<Vec<f64>> =
        (0..n).map(|at| (0..n).map(|to| half[at.max(to)][at.min(to)]).collect()).collect();
    let found = principal_components(&rows).unwrap();
    assert!(found.values.windows(2).all(|pair| pair[0] >= pair[1]));
    for (at, row) in rows.iter().enumerate() {
        for (to, entry) in row.iter().enumerate() {
            let sum: f64 =
                (0..n).map(|i| found.values[i] * found.vectors[i][at] * found.vectors[i][to]).sum();
            assert!((sum - entry).abs() < 1e-11, "{at} {to}: {sum}, {entry}");
            let dot: f64 = found.vectors[at].iter().zip(&found.vectors[to]).map(|(a, b)| a * b).sum();
            assert!((dot - f64::from(u8::from(at == to))).abs() < 1e-12);
        }
    }
}

#[test]
fn nothing_is_said_about_too_little_or_about_exact_copies() {
    let short = [1.0, 2.0, 1.5, 1.8];
    let refused = augmented_dickey_fuller(&short, Trend::Constant, Lags::Fixed(2));
    assert_eq!(refused, Err(StatisticsError::TooFew { needed: 8, given: 4 }));
    let x = walk(&Noise::new(1).normals(100));
    let copy: Vec<f64> = x.iter().map(|x| 2.0 * x + 1.0).collect();
    assert_eq!(cointegration(&copy, &x, false, Lags::Fixed(0)), Err(StatisticsError::Degenerate));
    let flat = augmented_dickey_fuller(&[5.0; 50], Trend::Constant, Lags::Fixed(0));
    assert_eq!(flat, Err(StatisticsError::Degenerate));
}

proptest! {
    #[test]
    fn quantile_and_probability_undo_each_other(x in -8.0..6.0_f64) {
        let back = normal_quantile(normal_cdf(x));
        // What an f64 can tell of a probability near 1 shrinks with the density.
        let told = 1e-15 * normal_cdf(x) / (-0.5 * x * x).exp() * 2.6;
        prop_assert!((back - x).abs() <= 4e-15 * x.abs().max(1.0) + told, "{x} came back as {back}");
    }

    #[test]
    fn scaling_a_series_leaves_its_test_and_half_life(seed in 1_u64..500, factor in 1e-3..1e3_f64, shift in -1e4..1e4_f64) {
        let values = autoregressive(0.6, &Noise::new(seed).normals(120));
        let moved: Vec<f64> = values.iter().map(|value| factor * (value + shift)).collect();
        let test = |values: &[f64]| augmented_dickey_fuller(values, Trend::Constant, Lags::Akaike(4)).unwrap();
        let (plain, scaled) = (test(&values), test(&moved));
        prop_assert_eq!(plain.lags, scaled.lags);
        prop_assert!((plain.statistic - scaled.statistic).abs() < 1e-6, "{} {}", plain.statistic, scaled.statistic);
        let (plain, scaled) = (mean_reversion(&values).unwrap(), mean_reversion(&moved).unwrap());
        prop_assert!((plain.half_life / scaled.half_life - 1.0).abs() < 1e-8);
    }

    #[test]
    fn the_filter_stays_positive_whatever_it_sees(
        pairs in prop::collection::vec((-1e8..1e8_f64, -1e8..1e8_f64), 1..200),
        exponent in -8..-1_i32,
    ) {
        // Its own debug assertion checks the covariance after every step.
        let mut filter = KalmanHedge::new(10.0_f64.powi(exponent), 1e-3).unwrap();
        for (x, y) in pairs {
            let seen = filter.push(x, y);
            prop_assert!(seen.is_some_and(|seen| seen.variance > 0.0 && seen.error.is_finite()));
            prop_assert!(filter.slope_variance() > 0.0);
        }
    }
}
