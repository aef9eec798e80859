//! What a backtest gives.

use std::collections::BTreeMap;

use super::account::{Account, Book};
use super::denied::Denied;
use super::floor::Floor;
use super::market::Market;
use super::trades::Trade;
use crate::metrics::{CurvePoint, Metric, Recorder};
use crate::money::Micros;

/// What came of a backtest.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Bars of all symbols.
    pub bars: u64,
    /// The figures.
    pub metrics: Vec<Metric>,
    /// What the figures are made from: for other trials, or to go on with.
    pub record: Recorder,
    /// The first closed trades, as many as are kept.
    pub trades: Vec<Trade>,
    /// The first refused orders, as many as are kept.
    pub denied: Vec<Denied>,
    /// How many orders were refused, by code.
    pub denials: BTreeMap<&'static str, u64>,
    /// Limit orders that were not reached.
    pub missed: u64,
    /// The equity, down-sampled with its extremes.
    pub curve: Vec<CurvePoint>,
    /// The account at the end.
    pub account: Account,
    /// The agents' books at the end.
    pub books: Vec<Book>,
    /// Value of all positions less their cost.
    pub unrealised: Micros,
    /// Equity at the end.
    pub equity: Micros,
    /// The instant at which all was lost; nothing was traded after it.
    pub ruined_at_ms: Option<i64>,
    /// The first instant at which the books did not balance: a bug.
    pub unbalanced_at_ms: Option<i64>,
    /// A digest of all fills and of the equity at every instant.
    pub hash: u64,
}

impl Outcome {
    /// Sums a floor up. `None` when an amount leaves the range.
    pub(super) fn of(
        mut floor: Floor,
        market: &Market,
        bars: u64,
        ruined_at_ms: Option<i64>,
    ) -> Option<Self> {
        floor.recorder.set_market_return(market.held(&floor.last));
        let equity = floor.equity()?;
        let cost: i64 = floor.account.positions.iter().map(|position| position.cost).sum();
        Some(Self {
            bars,
            metrics: floor.recorder.metrics(&floor.setup.trials),
            trades: floor.trades,
            denied: floor.denied,
            denials: floor.denials,
            missed: floor.missed,
            curve: floor.recorder.curve(),
            record: floor.recorder,
            unrealised: equity - floor.account.cash - cost,
            account: floor.account,
            books: floor.places.into_iter().map(|place| place.book).collect(),
            equity,
            ruined_at_ms,
            unbalanced_at_ms: floor.unbalanced_at_ms,
            hash: floor.digest.value(),
        })
    }
}
