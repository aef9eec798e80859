//! Sets the simulated index beside the S&P 500 sample that its constants were fitted to, as a table.
//! Run with `cargo run --release -p desk-core --example calibrate_simulator -- FILE [SEEDS]`, where FILE is
//! `node_modules/vega-datasets/data/sp500-2000.csv`. Takes about three seconds a seed.

use std::error::Error;
use std::fs::File;

use desk_core::bars::{Bar, read_bars};
use desk_core::market::{DailyFacts, INSTRUMENTS, Recording, Simulator};

const DAY_S: i64 = 86_400;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name the file of the sample")?;
    let seeds: u64 = arguments.next().map_or(Ok(8), |seeds| seeds.parse())?;
    let sample = read_bars(File::open(path)?)?;
    let simulated = (1..=seeds)
        .map(|seed| Ok(DailyFacts::of(&index_of(seed, sample.len())?)))
        .collect::<Result<Vec<DailyFacts>, Box<dyn Error>>>()?;
    let measured = DailyFacts::of_sample(&sample);
    println!("{} days; {seeds} seeds of as many days; nights of the sample from 2017 on", sample.len());
    println!("| figure | sample | simulated: median | lowest | highest |\n|---|--:|--:|--:|--:|");
    for (name, of) in DailyFacts::FIGURES {
        let mut values: Vec<f64> = simulated.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let (lowest, highest) = (values[0], values[values.len() - 1]);
        let median = values[values.len() / 2];
        println!("| {name} | {:.3} | {median:.3} | {lowest:.3} | {highest:.3} |", of(&measured));
    }
    Ok(())
}

/// Daily bars of the simulated index.
fn index_of(seed: u64, days: usize) -> Result<Vec<Bar>, Box<dyn Error>> {
    let spy = INSTRUMENTS.iter().position(|instrument| instrument.symbol == "SPY").ok_or("no index")?;
    let mut recording = Recording::new(seed, Simulator::first_session(), vec![spy], DAY_S);
    let mut bars = Vec::with_capacity(days);
    while bars.len() < days {
        bars.extend(recording.next_session()?.into_iter().map(|(_, traded)| traded.bar));
    }
    Ok(bars)
}
