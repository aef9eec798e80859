//! Measures backtests with full accounting on one core (netting, gate, ledger, metrics, digest, curve) and prints JSON. The prices are made up. Each figure is the fastest of several runs: other programs can
//! only ever slow a run down. Run with `cargo run --release -p desk-lab --example bench_engine`.

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Instant;

use desk_core::backtest::{Agent, BacktestError, Panel, Setup, Sizing, run};
use desk_core::bars::Bar;
use desk_core::money::MICROS_PER_USD;
use desk_core::strategy::{Each, MeanReversion, Momentum, Pairs, Strategy};

const RUNS: u32 = 21;
const BARS: usize = 1_000_000;
const CASH: i64 = 100_000 * MICROS_PER_USD;

fn main() -> Result<(), Box<dyn Error>> {
    let given = BTreeMap::new();
    let limit = CASH / 10;
    let one = walk(1, &[]);
    let solo = Panel::new(vec![("ONE".to_owned(), one.clone())])?;
    let momentum = bars_per_s(&solo, || Ok(Each::build(1, || Momentum::new(&given, limit))?))?;
    let reversion = bars_per_s(&solo, || Ok(Each::build(1, || MeanReversion::new(&given, limit))?))?;
    let pair = Panel::new(vec![("ONE".to_owned(), one.clone()), ("TWO".to_owned(), walk(2, &one))])?;
    let pairs = bars_per_s(&pair, || Ok(Pairs::new(2, &given, limit)?))?;
    println!(
        r#"{{"n":{RUNS},"momentumBarsPerS":{momentum:.0},"meanReversionBarsPerS":{reversion:.0},"pairBarsPerS":{:.0}}}"#,
        pairs / 2.0
    );
    Ok(())
}

/// Bars of all symbols a second, in the fastest run.
fn bars_per_s<S: Strategy>(
    panel: &Panel,
    make: impl Fn() -> Result<S, BacktestError>,
) -> Result<f64, Box<dyn Error>> {
    let setup = Setup::frictionless(CASH);
    let seconds = fastest_s(|| {
        let symbols = (0..panel.symbols().len()).collect();
        let agent = Agent { id: "one".to_owned(), strategy: make()?, symbols, sizing: Sizing::Targets };
        black_box(run(panel, vec![agent], &setup, &mut |_, _| ControlFlow::Continue(()))?);
        Ok(())
    })?;
    Ok(panel.len() as f64 / seconds)
}

fn fastest_s(mut work: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let mut fastest = f64::INFINITY;
    for _ in 0..RUNS {
        let started = Instant::now();
        work()?;
        fastest = fastest.min(started.elapsed().as_secs_f64());
    }
    Ok(fastest)
}

/// A walk of 0.1 % a bar; around another one when that is given, returning to it.
fn walk(seed: u64, around: &[Bar]) -> Vec<Bar> {
    let mut state = seed.wrapping_mul(0x2545_F491_4F6C_DD1D) | 1;
    let mut level = 0.0_f64;
    let keeps = if around.is_empty() { 0.9999 } else { 0.9 };
    let next = |at: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let uniform = (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5;
        let centre = around.get(at).map_or(1e6, |bar| bar.close_ticks as f64);
        let open = centre * (1.0 + level);
        level = level * keeps + 0.0035 * uniform;
        let close = centre * (1.0 + level);
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
