//! Measures one check of the order gate that runs through all of its rules, and the netting of 1,000 targets, and
//! prints both as JSON. Times are those of the fastest of 100 batches: other programs can only slow a batch down.
//! Run with `cargo run --release -p desk-core --example bench_risk`.

use std::hint::black_box;
use std::time::Instant;

use desk_core::book::{AgentTarget, Side, net_targets};
use desk_core::money::NANOS_PER_SHARE;
use desk_core::risk::{Context, Limits, Order, check_order};

const BATCHES: u64 = 100;
const CHECKS: u64 = 20_000;
const NETTINGS: u64 = 50;
const TARGETS: i64 = 1_000;

fn main() {
    let limits = Limits { concentration_bps: Some(5_000), ..Limits::boundless() };
    let context = Context::undisturbed(0, 999_900, 1_000_100);
    let orders: Vec<Order> =
        (1..=64).map(|shares| Order::market(Side::Buy, Some(shares * NANOS_PER_SHARE))).collect();
    let ns_per_check = fastest(CHECKS, |at| {
        let order = black_box(&orders[(at % 64) as usize]);
        let verdict = check_order(order, black_box(&context), black_box(&limits));
        assert!(black_box(verdict).is_ok(), "a bench of denials would end at the first rule");
    });

    let agents = agents();
    let us_per_netting = fastest(NETTINGS, |_| {
        let netting = net_targets(black_box(&agents), 0, 1_000_000);
        assert!(black_box(netting).is_ok_and(|netting| !netting.crosses.is_empty()));
    }) / 1_000.0;

    println!(
        r#"{{"checks":{},"nsPerCheck":{ns_per_check:.2},"nettings":{},"targets":{TARGETS},"usPerNetting":{us_per_netting:.2}}}"#,
        BATCHES * CHECKS,
        BATCHES * NETTINGS,
    );
}

/// Two thirds buy, one third sells, none the same quantity as its neighbour.
fn agents() -> Vec<AgentTarget<i64>> {
    let target = |at: i64| (at % 37 + 1) * NANOS_PER_SHARE * if at % 3 == 0 { -1 } else { 1 };
    (0..TARGETS).map(|at| AgentTarget { agent_id: at, target: target(at), position: 0 }).collect()
}

fn fastest(runs: u64, mut run: impl FnMut(u64)) -> f64 {
    let batches = (0..BATCHES).map(|_| {
        let started = Instant::now();
        for at in 0..runs {
            run(at);
        }
        started.elapsed().as_nanos() as f64 / runs as f64
    });
    batches.fold(f64::INFINITY, f64::min)
}
