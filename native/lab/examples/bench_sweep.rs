//! Measures a sweep of 1,000 variants over ten years of daily bars on all cores and prints JSON. The prices are made up.
//! Run with `cargo run --release -p desk-lab --example bench_sweep`.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::AtomicBool;

use desk_core::bars::Bar;
use desk_lab::{
    AgentRequest, BacktestRequest, Bars, Columns, GridAxis, SetupRequest, SweepRequest, SymbolRequest,
    run_sweep,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut price = 1_000_000_i64;
    let mut day = |at: i64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let (open, step) = (price, (state % 40_001) as i64 - 20_000);
        price = (open + step).max(10_000);
        Bar {
            at_ms: (at / 5 * 7 + at % 5 + 4) * 86_400_000,
            open_ticks: open,
            high_ticks: open.max(price) + 1_000,
            low_ticks: open.min(price) - 1_000,
            close_ticks: price,
            volume: 1_000_000,
        }
    };
    let bars: Vec<Bar> = (0..2_520).map(&mut day).collect();
    let values = |from: i32, to: i32| (from..to).map(f64::from).collect();
    let request = SweepRequest {
        backtest: BacktestRequest {
            symbols: vec![SymbolRequest {
                symbol: "WALK".to_owned(),
                bars: Bars::Columns(Columns::of(&bars)),
            }],
            agents: vec![AgentRequest {
                agent_id: "one".to_owned(),
                strategy: "sma-cross".to_owned(),
                params: BTreeMap::new(),
                symbols: vec![],
                max_position_micros: None,
            }],
            setup: SetupRequest::default(),
            seed: 1,
            from_ms: None,
            to_ms: None,
        },
        grid: vec![
            GridAxis { param: "fast".to_owned(), values: values(2, 27) },
            GridAxis { param: "slow".to_owned(), values: values(30, 70) },
        ],
        metric: "sharpe".to_owned(),
        threads: None,
    };
    let mut fastest = f64::INFINITY;
    let mut trials = 0;
    for _ in 0..5 {
        let report = run_sweep(&request, &|_, _| (), &AtomicBool::new(false))?;
        fastest = fastest.min(report.took_ms);
        trials = report.trials;
    }
    println!(r#"{{"name":"sweep over ten years of days","variants":{trials},"ms":{fastest:.1}}}"#);
    Ok(())
}
