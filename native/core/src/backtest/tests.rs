use std::collections::BTreeMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use super::*;
use crate::bars::{Bar, read_bars};
use crate::money::{MICROS_PER_USD, Micros, NANOS_PER_SHARE, TICKS_PER_USD};
use crate::strategy::{Action, BarRefused, Decision, Each, Reason, SmaCross, SymbolStrategy};

mod blocks;
mod checking;
mod costing;
mod published;
mod swarm;

/// Wants, at the close of each bar, what it was told to; keeps the last wish.
struct Script {
    wishes: Vec<i64>,
    at: usize,
    wanted: i64,
}

impl SymbolStrategy for Script {
    fn observe(&mut self, _: &Bar) -> Result<(), BarRefused> {
        Ok(())
    }

    fn decide(&mut self, _: &Bar) -> Result<Decision, BarRefused> {
        self.wanted = self.wishes.get(self.at).map_or(self.wanted, |shares| shares * NANOS_PER_SHARE);
        self.at += 1;
        Ok(Decision { action: Action::Hold, target_qty_nanos: self.wanted })
    }

    fn is_warm(&self) -> bool {
        true
    }

    fn target_qty_nanos(&self) -> i64 {
        self.wanted
    }

    fn reason(&self) -> Reason {
        Reason::new("told so", &[])
    }
}

fn script(wishes: &[i64]) -> Each<Script> {
    Each::build(1, || Ok(Script { wishes: wishes.to_vec(), at: 0, wanted: 0 })).unwrap()
}

fn agent(id: &str, wishes: &[i64], sizing: Sizing) -> Agent<Each<Script>> {
    Agent { id: id.to_owned(), strategy: script(wishes), symbols: vec![0], sizing }
}

/// Daily bars that open and close at these dollars, high and low a dollar further.
fn bars(prices: &[(i64, i64)]) -> Vec<Bar> {
    let bar = |(day, (open, close)): (usize, &(i64, i64))| Bar {
        at_ms: day as i64 * 86_400_000,
        open_ticks: open * TICKS_PER_USD,
        high_ticks: (open.max(close) + 1) * TICKS_PER_USD,
        low_ticks: (open.min(close) - 1).max(1) * TICKS_PER_USD,
        close_ticks: close * TICKS_PER_USD,
        volume: 10_000,
    };
    prices.iter().enumerate().map(bar).collect()
}

fn panel(prices: &[(i64, i64)]) -> Panel {
    Panel::new(vec![("GOOG".to_owned(), bars(prices))]).unwrap()
}

fn onward(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn run_script(prices: &[(i64, i64)], wishes: &[i64], setup: &Setup) -> Outcome {
    run(&panel(prices), vec![agent("one", wishes, Sizing::Targets)], setup, &mut onward).unwrap()
}

fn usd(dollars: i64) -> Micros {
    dollars * MICROS_PER_USD
}

fn keep(cash: i64) -> Setup {
    Setup { at_end: AtEnd::Keep, ..Setup::frictionless(usd(cash)) }
}

fn value(outcome: &Outcome, name: &str) -> f64 {
    let metric = outcome.metrics.iter().find(|metric| metric.name == name).unwrap();
    metric.value.unwrap_or_else(|| panic!("{name} is absent: {:?}", metric.absent))
}
