//! Measures what one record into the rolling windows costs and prints it as JSON. The clock is not measured: times
//! are given. `nsPerRecord` is the fastest of 100 batches: other programs can only ever slow a batch down.
//! Run with `cargo run --release -p desk-core --example bench_histogram`.

use std::hint::black_box;
use std::time::Instant;

use desk_core::latency::LatencyWindows;

const BATCHES: u64 = 100;
const BATCH: u64 = 200_000;
/// A second passes every so many records, so that folding is part of the price.
const RECORDS_A_SECOND: u64 = 10_000;

fn main() {
    let durations = durations_us();
    let mut windows = LatencyWindows::default();
    let batches = (0..BATCHES).map(|batch| {
        let started = Instant::now();
        for at in batch * BATCH..(batch + 1) * BATCH {
            let us = durations[(at % durations.len() as u64) as usize];
            windows.record(black_box(us), (at * 1_000 / RECORDS_A_SECOND) as i64, false);
        }
        started.elapsed().as_nanos() as f64 / BATCH as f64
    });
    let fastest = batches.fold(f64::INFINITY, f64::min);
    let n = BATCHES * BATCH;
    black_box(windows.summary(60_000, (n * 1_000 / RECORDS_A_SECOND) as i64));
    println!(r#"{{"name":"latency record","n":{n},"nsPerRecord":{fastest:.2}}}"#);
}

/// Log-uniform from 100 us to 10 s, in a fixed pseudo-random order.
fn durations_us() -> Vec<u64> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut uniform = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..4_096).map(|_| (100.0 * 1e5_f64.powf(uniform())) as u64).collect()
}
