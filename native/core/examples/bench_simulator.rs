//! Measures what the simulated market costs and prints it as JSON. `nsPerSymbolMinute` is the fastest of 40 sessions:
//! other programs can only ever slow a session down.
//! Run with `cargo run --release -p desk-core --example bench_simulator`.

use std::hint::black_box;
use std::time::Instant;

use desk_core::market::{INSTRUMENTS, Session, Simulator};

const SESSIONS: u32 = 40;
const MINUTES: i64 = Session::LENGTH_MS / 60_000;

fn main() {
    let mut simulator = Simulator::new(1);
    let mut fastest = f64::INFINITY;
    for _ in 0..SESSIONS {
        let mut events = 0_u64;
        // Every call ends where a session does: the nights are part of the price.
        let close_ms = simulator.clock().next_close_ms.unwrap_or_default();
        let started = Instant::now();
        simulator.advance(close_ms, &mut |event| {
            black_box(&event);
            events += 1;
        });
        let symbol_minutes = INSTRUMENTS.len() as f64 * MINUTES as f64;
        fastest = fastest.min(started.elapsed().as_nanos() as f64 / symbol_minutes);
        black_box(events);
    }
    println!(r#"{{"name":"simulated market","n":{SESSIONS},"nsPerSymbolMinute":{fastest:.1}}}"#);
}
