//! The simulated market. Its path depends on the seed alone: same seed, same prices to the last tick, however
//! time is advanced. Only `+ - * / sqrt` touch the floats inside, which every platform computes alike.

use super::instruments::{INSTRUMENTS, SECTORS};
use super::process::{Process, STEPS};
use super::random::Random;
use super::session::Session;
use super::stock::Stock;
use super::tape::{Clock, MarketEvent, Quote, SymbolBar};
use crate::bars::date::{DAY_MS, days_from_civil};
use crate::bars::{BarSeries, BarWindow, SeriesError, TradedBar};

/// Time between two quotes of a stock.
const STEP_MS: i64 = Session::LENGTH_MS / STEPS as i64;
const MINUTE_MS: i64 = 60_000;
/// Sessions generated before the first one that is served.
const WARMUP_SESSIONS: i64 = 5;
/// Sessions of minute bars that are kept.
const KEPT_SESSIONS: usize = 20;
/// Daily bars that are kept.
const KEPT_DAYS: usize = 2_520;
const MINUTES: usize = (Session::LENGTH_MS / MINUTE_MS) as usize;
/// Noise of the market and of a sector over a session.
const MARKET_DAILY: f64 = 0.006;
const SECTOR_DAILY: f64 = 0.004;

/// Ten correlated stocks with quotes every five market seconds and minute bars made of their trades.
#[derive(Debug, Clone)]
pub struct Simulator {
    random: Random,
    now_ms: i64,
    /// The running session, or the next one.
    session: Session,
    /// Steps of the session that are done.
    done: u32,
    market: Process,
    sectors: [Process; SECTORS],
    stocks: Vec<Stock>,
}

impl Simulator {
    /// Starts the market of a seed at the opening of 2026-01-05, with five sessions of history before it.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::seeded(seed);
        let first = Session::on_or_after(days_from_civil(2026, 1, 5));
        // Five sessions are one week.
        let session = Session::on_or_after(first.day - WARMUP_SESSIONS * 7 / 5);
        let market = Process::new(MARKET_DAILY, &mut random);
        let sectors = std::array::from_fn(|_| Process::new(SECTOR_DAILY, &mut random));
        let stocks = INSTRUMENTS.into_iter().enumerate().map(|(symbol, instrument)| {
            let series =
                [BarSeries::new(MINUTE_MS, KEPT_SESSIONS * MINUTES), BarSeries::new(DAY_MS, KEPT_DAYS)];
            Stock::new(symbol, instrument, series, &mut random)
        });
        let stocks = stocks.collect();
        let mut simulator =
            Self { random, now_ms: session.open_ms, session, done: 0, market, sectors, stocks };
        simulator.advance(first.open_ms, &mut |_| {});
        simulator
    }

    /// Opening of the first session that is served.
    pub fn first_open_ms() -> i64 {
        Session::on_or_after(days_from_civil(2026, 1, 5)).open_ms
    }

    /// Lets everything up to and including `until_ms` happen, telling `tell` in order of time. An earlier time
    /// than the clock's changes nothing.
    pub fn advance(&mut self, until_ms: i64, tell: &mut impl FnMut(MarketEvent)) {
        while self.next_ms() <= until_ms {
            self.finish_minute(tell);
            if self.done < STEPS {
                self.step(tell);
                self.done += 1;
            } else {
                self.close(tell);
            }
        }
        self.now_ms = self.now_ms.max(until_ms);
    }

    /// The market's time and hours.
    pub fn clock(&self) -> Clock {
        let is_open = self.session.open_ms <= self.now_ms;
        let next_open = if is_open { self.session.next() } else { self.session };
        Clock {
            now_ms: self.now_ms,
            is_open,
            next_open_ms: Some(next_open.open_ms),
            next_close_ms: Some(self.session.close_ms),
        }
    }

    /// The last quote of a stock; stale while the market is closed.
    pub fn quote(&self, symbol: usize) -> Option<Quote> {
        self.stocks.get(symbol).map(|stock| stock.quote)
    }

    /// Completed bars of `bar_s` seconds: any number of whole minutes, or 86400 for days, which start at midnight
    /// in New York. `None` when the stock does not exist.
    ///
    /// # Errors
    /// The size is neither.
    pub fn bars(
        &self,
        symbol: usize,
        bar_s: i64,
        window: BarWindow,
    ) -> Option<Result<Vec<TradedBar>, SeriesError>> {
        let stock = self.stocks.get(symbol)?;
        let series = if bar_s.saturating_mul(1_000) < DAY_MS { &stock.minutes } else { &stock.days };
        Some(series.query(bar_s, window, self.now_ms))
    }

    fn next_ms(&self) -> i64 {
        self.session.open_ms + i64::from(self.done) * STEP_MS
    }

    fn step(&mut self, tell: &mut impl FnMut(MarketEvent)) {
        let at_ms = self.next_ms();
        // The day is a U: -1 at the opening, 0 at noon, 1 at the close. Both shapes average about 1.
        let hour = 2.0 * f64::from(self.done) / f64::from(STEPS) - 1.0;
        let (trading, moving) = (0.6 + 1.2 * hour * hour, 0.8 + 0.6 * hour * hour);
        let market = self.market.step(moving, &mut self.random);
        let mut sectors = [0.0; SECTORS];
        for (change, sector) in sectors.iter_mut().zip(&mut self.sectors) {
            *change = sector.step(moving, &mut self.random);
        }
        for stock in &mut self.stocks {
            let sector = sectors[stock.instrument.sector];
            let change = stock.step(market, sector, moving, at_ms, &mut self.random);
            tell(MarketEvent::Quote(stock.quote));
            for print in stock.trades(change, trading, &mut self.random).into_iter().flatten() {
                tell(MarketEvent::Print(print));
            }
        }
    }

    /// Completes the minute that ends with the step to come.
    fn finish_minute(&mut self, tell: &mut impl FnMut(MarketEvent)) {
        let end_ms = self.next_ms();
        if self.done == 0 || (end_ms - self.session.open_ms) % MINUTE_MS != 0 {
            return;
        }
        for stock in &mut self.stocks {
            if let Some(bar) = stock.minute.finish(end_ms - MINUTE_MS) {
                stock.minutes.push(bar);
                tell(MarketEvent::Bar(SymbolBar { symbol: stock.quote.symbol, bar }));
            }
        }
    }

    fn close(&mut self, tell: &mut impl FnMut(MarketEvent)) {
        for stock in &mut self.stocks {
            if let Some(bar) = stock.day.finish(self.session.midnight_ms()) {
                stock.days.push(bar);
            }
        }
        let market = self.market.night(&mut self.random);
        let sectors = self.sectors.each_mut().map(|sector| sector.night(&mut self.random));
        for stock in &mut self.stocks {
            stock.night(market, sectors[stock.instrument.sector], &mut self.random);
        }
        self.session = self.session.next();
        self.done = 0;
        tell(MarketEvent::Closed);
    }
}
