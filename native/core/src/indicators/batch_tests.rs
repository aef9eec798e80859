//! Streaming equals batch: each indicator against the textbook's formula, written over whole slices and in sums
//! where the product uses running means.

use proptest::prelude::*;

use super::*;
use crate::bars::Bar;

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// EMA at the last value: (p[t] x 2 + ema[t-1] x (n - 1)) / (n + 1).
fn batch_ema(values: &[f64], period: usize, seed: Seed) -> Option<f64> {
    if values.len() < period {
        return None;
    }
    let (start, rest) = match seed {
        Seed::Mean => (mean(&values[..period]), &values[period..]),
        Seed::First => (values[0], &values[1..]),
        Seed::Zero => (values[..period - 1].iter().sum::<f64>() / period as f64, &values[period - 1..]),
    };
    let n = period as f64;
    Some(rest.iter().fold(start, |ema, value| (value * 2.0 + ema * (n - 1.0)) / (n + 1.0)))
}

fn batch_roc(values: &[f64], period: usize) -> Option<f64> {
    let past = values.len().checked_sub(period + 1)?;
    Some(100.0 * (values[values.len() - 1] - values[past]) / values[past])
}

/// The largest of the three distances that define it.
fn batch_true_ranges(bars: &[Bar]) -> Vec<f64> {
    let range = |pair: &[Bar]| {
        let (before, bar) = (pair[0].close_ticks, pair[1]);
        let distances =
            [bar.high_ticks - bar.low_ticks, (bar.high_ticks - before).abs(), (bar.low_ticks - before).abs()];
        distances.into_iter().max().unwrap() as f64
    };
    bars.windows(2).map(range).collect()
}

fn batch_atr(bars: &[Bar], period: usize) -> Option<f64> {
    let ranges = batch_true_ranges(bars);
    let seed = mean(ranges.get(..period)?);
    let n = period as f64;
    Some(ranges[period..].iter().fold(seed, |atr, range| (atr * (n - 1.0) + range) / n))
}

/// Wilder's sums as TA-Lib has them: n - 1 values are summed, with each later one the sum loses 1/n of itself and gains
/// the value. The plain sum is not given.
fn wilder_sums(values: &[f64], period: usize) -> Vec<f64> {
    let Some(first) = values.get(..period) else { return Vec::new() };
    let plain = first[..period - 1].iter().sum::<f64>();
    let mut sums = vec![plain - plain / period as f64 + first[period - 1]];
    for value in &values[period..] {
        let last = sums[sums.len() - 1];
        sums.push(last - last / period as f64 + value);
    }
    sums
}

fn batch_adx(bars: &[Bar], period: usize) -> Option<f64> {
    let (mut plus, mut minus) = (Vec::new(), Vec::new());
    for pair in bars.windows(2) {
        let up = (pair[1].high_ticks - pair[0].high_ticks) as f64;
        let down = (pair[0].low_ticks - pair[1].low_ticks) as f64;
        plus.push(if up > down { up.max(0.0) } else { 0.0 });
        minus.push(if down > up { down.max(0.0) } else { 0.0 });
    }
    let ranges = wilder_sums(&batch_true_ranges(bars), period);
    let plus = wilder_sums(&plus, period);
    let minus = wilder_sums(&minus, period);
    let index = |at: usize| {
        let (plus_di, minus_di) = (100.0 * plus[at] / ranges[at], 100.0 * minus[at] / ranges[at]);
        let sum = plus_di + minus_di;
        if sum > 0.0 { 100.0 * (plus_di - minus_di).abs() / sum } else { 0.0 }
    };
    let indices: Vec<f64> = (0..ranges.len()).map(index).collect();
    let seed = mean(indices.get(..period)?);
    let n = period as f64;
    Some(indices[period..].iter().fold(seed, |adx, dx| (adx * (n - 1.0) + dx) / n))
}

fn assert_same(streamed: Option<f64>, batch: Option<f64>) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        streamed.is_some(),
        batch.is_some(),
        "warm at different bars: {:?} {:?}",
        streamed,
        batch
    );
    if let (Some(streamed), Some(batch)) = (streamed, batch) {
        let bound = 1e-9 * batch.abs().max(1.0);
        prop_assert!((streamed - batch).abs() <= bound, "streamed {streamed}, batch {batch}");
    }
    Ok(())
}

prop_compose! {
    fn any_bar()(low in 1_i64..2_000_000, height in 0_i64..50_000, open in 0.0..=1.0_f64, close in 0.0..=1.0_f64) -> Bar {
        let inside = |share: f64| low + (height as f64 * share) as i64;
        Bar {
            at_ms: 0,
            open_ticks: inside(open),
            high_ticks: low + height,
            low_ticks: low,
            close_ticks: inside(close),
            volume: 0,
        }
    }
}

proptest! {
    #[test]
    fn each_average_streams_what_the_formula_gives(
        values in prop::collection::vec(0.01..1e6_f64, 1..120),
        period in 1_usize..40,
    ) {
        for seed in [Seed::Mean, Seed::First, Seed::Zero] {
            let mut ema = Average::exponential(period, seed);
            for (at, value) in values.iter().enumerate() {
                assert_same(ema.push(*value), batch_ema(&values[..=at], period, seed))?;
            }
        }
        let mut roc = Roc::new(period);
        for (at, value) in values.iter().enumerate() {
            assert_same(roc.push(*value), batch_roc(&values[..=at], period))?;
        }
    }

    #[test]
    fn each_range_indicator_streams_what_the_formula_gives(
        bars in prop::collection::vec(any_bar(), 1..90),
        period in 1_usize..20,
    ) {
        let (mut atr, mut adx) = (Atr::new(period), Adx::new(period));
        for (at, bar) in bars.iter().enumerate() {
            assert_same(atr.push(bar), batch_atr(&bars[..=at], period))?;
            assert_same(adx.push(bar), batch_adx(&bars[..=at], period))?;
            prop_assert!(adx.value().is_none_or(|index| (0.0..=100.0).contains(&index)));
        }
    }

    #[test]
    fn scaling_prices_scales_the_range_and_leaves_the_index(
        bars in prop::collection::vec(any_bar(), 40..60),
        factor in 2_i64..9,
    ) {
        let (mut atr, mut scaled_atr) = (Atr::new(14), Atr::new(14));
        let (mut adx, mut scaled_adx) = (Adx::new(14), Adx::new(14));
        for bar in &bars {
            let scaled = Bar {
                high_ticks: bar.high_ticks * factor,
                low_ticks: bar.low_ticks * factor,
                close_ticks: bar.close_ticks * factor,
                ..*bar
            };
            assert_same(scaled_atr.push(&scaled), atr.push(bar).map(|range| range * factor as f64))?;
            assert_same(scaled_adx.push(&scaled), adx.push(bar))?;
        }
    }
}
