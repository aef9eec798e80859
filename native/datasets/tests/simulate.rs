//! Simulated bar files: the same from the same plan, whole or absent, measured by what is in them.

// The tests' own helpers stop the test too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

#[allow(dead_code)]
mod support;

use std::path::Path;

use desk_core::bars::Bar;
use desk_core::market::{DailyFacts, INSTRUMENTS, Recording, Simulator};
use desk_datasets::{
    BarFile, Length, Measured, Origin, PlanError, SimulateError, Simulated, SimulatedSeries, SimulationPlan,
    simulate,
};
use support::Place;

fn plan(place: &Place, symbols: &[&str], bar_s: i64, length: Length) -> SimulationPlan {
    let series = |symbol: &&str| SimulatedSeries {
        symbol: (*symbol).to_owned(),
        target: place.0.join(format!("{symbol}.bars")),
    };
    let first_day = Simulator::first_session().day;
    SimulationPlan { series: symbols.iter().map(series).collect(), seed: 7, first_day, bar_s, length }
}

fn made(plan: &SimulationPlan) -> Simulated {
    simulate(plan, None, |_, _| true).unwrap()
}

fn bars_of(plan: &SimulationPlan, index: usize) -> Vec<Bar> {
    BarFile::open(&plan.series[index].target).unwrap().bars().unwrap().map(Result::unwrap).collect()
}

fn value(measured: &Measured, name: &str) -> Option<f64> {
    measured.figures.iter().find(|figure| figure.name == name).unwrap().value
}

#[test]
fn the_files_hold_the_market_of_the_seed_and_say_where_they_are_from() {
    let place = Place::new();
    let plan = plan(&place, &["MSFT", "SPY"], 900, Length::Sessions(4));
    let headers = made(&plan).headers;
    let spy = INSTRUMENTS.iter().position(|instrument| instrument.symbol == "SPY").unwrap();
    let mut recording = Recording::new(7, Simulator::first_session(), vec![spy], 900);
    let sessions = (0..4).flat_map(|_| recording.next_session().unwrap());
    assert_eq!(bars_of(&plan, 1), sessions.map(|(_, traded)| traded.bar).collect::<Vec<Bar>>());
    assert_eq!((headers[1].bars, headers[1].interval_ms), (4 * 26, 900_000));
    assert_eq!(headers[1].details.origin, Origin::Simulator);
    assert_eq!((headers[0].details.symbol.as_str(), headers[1].details.symbol.as_str()), ("MSFT", "SPY"));
}

#[test]
fn the_same_plan_gives_the_same_files_and_another_seed_gives_others() {
    let (place, other) = (Place::new(), Place::new());
    let first = made(&plan(&place, &["KO"], 60, Length::Sessions(2)));
    let again = made(&plan(&other, &["KO"], 60, Length::Sessions(2)));
    assert_eq!(first.headers, again.headers);
    let seeded = made(&SimulationPlan { seed: 8, ..plan(&other, &["KO"], 60, Length::Sessions(2)) });
    assert_ne!(first.headers[0].bars_sha256, seeded.headers[0].bars_sha256);
    assert_ne!(first.headers[0].details.source_sha256, seeded.headers[0].details.source_sha256);
}

#[test]
fn a_count_of_bars_is_met_exactly_by_every_symbol() {
    let place = Place::new();
    let plan = plan(&place, &["AAPL", "TSLA"], 60, Length::Bars(1_000));
    let simulated = made(&plan);
    assert_eq!(simulated.headers.iter().map(|header| header.bars).collect::<Vec<i64>>(), [1_000, 1_000]);
    // 1000 minutes are two sessions of 390 and a part, which is no day.
    assert!(simulated.calibration.simulated.iter().all(|measured| measured.days == 2));
}

#[test]
fn the_figures_are_those_of_the_files() {
    let place = Place::new();
    let daily = plan(&place, &["SPY", "NVDA"], 86_400, Length::Sessions(300));
    let simulated = made(&daily);
    for (index, measured) in simulated.calibration.simulated.iter().enumerate() {
        let facts = DailyFacts::of(&bars_of(&daily, index));
        let expected = DailyFacts::FIGURES.map(|(name, of)| (name, Some(of(&facts))));
        let figures: Vec<_> = measured.figures.iter().map(|figure| (figure.name, figure.value)).collect();
        assert_eq!(figures, expected);
        assert_eq!(measured.days, 300);
    }
    assert_eq!(
        simulated.calibration.simulated.iter().map(|one| one.fitted).collect::<Vec<_>>(),
        [true, false]
    );
    // The days are the same ones whichever size their bars have.
    let minutes = made(&plan(&place, &["SPY"], 300, Length::Sessions(300)));
    assert_eq!(minutes.calibration.simulated[0], simulated.calibration.simulated[0]);
}

#[test]
fn a_month_and_less_has_no_figures() {
    let place = Place::new();
    let measured = |days| made(&plan(&place, &["SPY"], 86_400, Length::Sessions(days))).calibration.simulated;
    assert_eq!(value(&measured(29)[0], "annualised volatility"), None);
    assert!(value(&measured(30)[0], "annualised volatility").is_some());
}

#[test]
fn the_sample_is_measured_beside_it() {
    let source =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../node_modules/vega-datasets/data/sp500-2000.csv");
    if !source.exists() {
        eprintln!("skipped: {} is missing", source.display());
        return;
    }
    let place = Place::new();
    let plan = plan(&place, &["SPY"], 86_400, Length::Sessions(2));
    let sample = simulate(&plan, Some(&source), |_, _| true).unwrap().calibration.sample.unwrap();
    assert_eq!(sample.days, 5_105);
    // As docs/simulator.md has them.
    for (name, expected) in
        [("annualised volatility", 0.199), ("share of the nights", 0.326), ("skewness", -0.123)]
    {
        assert!((value(&sample, name).unwrap() - expected).abs() < 0.000_5, "{name}");
    }
}

#[test]
fn a_cancelled_simulation_leaves_what_was_there() {
    let place = Place::new();
    let plan = plan(&place, &["AAPL", "MSFT"], 60, Length::Sessions(20));
    let before = made(&SimulationPlan { seed: 1, length: Length::Sessions(1), ..plan.clone() }).headers;
    let mut told = Vec::new();
    let cancelled = simulate(&plan, None, |done, total| {
        told.push((done, total));
        told.len() < 3
    });
    assert!(matches!(cancelled, Err(SimulateError::Cancelled)), "{cancelled:?}");
    assert_eq!(told, [(0, 15_600), (780, 15_600), (1_560, 15_600)]);
    assert_eq!(place.names(), ["AAPL.bars", "MSFT.bars"]);
    assert_eq!(BarFile::open(&plan.series[0].target).unwrap().header(), &before[0]);
}

#[test]
fn a_plan_that_breaks_a_rule_names_it_and_writes_nothing() {
    let place = Place::new();
    let daily = |symbols: &[&str], length| plan(&place, symbols, 86_400, length);
    let cases = [
        (daily(&["GOOG"], Length::Sessions(10)), PlanError::UnknownSymbol("GOOG".to_owned())),
        (daily(&[], Length::Sessions(10)), PlanError::Symbols),
        (daily(&["KO", "PEP", "KO"], Length::Sessions(10)), PlanError::Symbols),
        (plan(&place, &["KO"], 420, Length::Sessions(10)), PlanError::BarSize(420)),
        (daily(&["KO"], Length::Sessions(1)), PlanError::TooShort(1)),
        (daily(&["KO"], Length::Bars(0)), PlanError::TooShort(0)),
        (daily(&["KO"], Length::Sessions(12_601)), PlanError::TooManySessions(12_601)),
        (daily(&["KO"], Length::Bars(u64::MAX)), PlanError::TooManySessions(u64::MAX)),
        (
            plan(&place, &["KO", "PEP", "AAPL"], 60, Length::Sessions(10_000)),
            PlanError::TooManyBars(11_700_000),
        ),
        (SimulationPlan { first_day: 0, ..daily(&["KO"], Length::Sessions(10)) }, PlanError::FirstDay),
    ];
    for (plan, expected) in cases {
        match simulate(&plan, None, |_, _| panic!("went on")) {
            Err(SimulateError::Plan(error)) => assert_eq!(error, expected),
            other => panic!("{expected:?}: {other:?}"),
        }
    }
    assert_eq!(place.names(), Vec::<String>::new());
    let message = PlanError::UnknownSymbol("GOOG".to_owned()).to_string();
    assert_eq!(
        message,
        "symbols: the simulator has no GOOG; it has AAPL, MSFT, GOOGL, AMZN, NVDA, TSLA, KO, PEP, SPY, JPM"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let place = Place::new();
    let mut plan = plan(&place, &["KO"], 86_400, Length::Sessions(10));
    plan.series[0].target = place.0.join("missing").join("ko.bars");
    let error = simulate(&plan, None, |_, _| true).unwrap_err();
    assert!(
        matches!(&error, SimulateError::Unwritable { path, .. } if *path == plan.series[0].target),
        "{error}"
    );
}
