//! Runs a backtest on a bar file with all checks, and prints as JSON how much memory the process held at most. Run with
//! `cargo run --release -p desk-lab --example bench_memory -- FILE`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::sync::atomic::AtomicBool;

use desk_lab::{AgentRequest, BacktestRequest, Bars, SetupRequest, SymbolRequest, run_backtest};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a bar file")?;
    let request = BacktestRequest {
        symbols: vec![SymbolRequest { symbol: "ONE".to_owned(), bars: Bars::File { path } }],
        agents: vec![AgentRequest {
            agent_id: "one".to_owned(),
            strategy: "momentum".to_owned(),
            params: BTreeMap::new(),
            symbols: vec![],
            max_position_micros: None,
        }],
        setup: SetupRequest { keep: 1_000, ..SetupRequest::default() },
        seed: 1,
        from_ms: None,
        to_ms: None,
    };
    let report = run_backtest(&request, &|_, _| (), &AtomicBool::new(false))?;
    println!(r#"{{"bars":{},"peakKib":{},"tookMs":{:.1}}}"#, report.bars, peak_kib()?, report.took_ms);
    Ok(())
}

/// The most memory the process has ever held.
fn peak_kib() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM")).ok_or("the system does not tell")?;
    Ok(line.split_whitespace().nth(1).ok_or("the line is empty")?.parse()?)
}
