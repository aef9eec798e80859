//! Orders in the simulated market: they trade with its quotes and trades, and wait while it is closed.

use super::floor::Floor;
use super::{ExchangeError, FillProfile, Listing, Step};
use crate::bars::date::DAY_MS;
use crate::bars::{BarWindow, SeriesError, TradedBar};
use crate::market::{Clock, INSTRUMENTS, Quote, Simulator};
use crate::matching::{NewOrder, OrderEvent, Refusal};

/// Furthest that one call moves the market, so that no call blocks for long or returns without bound.
const MAX_ADVANCE_DAYS: i64 = 7;
/// Furthest start: about a thousand sessions.
const MAX_START_DAYS: i64 = 4 * 365;

/// The simulated market with orders in it.
#[derive(Debug, Clone)]
pub(super) struct SimulatedExchange {
    simulator: Simulator,
    floor: Floor,
}

impl SimulatedExchange {
    pub(super) fn new(
        mut simulator: Simulator,
        seed: u64,
        start_ms: Option<i64>,
        profile: FillProfile,
    ) -> Result<Self, ExchangeError> {
        if let Some(start_ms) = start_ms {
            refuse_beyond(MAX_START_DAYS, simulator.clock().now_ms, start_ms)?;
            simulator.advance(start_ms, &mut |_| {});
        }
        let listings = INSTRUMENTS.iter().map(|instrument| Listing {
            symbol: instrument.symbol.to_owned(),
            name: instrument.name.to_owned(),
            exchange: instrument.exchange.to_owned(),
        });
        let mut floor = Floor::new(listings.collect(), seed, profile);
        let clock = simulator.clock();
        floor.set_extended(clock.extended_until_ms.is_some());
        if clock.is_open || clock.extended_until_ms.is_some() {
            let quotes = (0..INSTRUMENTS.len()).filter_map(|symbol| simulator.quote(symbol));
            quotes.for_each(|quote| floor.display(&quote));
            let halted = (0..INSTRUMENTS.len()).filter(|symbol| simulator.is_halted(*symbol));
            halted.for_each(|symbol| floor.halt(symbol));
        }
        Ok(Self { simulator, floor })
    }

    pub(super) fn listings(&self) -> &[Listing] {
        self.floor.listings()
    }

    pub(super) fn advance(&mut self, market_ms: i64) -> Result<Step, ExchangeError> {
        refuse_beyond(MAX_ADVANCE_DAYS, self.simulator.clock().now_ms, market_ms)?;
        let mut step = Step::default();
        let floor = &mut self.floor;
        self.simulator.advance(market_ms, &mut |event| floor.hear(event, &mut step));
        step.orders.extend(floor.arrive(self.simulator.clock().now_ms));
        Ok(step)
    }

    pub(super) fn submit(&mut self, order: &NewOrder) -> Result<Vec<OrderEvent>, Refusal> {
        self.floor.submit(order, self.simulator.clock().now_ms)
    }

    pub(super) fn cancel(&mut self, order_id: &str) -> bool {
        self.floor.cancel(order_id)
    }

    pub(super) fn working(&self) -> Vec<String> {
        self.floor.working()
    }

    pub(super) fn bars(
        &self,
        symbol: usize,
        bar_s: i64,
        window: BarWindow,
    ) -> Option<Result<Vec<TradedBar>, SeriesError>> {
        self.simulator.bars(symbol, bar_s, window)
    }

    pub(super) fn quote(&self, symbol: usize) -> Option<Quote> {
        self.simulator.quote(symbol)
    }

    pub(super) fn is_halted(&self, symbol: usize) -> bool {
        self.simulator.is_halted(symbol)
    }

    pub(super) fn clock(&self) -> Clock {
        self.simulator.clock()
    }
}

fn refuse_beyond(limit_days: i64, now_ms: i64, wanted_ms: i64) -> Result<(), ExchangeError> {
    let ahead_ms = wanted_ms.saturating_sub(now_ms);
    if ahead_ms <= limit_days * DAY_MS {
        return Ok(());
    }
    Err(ExchangeError::TooFar { wanted_ms, now_ms, days: ahead_ms / DAY_MS, limit_days })
}
