//! Streaming equals batch for the windows: each value against the formula over the window alone.

use proptest::prelude::*;

use super::*;

fn mean(values: &[f64]) -> f64 {
    let rough = values.iter().sum::<f64>() / values.len() as f64;
    rough + values.iter().map(|value| value - rough).sum::<f64>() / values.len() as f64
}

fn product(left: &[f64], right: &[f64]) -> f64 {
    let (l, r) = (mean(left), mean(right));
    left.iter().zip(right).map(|(left, right)| (left - l) * (right - r)).sum()
}

fn near(found: f64, wanted: f64, scale: f64) -> Result<(), TestCaseError> {
    prop_assert!((found - wanted).abs() <= 1e-9 * scale.abs(), "{found}, wanted {wanted} (scale {scale})");
    Ok(())
}

/// Fixed pseudo-random numbers, -1 to 1.
pub fn noise() -> impl FnMut() -> f64 {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// Calm, wild and flat stretches, so that what leaves a window may dwarf what stays.
fn uneven() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        8 => -1.0..1.0_f64,
        1 => -1e9..1e9_f64,
        1 => Just(0.25),
        2 => 1e6..1e6 + 1.0_f64,
    ];
    prop::collection::vec(value, 1..150)
}

proptest! {
    #[test]
    fn moments_stream_what_the_window_holds(values in uneven(), period in 1_usize..30) {
        let (mut moments, mut wma, mut sma) = (RollingMoments::new(period), Wma::new(period), Sma::new(period));
        for (at, value) in values.iter().enumerate() {
            let (spread, weighted) = (moments.push(*value), wma.push(*value));
            prop_assert_eq!(sma.push(*value), spread.map(|spread| spread.mean));
            prop_assert_eq!(spread.is_some(), at + 1 >= period);
            prop_assert_eq!(weighted.is_some(), at >= wma.warm_up());
            let (Some(spread), Some(weighted)) = (spread, weighted) else { continue };
            let window = &values[at + 1 - period..=at];
            let size = window.iter().map(|value| value.abs()).sum::<f64>() / period as f64;
            near(spread.mean, mean(window), size)?;
            let squares = product(window, window);
            // A variance below the digits of its offset is known no better in any formula.
            near(spread.variance(Divisor::Population), squares / period as f64, squares / period as f64 + 1e-6 * size * 1e-6 * size)?;
            if period > 1 {
                near(spread.variance(Divisor::Sample) * (period as f64 - 1.0), squares, squares + 1e-12 * size * size)?;
            }
            let weights = period as f64 * (period as f64 + 1.0) / 2.0;
            let wanted = window.iter().enumerate().map(|(at, value)| (at as f64 + 1.0) * value).sum::<f64>() / weights;
            near(weighted, wanted, size)?;
        }
    }

    #[test]
    fn pairs_stream_what_the_window_holds(xs in uneven(), ys in uneven(), period in 2_usize..30) {
        let mut pair = RollingPair::new(period);
        for (at, (x, y)) in xs.iter().zip(&ys).enumerate() {
            let Some(joint) = pair.push(*x, *y) else {
                prop_assert!(at + 1 < period);
                continue;
            };
            let (left, right) = (&xs[at + 1 - period..=at], &ys[at + 1 - period..=at]);
            let (xx, yy, xy) = (product(left, left), product(right, right), product(left, right));
            near(joint.covariance() * period as f64, xy, (xx * yy).sqrt() + 1e-9)?;
            // Both windows vary by more than rounding.
            if xx > 1e-3 && yy > 1e-3 {
                near(joint.correlation().unwrap(), xy / (xx * yy).sqrt(), 1.0)?;
                let line = joint.line().unwrap();
                near(line.slope, xy / xx, (yy / xx).sqrt())?;
                let reach = (yy / xx).sqrt() * mean(left).abs() + mean(right).abs() + yy.sqrt();
                near(line.intercept, mean(right) - xy / xx * mean(left), reach)?;
                near(line.r2, xy * xy / (xx * yy), 1.0)?;
            }
        }
    }

    #[test]
    fn extremes_are_those_of_the_window(values in prop::collection::vec((-5_i32..5, -5_i32..5), 1..80), period in 1_usize..12) {
        let mut extremes = RollingExtremes::new(period);
        let values: Vec<(f64, f64)> = values.into_iter().map(|(low, high)| (f64::from(low), f64::from(high))).collect();
        for (at, (low, high)) in values.iter().enumerate() {
            let range = extremes.push(*low, *high);
            let wanted = (at + 1).checked_sub(period).map(|from| {
                let window = &values[from..=at];
                let lowest = window.iter().fold(f64::INFINITY, |lowest, (low, _)| lowest.min(*low));
                let highest = window.iter().fold(f64::NEG_INFINITY, |highest, (_, high)| highest.max(*high));
                lowest..=highest
            });
            prop_assert_eq!(range, wanted);
        }
    }

    #[test]
    fn fading_volatility_is_that_of_its_weights(values in prop::collection::vec(-0.1..0.1_f64, 2..80), centre in 0.5..60.0_f64) {
        let (mut kept, mut adjusted) = (EwmaVolatility::new(centre, 1, Bias::Kept), EwmaVolatility::new(centre, 2, Bias::Adjusted));
        for value in &values {
            kept.push(*value);
            adjusted.push(*value);
        }
        let decay = centre / (1.0 + centre);
        let weights: Vec<f64> = (0..values.len()).rev().map(|age| decay.powi(age as i32)).collect();
        let total: f64 = weights.iter().sum();
        let mean = weights.iter().zip(&values).map(|(weight, value)| weight * value).sum::<f64>() / total;
        let variance = weights.iter().zip(&values).map(|(weight, value)| weight * (value - mean).powi(2)).sum::<f64>() / total;
        let left = 1.0 - weights.iter().map(|weight| weight * weight).sum::<f64>() / (total * total);
        near(kept.value().unwrap(), variance.sqrt(), variance.sqrt())?;
        near(adjusted.value().unwrap(), (variance / left).sqrt(), (variance / left).sqrt())?;
        near(kept.annualised(252.0).unwrap(), (252.0 * variance).sqrt(), variance.sqrt() * 16.0)?;
    }

    #[test]
    fn scaling_prices_scales_lines_and_leaves_shares(values in prop::collection::vec(1.0..500.0_f64, 60..90), factor in 0.01..100.0_f64) {
        let mut lines = (Macd::new(5, 12, 4), Macd::new(5, 12, 4));
        let mut shares = (Rsi::new(9, RsiStart::Wilder), Rsi::new(9, RsiStart::Wilder));
        let mut bands = (Bollinger::new(10, 2.0), Bollinger::new(10, 2.0));
        for value in &values {
            let pair = (lines.0.push(*value), lines.1.push(value * factor));
            if let (Some(plain), Some(scaled)) = pair {
                near(scaled.histogram, plain.histogram * factor, 500.0 * factor)?;
            }
            if let (Some(plain), Some(scaled)) = (shares.0.push(*value), shares.1.push(value * factor)) {
                prop_assert!((0.0..=100.0).contains(&plain));
                near(scaled, plain, 100.0)?;
            }
            if let (Some(plain), Some(scaled)) = (bands.0.push(*value), bands.1.push(value * factor)) {
                near(scaled.upper, plain.upper * factor, plain.upper * factor)?;
                near(scaled.deviation, plain.deviation * factor, plain.deviation * factor)?;
            }
        }
    }
}

#[test]
fn a_million_values_on_a_large_offset_leave_every_digit() {
    let (mut moments, mut wma, mut noise) = (RollingMoments::new(50), Wma::new(50), noise());
    let values: Vec<f64> = (0..1_000_000).map(|_| 1e9 + noise()).collect();
    let mut spread = None;
    for value in &values {
        spread = moments.push(*value);
        wma.push(*value);
    }
    let window = &values[values.len() - 50..];
    let wanted = product(window, window) / 50.0;
    let found = spread.unwrap().variance(Divisor::Population);
    assert!((found / wanted - 1.0).abs() < 1e-9, "{found}, wanted {wanted}");
    let lean: f64 = window.iter().enumerate().map(|(at, value)| (at as f64 + 1.0) * (value - 1e9)).sum();
    let found = wma.value().unwrap() - 1e9;
    assert!((found - lean / 1275.0).abs() < 1e-6, "{found}, wanted {}", lean / 1275.0);
}

#[test]
fn rounding_does_not_gather() {
    let (mut moments, mut noise) = (RollingMoments::new(50), noise());
    // A spike now and then that is too small to count as spent, and whose rounding stays behind each time.
    let scale = |at: usize| if at.is_multiple_of(64) { 60.0 } else { 1.0 };
    let values: Vec<f64> = (0..1_000_063).map(|at| scale(at) * noise()).collect();
    let spread = values.iter().map(|value| moments.push(*value)).last().flatten();
    let window = &values[values.len() - 50..];
    let (found, wanted) = (spread.unwrap().variance(Divisor::Population), product(window, window) / 50.0);
    assert!((found / wanted - 1.0).abs() < 3e-13, "{found}, wanted {wanted}");
}
