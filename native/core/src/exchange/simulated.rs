//! Orders in the simulated market: they trade with its quotes and trades, and wait while it is closed.

use super::orders::Orders;
use super::{ExchangeError, Listing, Step};
use crate::bars::date::DAY_MS;
use crate::bars::{BarWindow, SeriesError, TradedBar};
use crate::book::Side;
use crate::market::{Clock, INSTRUMENTS, MarketEvent, Quote, Simulator};
use crate::matching::{Fill, Ladder, NewOrder, Refusal};
use crate::money::NANOS_PER_SHARE;

/// Furthest that one call moves the market, so that no call blocks for long or returns without bound.
const MAX_ADVANCE_DAYS: i64 = 7;
/// Furthest start: about a thousand sessions.
const MAX_START_DAYS: i64 = 4 * 365;

/// What the two sides of the current quote still offer.
#[derive(Debug, Clone, Copy)]
struct Displayed {
    asks: Ladder,
    bids: Ladder,
}

impl Displayed {
    fn of(quote: &Quote) -> Self {
        Self {
            asks: Ladder::new(Side::Buy, quote.ask_ticks, quote.ask_shares * NANOS_PER_SHARE),
            bids: Ladder::new(Side::Sell, quote.bid_ticks, quote.bid_shares * NANOS_PER_SHARE),
        }
    }
}

/// The floor of the exchange: orders and what is displayed to them.
#[derive(Debug, Clone)]
struct Floor {
    orders: Orders,
    /// One an instrument; `None` while closed or halted.
    displayed: Vec<Option<Displayed>>,
}

impl Floor {
    fn hear(&mut self, event: MarketEvent, step: &mut Step) {
        match event {
            MarketEvent::Quote(quote) => {
                step.quotes.push(quote);
                self.display(&quote);
                step.fills.extend(self.match_displayed(quote.symbol, quote.at_ms));
            }
            MarketEvent::Print(print) => {
                step.trades.push(print);
                let size = print.shares.saturating_mul(NANOS_PER_SHARE);
                step.fills.extend(self.orders.execute(print.symbol, print.at_ms, |queue| {
                    queue.trade_through(print.price_ticks, size)
                }));
            }
            MarketEvent::Bar(bar) => step.bars.push(bar),
            MarketEvent::Status(status) => {
                step.statuses.push(status);
                // What was displayed is void; orders wait for the quote that trading resumes with.
                if let Some(displayed) = self.displayed.get_mut(status.symbol) {
                    *displayed = None;
                }
            }
            MarketEvent::Closed => self.displayed.fill(None),
        }
    }

    fn display(&mut self, quote: &Quote) {
        if let Some(displayed) = self.displayed.get_mut(quote.symbol) {
            *displayed = Some(Displayed::of(quote));
        }
    }

    fn match_displayed(&mut self, symbol: usize, at_ms: i64) -> Vec<Fill> {
        let Some(Some(displayed)) = self.displayed.get_mut(symbol) else { return Vec::new() };
        self.orders.execute(symbol, at_ms, |queue| {
            let mut executions = queue.take(Side::Buy, &mut displayed.asks);
            executions.extend(queue.take(Side::Sell, &mut displayed.bids));
            executions
        })
    }
}

/// The simulated market with orders in it.
#[derive(Debug, Clone)]
pub(super) struct SimulatedExchange {
    simulator: Simulator,
    floor: Floor,
}

impl SimulatedExchange {
    pub(super) fn new(seed: u64, start_ms: Option<i64>) -> Result<Self, ExchangeError> {
        let mut simulator = Simulator::new(seed);
        if let Some(start_ms) = start_ms {
            refuse_beyond(MAX_START_DAYS, simulator.clock().now_ms, start_ms)?;
            simulator.advance(start_ms, &mut |_| {});
        }
        let listings = INSTRUMENTS.iter().map(|instrument| Listing {
            symbol: instrument.symbol.to_owned(),
            name: instrument.name.to_owned(),
            exchange: instrument.exchange.to_owned(),
        });
        let mut floor =
            Floor { orders: Orders::new(listings.collect()), displayed: vec![None; INSTRUMENTS.len()] };
        if simulator.clock().is_open {
            let trading = (0..INSTRUMENTS.len()).filter(|symbol| !simulator.is_halted(*symbol));
            let quotes = trading.filter_map(|symbol| simulator.quote(symbol));
            quotes.for_each(|quote| floor.display(&quote));
        }
        Ok(Self { simulator, floor })
    }

    pub(super) fn listings(&self) -> &[Listing] {
        self.floor.orders.listings()
    }

    pub(super) fn advance(&mut self, market_ms: i64) -> Result<Step, ExchangeError> {
        refuse_beyond(MAX_ADVANCE_DAYS, self.simulator.clock().now_ms, market_ms)?;
        let mut step = Step::default();
        let floor = &mut self.floor;
        self.simulator.advance(market_ms, &mut |event| floor.hear(event, &mut step));
        Ok(step)
    }

    pub(super) fn submit(&mut self, order: &NewOrder) -> Result<Vec<Fill>, Refusal> {
        let symbol = self.floor.orders.rest(order)?;
        Ok(self.floor.match_displayed(symbol, self.simulator.clock().now_ms))
    }

    pub(super) fn cancel(&mut self, order_id: &str) -> bool {
        self.floor.orders.cancel(order_id)
    }

    pub(super) fn working(&self) -> Vec<String> {
        self.floor.orders.working()
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
