//! The sixteen numbers that a network sees of a market: a function of the last bars alone, in no unit of price.

use crate::bars::Bar;

/// How many numbers there are.
pub const FEATURES: usize = 16;
/// How many bars they are made of.
pub const WINDOW: usize = 21;

/// What is seen at a close.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Not standardised.
    pub features: [f64; FEATURES],
    /// The root mean square of the last 20 returns, above 0.
    pub volatility: f64,
}

/// Looks at the last [`WINDOW`] bars, oldest first. `None` when there are fewer, or when no close differs.
///
/// 0 to 5: the last six returns, newest first. 6 to 8: the returns over 5, 10 and 20 bars. All in the volatility of
/// as many bars. 9: the volatility of 5 bars over that of 20. 10: the share of rises in all that the last 14 bars
/// moved (an RSI by simple means), less a half. 11: deviations of the close from the mean of 20. 12: the bar's range.
/// 13: where in its range it closed, -1 to 1. 14: its volume over the mean of 20, less 1. 15: the gap to its open.
pub fn look(bars: &[Bar]) -> Option<Seen> {
    let bars: &[Bar; WINDOW] = bars.last_chunk()?;
    let mut returns = [0.0; WINDOW - 1]; // newest first
    for (at, change) in returns.iter_mut().enumerate() {
        let [before, after] =
            [bars[WINDOW - 2 - at], bars[WINDOW - 1 - at]].map(|bar| bar.close_ticks as f64);
        *change = after / before - 1.0;
    }
    let volatility = root_mean_square(&returns);
    if volatility <= 0.0 {
        return None;
    }
    let last = &bars[WINDOW - 1];
    let [open, high, low, close] =
        [last.open_ticks, last.high_ticks, last.low_ticks, last.close_ticks].map(|ticks| ticks as f64);
    let before = bars[WINDOW - 2].close_ticks as f64;
    let over = |count: usize| {
        let past = bars[WINDOW - 1 - count].close_ticks as f64;
        (close / past - 1.0) / (volatility * (count as f64).sqrt())
    };
    let mut features = [0.0; FEATURES];
    for (feature, change) in features.iter_mut().zip(&returns[..6]) {
        *feature = change / volatility;
    }
    features[6..9].copy_from_slice(&[over(5), over(10), over(20)]);
    features[9] = root_mean_square(&returns[..5]) / volatility;
    features[10] = rises(&returns[..14]) - 0.5;
    features[11] = deviations(bars);
    features[12] = (high - low) / (close * volatility);
    features[13] = if high > low { ((close - low) - (high - close)) / (high - low) } else { 0.0 };
    let volume = bars[1..].iter().map(|bar| bar.volume as f64).sum::<f64>() / (WINDOW - 1) as f64;
    features[14] = if volume > 0.0 { last.volume as f64 / volume - 1.0 } else { 0.0 };
    features[15] = (open / before - 1.0) / volatility;
    Some(Seen { features, volatility })
}

fn root_mean_square(values: &[f64]) -> f64 {
    (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt()
}

fn rises(returns: &[f64]) -> f64 {
    let (mut up, mut all) = (0.0, 0.0);
    for change in returns {
        up += change.max(0.0);
        all += change.abs();
    }
    if all > 0.0 { up / all } else { 0.5 }
}

fn deviations(bars: &[Bar; WINDOW]) -> f64 {
    let close = bars[WINDOW - 1].close_ticks as f64;
    let count = (WINDOW - 1) as f64;
    // Around the newest close, so that the price's size costs no digits.
    let (mut sum, mut squares) = (0.0, 0.0);
    for bar in &bars[1..] {
        let away = bar.close_ticks as f64 - close;
        sum += away;
        squares += away * away;
    }
    let mean = sum / count;
    let variance = squares / count - mean * mean;
    if variance > 0.0 { -mean / variance.sqrt() } else { 0.0 }
}
