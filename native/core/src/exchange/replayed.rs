//! Orders in a replay: they fill at prices that the file proves, never at one that was known when they were sent.

use super::orders::Orders;
use super::{Listing, Step};
use crate::bars::{Bar, BarWindow, SeriesError, TradedBar};
use crate::market::{Clock, Quote, Replay, ReplayError, SymbolBar};
use crate::matching::{NewOrder, Refusal};

/// The only instrument of a replay.
const SYMBOL: usize = 0;

/// A replayed file with orders in it. Sizes are unlimited: the file does not tell what was on offer.
#[derive(Debug, Clone)]
pub(super) struct ReplayedExchange {
    replay: Replay,
    orders: Orders,
}

impl ReplayedExchange {
    pub(super) fn new(bars: Vec<Bar>, symbol: &str) -> Result<Self, ReplayError> {
        let listing = Listing {
            symbol: symbol.to_owned(),
            name: format!("{symbol} (replayed from a file)"),
            exchange: "REPLAY".to_owned(),
        };
        Ok(Self { replay: Replay::new(bars)?, orders: Orders::new(vec![listing]) })
    }

    pub(super) fn listings(&self) -> &[Listing] {
        self.orders.listings()
    }

    /// The opening fills what accepts it; then the range fills the limits that it reached, dated at the bar's
    /// end because nobody knows the moment; then the bar is complete.
    pub(super) fn advance_bar(&mut self) -> Step {
        let mut step = Step::default();
        let Some(opening) = self.replay.open() else { return step };
        step.quotes.push(opening);
        step.fills = self.orders.execute(SYMBOL, opening.at_ms, |queue| queue.open_at(opening.last_ticks));
        let Some((bar, closing)) = self.replay.complete() else { return step };
        let touched = |queue: &mut crate::matching::Queue| queue.touch(bar.bar.low_ticks, bar.bar.high_ticks);
        step.fills.extend(self.orders.execute(SYMBOL, closing.at_ms, touched));
        step.bars.push(SymbolBar { symbol: SYMBOL, bar });
        step.quotes.push(closing);
        step
    }

    pub(super) fn submit(&mut self, order: &NewOrder) -> Result<(), Refusal> {
        if !self.clock().is_open {
            return Err(Refusal::MarketEnded);
        }
        self.orders.rest(order).map(|_| ())
    }

    pub(super) fn cancel(&mut self, order_id: &str) -> bool {
        self.orders.cancel(order_id)
    }

    pub(super) fn working(&self) -> Vec<String> {
        self.orders.working()
    }

    pub(super) fn bars(&self, bar_s: i64, window: BarWindow) -> Result<Vec<TradedBar>, SeriesError> {
        self.replay.bars(bar_s, window)
    }

    pub(super) fn quote(&self) -> Quote {
        self.replay.quote()
    }

    pub(super) fn clock(&self) -> Clock {
        self.replay.clock()
    }

    pub(super) fn bar_s(&self) -> i64 {
        self.replay.bar_ms() / 1_000
    }
}
