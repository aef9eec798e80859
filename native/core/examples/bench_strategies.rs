//! Measures what a bar costs the strategies and prints it as JSON lines; the fastest of 20 runs, as other programs can
//! only ever slow a run down. A pair-bar is one instant of a pair: two bars.
//! Run with `cargo run --release -p desk-core --example bench_strategies`.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use desk_core::bars::Bar;
use desk_core::money::MICROS_PER_USD;
use desk_core::strategy::{MeanReversion, Neural, Pairs, Strategy, SymbolStrategy};

const RUNS: usize = 20;
const BARS: usize = 100_000;
const LIMIT: i64 = 10_000 * MICROS_PER_USD;

fn main() {
    let (one, other) = (walk(1, &[]), walk(2, &walk(1, &[])));
    let defaults = BTreeMap::new();
    let nanos = fastest(|| MeanReversion::new(&defaults, LIMIT).ok(), |strategy| solo(strategy, &one));
    report("mean reversion", BARS, nanos);
    for (network, name) in [(0.0, "neural perceptron"), (1.0, "neural GRU")] {
        let given = BTreeMap::from([("network".to_owned(), network)]);
        let bars = if network == 0.0 { &one[..] } else { &one[..BARS / 20] };
        let nanos = fastest(|| Neural::new(&given, LIMIT).ok(), |strategy| solo(strategy, bars));
        report(name, bars.len(), nanos);
    }
    for (method, name) in
        ["pairs by distance", "pairs by cointegration", "pairs by Kalman"].iter().enumerate()
    {
        let given = BTreeMap::from([("method".to_owned(), method as f64)]);
        let nanos = fastest(|| Pairs::new(2, &given, LIMIT).ok(), |strategy| pair(strategy, &one, &other));
        report(name, BARS, nanos);
    }
}

fn solo(strategy: &mut impl SymbolStrategy, bars: &[Bar]) -> usize {
    for bar in bars {
        let _ = black_box(strategy.decide(bar));
    }
    bars.len()
}

fn pair(strategy: &mut impl Strategy, one: &[Bar], other: &[Bar]) -> usize {
    let mut decisions = Vec::new();
    for bars in one.iter().zip(other) {
        decisions.clear();
        let _ = strategy.decide(0, bars.0, &mut decisions);
        let _ = strategy.decide(1, bars.1, &mut decisions);
        black_box(&decisions);
    }
    one.len()
}

/// Nanoseconds for each of the things that `run` says it did.
fn fastest<S>(make: impl Fn() -> Option<S>, run: impl Fn(&mut S) -> usize) -> f64 {
    let once = |_| {
        let mut strategy = make()?;
        let started = Instant::now();
        let count = run(&mut strategy);
        Some(started.elapsed().as_nanos() as f64 / count as f64)
    };
    (0..RUNS).filter_map(once).fold(f64::INFINITY, f64::min)
}

fn report(name: &str, n: usize, nanos: f64) {
    println!(r#"{{"name":"{name}","n":{n},"nsPerBar":{nanos:.1}}}"#);
}

/// A walk of 0.1 % a bar; around another one when that is given, returning to it.
fn walk(seed: u64, around: &[Bar]) -> Vec<Bar> {
    let mut state = seed.wrapping_mul(0x2545_F491_4F6C_DD1D) | 1;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let mut level = 0.0_f64;
    let next = |at: usize| {
        let open = around.get(at).map_or(1e6, |bar| bar.close_ticks as f64) * (1.0 + level);
        level = level * if around.is_empty() { 0.9999 } else { 0.9 } + 0.0035 * uniform();
        let close = around.get(at).map_or(1e6, |bar| bar.close_ticks as f64) * (1.0 + level);
        Bar {
            at_ms: at as i64 * 60_000,
            open_ticks: open as i64,
            high_ticks: open.max(close) as i64 + 100,
            low_ticks: open.min(close) as i64 - 100,
            close_ticks: close as i64,
            volume: 1_000,
        }
    };
    (0..BARS).map(next).collect()
}
