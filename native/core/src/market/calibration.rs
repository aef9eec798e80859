//! What the market was fitted to: the S&P 500 from 2000 to 2020 by day (docs/simulator.md), and published facts about
//! the hours of a session.

use std::sync::LazyLock;

use super::*;
use crate::bars::Bar;

const SPY: usize = 8;
const SEEDS: u64 = 6;
/// Ten years each.
const SESSIONS: usize = 2_520;

/// A figure of the sample, and how far the median of six seeds may be from it: about as far as single seeds of the
/// sample's length are from each other, in either direction.
type Band = (&'static str, f64, [f64; 2], fn(&DailyFacts) -> f64);

const BANDS: [Band; 8] = [
    ("annualised volatility", 0.199, [0.16, 0.24], |facts| facts.volatility),
    ("excess kurtosis", 11.0, [5.0, 25.0], |facts| facts.excess_kurtosis),
    ("days beyond 3 deviations", 0.0176, [0.013, 0.023], |facts| facts.beyond_three),
    ("memory of sizes, 1 day", 0.311, [0.23, 0.39], |facts| facts.size_memory[0]),
    // The sample remembers five days better than one, which this model cannot: its band reaches further down.
    ("memory of sizes, 5 days", 0.372, [0.22, 0.42], |facts| facts.size_memory[1]),
    ("memory of sizes, 20 days", 0.240, [0.11, 0.30], |facts| facts.size_memory[2]),
    ("share of the nights", 0.326, [0.28, 0.39], |facts| facts.night_share),
    ("largest drawdown", 0.568, [0.30, 0.83], |facts| facts.drawdown),
];

static FACTS: LazyLock<Vec<DailyFacts>> = LazyLock::new(|| {
    let facts = |seed| {
        let mut recording = Recording::new(seed, Simulator::first_session(), vec![SPY], 86_400);
        let days = (0..SESSIONS).flat_map(|_| recording.next_session().unwrap());
        DailyFacts::of(&days.map(|(_, traded)| traded.bar).collect::<Vec<Bar>>())
    };
    (1..=SEEDS).map(facts).collect()
});

#[test]
fn the_index_has_the_samples_figures_within_the_spread_between_seeds() {
    for (name, sample, [low, high], of) in BANDS {
        assert!((low..=high).contains(&sample), "{name}: the band must hold the sample");
        let mut values: Vec<f64> = FACTS.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let median = f64::midpoint(values[values.len() / 2 - 1], values[values.len() / 2]);
        assert!((low..=high).contains(&median), "{name}: {median} of {values:?}; the sample has {sample}");
    }
}

/// One day of a market: what each stock did, the quoted spreads by hour, and whether the market was stressed.
struct Day {
    stressed: bool,
    /// From the first quote to the last, by instrument.
    returns: Vec<f64>,
    /// Sums of relative spreads over the session's thirteen half hours, of all stocks.
    spreads: [f64; 13],
}

fn days_of(seed: u64, sessions: usize) -> Vec<Day> {
    let mut simulator = Simulator::new(seed);
    let mut session = Simulator::first_session();
    let day = |_| {
        let mut ends = vec![(0.0, 0.0); INSTRUMENTS.len()];
        let mut spreads = [0.0; 13];
        let stressed = simulator.is_stressed();
        simulator.advance(session.close_ms - 1, &mut |event| {
            let MarketEvent::Quote(quote) = event else { return };
            let middle = (quote.bid_ticks + quote.ask_ticks) as f64 / 2.0;
            let (first, last) = &mut ends[quote.symbol];
            if *first == 0.0 {
                *first = middle;
            }
            *last = middle;
            let half_hour = usize::try_from((quote.at_ms - session.open_ms) / 1_800_000).unwrap();
            spreads[half_hour] += (quote.ask_ticks - quote.bid_ticks) as f64 / middle;
        });
        simulator.advance(session.close_ms, &mut |_| {});
        session = session.next();
        Day { stressed, returns: ends.iter().map(|(first, last)| last / first - 1.0).collect(), spreads }
    };
    (0..sessions).map(day).collect()
}

/// 250 sessions of four seeds.
static DAYS: LazyLock<Vec<Day>> = LazyLock::new(|| (1..=4).flat_map(|seed| days_of(seed, 250)).collect());

fn correlation(days: &[&Day], a: usize, b: usize) -> f64 {
    let sum = |of: &dyn Fn(&Day) -> f64| days.iter().map(|day| of(day)).sum::<f64>();
    let product = |a: usize, b: usize| sum(&|day| day.returns[a] * day.returns[b]);
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

#[test]
fn stress_moves_stocks_further_and_more_together() {
    let (stressed, calm): (Vec<&Day>, Vec<&Day>) = DAYS.iter().partition(|day| day.stressed);
    assert!(stressed.len() > 50 && calm.len() > 400, "{} {}", stressed.len(), calm.len());
    let between_stocks = |days: &[&Day]| {
        let stocks: Vec<usize> = (0..INSTRUMENTS.len()).filter(|symbol| *symbol != SPY).collect();
        let pairs = stocks.iter().flat_map(|a| stocks.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b);
        let correlations: Vec<f64> = pairs.map(|(a, b)| correlation(days, a, b)).collect();
        correlations.iter().sum::<f64>() / correlations.len() as f64
    };
    let (in_stress, in_calm) = (between_stocks(&stressed), between_stocks(&calm));
    assert!(in_stress > in_calm + 0.15, "{in_stress} under stress, {in_calm} when calm");
    let deviation = |days: &[&Day]| {
        (days.iter().map(|day| day.returns[SPY].powi(2)).sum::<f64>() / days.len() as f64).sqrt()
    };
    assert!(deviation(&stressed) > 2.0 * deviation(&calm));
}

#[test]
fn spreads_are_widest_at_the_opening_least_after_noon_and_wider_under_stress() {
    let (stressed, calm): (Vec<&Day>, Vec<&Day>) = DAYS.iter().partition(|day| day.stressed);
    let hours = |days: &[&Day], half_hour: usize| {
        days.iter().map(|day| day.spreads[half_hour]).sum::<f64>() / days.len() as f64
    };
    for days in [&stressed, &calm] {
        let [opening, noon, close] = [0, 7, 12].map(|half_hour| hours(days, half_hour));
        assert!(opening > 1.3 * noon && close > 1.05 * noon && opening > close, "{opening} {noon} {close}");
    }
    assert!(hours(&stressed, 7) > 1.5 * hours(&calm, 7));
}
