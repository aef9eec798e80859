//! Measures the backtester with full accounting (netting, gate, ledger, metrics, digest, curve) and prints JSON, one
//! line a measure. The prices are made up. Each measure is the fastest of several runs: other programs can only ever
//! slow a run down. Run with `cargo run --release -p desk-core --example bench_backtest`.

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use std::time::Instant;

use desk_core::backtest::{Agent, Panel, Setup, Sizing, run, run_checked, run_stream};
use desk_core::bars::Bar;
use desk_core::money::MICROS_PER_USD;
use desk_core::strategy::{
    Action, BarRefused, Decision, Each, Momentum, Reason, SmaCross, StrategyError, SymbolStrategy,
};

type Failure = Box<dyn Error>;

const MINUTE_MS: i64 = 60_000;
const CASH: i64 = 100_000 * MICROS_PER_USD;

/// A pseudo-random walk whose bars are minutes of 390-minute days, Monday to Friday.
struct Walk {
    state: u64,
    price: i64,
    minute: i64,
}

impl Walk {
    fn new(seed: u64) -> Self {
        Self { state: seed, price: 1_000_000, minute: 0 }
    }
}

impl Iterator for Walk {
    type Item = Bar;

    fn next(&mut self) -> Option<Bar> {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let (up, down) = ((self.state & 0x3ff) as i64, (self.state >> 10 & 0x3ff) as i64);
        let open = self.price;
        let close = (open + up - down).clamp(200_000, 5_000_000);
        let (day, minute) = (self.minute / 390, self.minute % 390);
        let at_ms = ((day / 5 * 7 + day % 5 + 4) * 1_440 + 870 + minute) * MINUTE_MS;
        self.price = close;
        self.minute += 1;
        let (high_ticks, low_ticks) = (open.max(close) + up / 4, open.min(close) - down / 4);
        Some(Bar { at_ms, open_ticks: open, high_ticks, low_ticks, close_ticks: close, volume: 1_000 + up })
    }
}

/// Wants nothing: what is left is the engine's own cost.
struct Idle;

impl SymbolStrategy for Idle {
    fn observe(&mut self, _: &Bar) -> Result<(), BarRefused> {
        Ok(())
    }

    fn decide(&mut self, _: &Bar) -> Result<Decision, BarRefused> {
        Ok(Decision { action: Action::Hold, target_qty_nanos: 0 })
    }

    fn is_warm(&self) -> bool {
        true
    }

    fn target_qty_nanos(&self) -> i64 {
        0
    }

    fn reason(&self) -> Reason {
        Reason::new("idle", &[])
    }
}

fn momentum() -> Result<Momentum, StrategyError> {
    Momentum::new(&BTreeMap::new(), CASH / 10)
}

fn agents<S: SymbolStrategy>(
    symbols: usize,
    sizing: Sizing,
    make: impl Fn() -> Result<S, StrategyError>,
) -> Result<Vec<Agent<Each<S>>>, StrategyError> {
    let strategy = Each::build(symbols, make)?;
    Ok(vec![Agent { id: "one".to_owned(), strategy, symbols: (0..symbols).collect(), sizing }])
}

fn onward(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The fastest of several runs, in milliseconds of the processor: what others take from it meanwhile does not count.
fn fastest_ms(runs: u32, mut work: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let mut fastest = f64::INFINITY;
    for _ in 0..runs {
        let started = processor_ms();
        work()?;
        fastest = fastest.min(processor_ms() - started);
    }
    Ok(fastest)
}

/// Milliseconds that the processor has spent on this thread; of the clock, where the system does not tell.
fn processor_ms() -> f64 {
    static STARTED: OnceLock<Instant> = OnceLock::new();
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = spent.split_whitespace().next().and_then(|nanos| nanos.parse::<f64>().ok());
    let clock = || STARTED.get_or_init(Instant::now).elapsed().as_secs_f64() * 1_000.0;
    nanos.map_or_else(clock, |nanos| nanos / 1e6)
}

fn print_rate(name: &str, bars: usize, ms: f64) {
    let rate = bars as f64 / ms / 1_000.0;
    println!(r#"{{"name":"{name}","bars":{bars},"ms":{ms:.2},"millionBarsPerSecond":{rate:.1}}}"#);
}

fn main() -> Result<(), Failure> {
    let bars: Vec<Bar> = Walk::new(0x2545_F491_4F6C_DD1D).take(2_000_000).collect();
    let one = Panel::new(vec![("ONE".to_owned(), bars)])?;
    let setup = Setup::frictionless(CASH);
    let bare = fastest_ms(7, || {
        let mut strategy = momentum()?;
        for bar in one.bars(0) {
            black_box(strategy.decide(bar)?);
        }
        Ok(())
    })?;
    print_rate("momentum alone", one.len(), bare);
    let ms = fastest_ms(7, || {
        black_box(run(&one, agents(1, Sizing::Targets, || Ok(Idle))?, &setup, &mut onward)?);
        Ok(())
    })?;
    print_rate("a strategy that never trades", one.len(), ms);
    let ms = fastest_ms(7, || {
        black_box(run(&one, agents(1, Sizing::Targets, momentum)?, &setup, &mut onward)?);
        Ok(())
    })?;
    print_rate("momentum backtest", one.len(), ms);
    let outcome = run(&one, agents(1, Sizing::Targets, momentum)?, &setup, &mut onward)?;
    println!(
        r#"{{"name":"trades in the momentum backtest","trades":{},"refused":{:?}}}"#,
        outcome.record.trade_count(),
        outcome.denials
    );
    let cross = || SmaCross::new(&BTreeMap::new(), CASH);
    let ms = fastest_ms(7, || {
        black_box(run(&one, agents(1, Sizing::AllIn, cross)?, &setup, &mut onward)?);
        Ok(())
    })?;
    print_rate("sma-cross backtest", one.len(), ms);
    year_of_minutes(&setup)?;
    stream(&setup)
}

/// A year of minutes of three symbols, without and with all checks.
fn year_of_minutes(setup: &Setup) -> Result<(), Failure> {
    let column = |seed: u64| (format!("S{seed}"), Walk::new(seed).take(98_280).collect());
    let panel = Panel::new((1..=3).map(column).collect())?;
    let ms = fastest_ms(7, || {
        black_box(run(&panel, agents(3, Sizing::Targets, momentum)?, setup, &mut onward)?);
        Ok(())
    })?;
    print_rate("year of minutes, three symbols", panel.len(), ms);
    let make = |_: &Panel| Ok(agents(3, Sizing::Targets, momentum)?);
    let ms = fastest_ms(7, || {
        black_box(run_checked(&panel, &make, setup, 1, &mut onward)?);
        Ok(())
    })?;
    print_rate("year of minutes, three symbols, all checks", panel.len(), ms);
    Ok(())
}

/// Streams bars that are never held, and says how much the process grew meanwhile.
fn stream(setup: &Setup) -> Result<(), Failure> {
    let symbols = ["ONE".to_owned()];
    let over = |count: usize| {
        let bars = [Walk::new(7).take(count)].into_iter();
        let started = processor_ms();
        black_box(run_stream(
            &symbols,
            bars,
            count as u64,
            agents(1, Sizing::Targets, momentum)?,
            &Setup { keep: 1_000, ..*setup },
            &mut onward,
        )?);
        Ok::<f64, Failure>(processor_ms() - started)
    };
    over(1_000_000)?;
    let before = peak_kib();
    let ms = over(50_000_000)?;
    print_rate("momentum, streamed (making the bars included)", 50_000_000, ms);
    println!(r#"{{"name":"growth while streaming 50 million bars","kib":{}}}"#, peak_kib() - before);
    Ok(())
}

/// The most memory the process has ever held; 0 where the system does not tell.
fn peak_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}
