//! Measures what one push into an indicator costs and prints it as JSON, a line each. `nsPerPush` is the fastest of
//! 50 batches: other programs can only ever slow a batch down. Every result goes into a sum that is used.
//! Run with `cargo run --release -p desk-core --example bench_indicators`.

use std::hint::black_box;
use std::time::Instant;

use desk_core::indicators::{Average, Bollinger, Rsi, RsiStart, Seed, Sma};

const BATCHES: usize = 50;
const BATCH: usize = 200_000;

fn main() {
    let prices = prices();
    let mut sma = Sma::new(20);
    measure("sma20", &prices, |price| sma.push(price));
    let mut ema = Average::exponential(20, Seed::Mean);
    measure("ema20", &prices, |price| ema.push(price));
    let mut rsi = Rsi::new(14, RsiStart::Wilder);
    measure("rsi14", &prices, |price| rsi.push(price));
    let mut bollinger = Bollinger::new(20, 2.0);
    measure("bollinger20", &prices, |price| bollinger.push(price).map(|bands| bands.upper - bands.lower));
}

fn measure(name: &str, prices: &[f64], mut push: impl FnMut(f64) -> Option<f64>) {
    let batches = (0..BATCHES).map(|_| {
        let started = Instant::now();
        let sum: f64 = prices.iter().filter_map(|price| push(*price)).sum();
        black_box(sum);
        started.elapsed().as_nanos() as f64 / BATCH as f64
    });
    let fastest = batches.fold(f64::INFINITY, f64::min);
    println!(r#"{{"name":"{name}","n":{},"nsPerPush":{fastest:.2}}}"#, BATCHES * BATCH);
}

/// A walk around 100 in a fixed pseudo-random order.
fn prices() -> Vec<f64> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut price = 100.0_f64;
    let mut step = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        price *= 1.0 + 0.002 * ((state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5);
        price
    };
    (0..BATCH).map(|_| step()).collect()
}
