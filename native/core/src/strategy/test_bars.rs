//! Bars and parameters for the tests of strategies.

use std::collections::BTreeMap;

use super::{Action, Decision, Reason, Strategy, SymbolStrategy};
use crate::bars::Bar;
use crate::market::Random;
use crate::money::{MICROS_PER_USD, Micros, NANOS_PER_SHARE, TICKS_PER_USD};

pub const MAX_POSITION: Micros = 10_000 * MICROS_PER_USD;

pub fn params(given: &[(&str, f64)]) -> BTreeMap<String, f64> {
    given.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
}

/// A bar of a day that never leaves its close.
pub fn bar(day: i64, close_usd: f64) -> Bar {
    let close_ticks = (close_usd * TICKS_PER_USD as f64).round() as i64;
    Bar {
        at_ms: day * 86_400_000,
        open_ticks: close_ticks,
        high_ticks: close_ticks,
        low_ticks: close_ticks,
        close_ticks,
        volume: 100,
    }
}

/// Decides on each close in turn.
pub fn run(strategy: &mut impl SymbolStrategy, closes: &[f64]) -> Vec<(Action, i64)> {
    let decide = |(day, close): (usize, &f64)| shares(strategy.decide(&bar(day as i64, *close)).unwrap());
    closes.iter().enumerate().map(decide).collect()
}

/// Decides on rows of closes, one a symbol, and gives what is decided on each symbol at each instant.
pub fn run_rows(strategy: &mut dyn Strategy, rows: &[Vec<f64>]) -> Vec<Vec<(Action, i64)>> {
    let decide = |(day, row): (usize, &Vec<f64>)| {
        let mut decisions = Vec::new();
        for (symbol, close) in row.iter().enumerate() {
            strategy.decide(symbol, &bar(day as i64, *close), &mut decisions).unwrap();
        }
        decisions.sort_by_key(|(symbol, _)| *symbol);
        decisions.into_iter().map(|(_, decision)| shares(decision)).collect()
    };
    rows.iter().enumerate().map(decide).collect()
}

/// The measure of this name.
pub fn measure(reason: &Reason, name: &str) -> f64 {
    reason.measures().iter().find(|measure| measure.name == name).unwrap().value
}

pub fn shares(decision: Decision) -> (Action, i64) {
    assert_eq!(decision.target_qty_nanos % NANOS_PER_SHARE, 0);
    (decision.action, decision.target_qty_nanos / NANOS_PER_SHARE)
}

/// Random walks around 100 dollars that share a part of their steps, a row of bars an instant.
pub fn walks(seed: u64, symbols: usize, count: usize) -> Vec<Vec<Bar>> {
    let mut random = Random::seeded(seed);
    let mut closes = vec![1_000_000.0_f64; symbols];
    let row = |day: usize| {
        let shared = random.normal();
        let next = |close: &mut f64| {
            let open = *close;
            *close = (open * (1.0 + 0.006 * shared + 0.008 * random.normal())).clamp(1_000.0, 1e9);
            let reach = open * 0.003 * random.unit();
            Bar {
                at_ms: day as i64 * 86_400_000,
                open_ticks: open as i64,
                high_ticks: (open.max(*close) + reach) as i64,
                low_ticks: (open.min(*close) - reach) as i64,
                close_ticks: *close as i64,
                volume: 1_000 + (random.bits() % 1_000) as i64,
            }
        };
        closes.iter_mut().map(next).collect()
    };
    (0..count).map(row).collect()
}
