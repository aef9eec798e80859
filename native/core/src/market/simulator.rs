//! The simulated market. Its path depends on the seed alone: same seed, same prices to the last tick, however
//! time is advanced. Only `+ - * / sqrt` touch the floats inside, which every platform computes alike.

use super::climate::Climate;
use super::extended_hours::{ExtendedHours, Next};
use super::hour::Hour;
use super::instruments::{INSTRUMENTS, SECTORS};
use super::price_band::Trading;
use super::process::{Process, STEPS};
use super::random::Random;
use super::session::Session;
use super::stock::{Moment, Stock};
use super::tape::{Clock, MarketEvent, Quote, SymbolBar, TradingStatus};
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
/// From the first moment before a session to the last one after it.
const EXTENDED_MINUTES: usize = 16 * 60;
/// Noise of the market and of a sector over a session.
const MARKET_DAILY: f64 = 0.004_1;
const SECTOR_DAILY: f64 = 0.002_6;
/// What the market gains in a day, so that the average year is the sample's.
const DRIFT: f64 = 0.000_2;
/// Variance of a whole day, night included, against that of its noise alone: trends add to it.
const DAY_VARIANCE: f64 = 5.65;

/// Correlated stocks with quotes every five market seconds and minute bars made of their trades.
#[derive(Debug, Clone)]
pub struct Simulator {
    random: Random,
    now_ms: i64,
    /// The running session, or the next one.
    session: Session,
    /// Steps of the session that are done.
    done: u32,
    climate: Climate,
    market: Process,
    /// Sum of the market's returns since the last night.
    market_moved: f64,
    sectors: [Process; SECTORS],
    stocks: Vec<Stock>,
    extended: Option<ExtendedHours>,
}

impl Simulator {
    /// Starts the market of a seed, all of its stocks, at the opening of 2026-01-05.
    pub fn new(seed: u64) -> Self {
        let symbols: Vec<usize> = (0..INSTRUMENTS.len()).collect();
        Self::starting(seed, Self::first_session(), &symbols)
    }

    /// Starts some stocks of a seed's market at the opening of a session, with five sessions of history before it.
    /// A stock's path depends on the seed and the session, not on which other stocks are wanted.
    pub fn starting(seed: u64, first: Session, symbols: &[usize]) -> Self {
        let mut random = Random::seeded(seed);
        let session = (0..WARMUP_SESSIONS).fold(first, |session, _| session.previous());
        let climate = Climate::new(&mut random);
        let market = Process::new(MARKET_DAILY, &mut random);
        let sectors = std::array::from_fn(|_| Process::new(SECTOR_DAILY, &mut random));
        let stocks = INSTRUMENTS.into_iter().enumerate().map(|(symbol, instrument)| {
            let series =
                [BarSeries::new(MINUTE_MS, KEPT_SESSIONS * MINUTES), BarSeries::new(DAY_MS, KEPT_DAYS)];
            Stock::new(symbol, instrument, series, random.fork())
        });
        let stocks = stocks.filter(|stock| symbols.contains(&stock.quote.symbol)).collect();
        let mut simulator = Self {
            random,
            now_ms: session.open_ms,
            session,
            done: 0,
            climate,
            market,
            market_moved: 0.0,
            sectors,
            stocks,
            extended: None,
        };
        simulator.advance(first.open_ms, &mut |_| {});
        simulator
    }

    /// Lets the stocks also trade before and after the sessions to come, which changes nothing in these.
    pub fn with_extended_hours(mut self, seed: u64) -> Self {
        self.extended = Some(ExtendedHours::new(seed));
        for stock in &mut self.stocks {
            stock.minutes.keep(KEPT_SESSIONS * EXTENDED_MINUTES);
        }
        self
    }

    /// The session at whose opening the market of every seed starts.
    pub fn first_session() -> Session {
        Session::on_or_after(days_from_civil(2026, 1, 5))
    }

    /// Opening of the first session that is served.
    pub fn first_open_ms() -> i64 {
        Self::first_session().open_ms
    }

    /// Lets everything up to and including `until_ms` happen, telling `tell` in order of time. An earlier time
    /// than the clock's changes nothing.
    pub fn advance(&mut self, until_ms: i64, tell: &mut impl FnMut(MarketEvent)) {
        loop {
            let extended_ms = self.extended.as_ref().and_then(ExtendedHours::next_ms);
            if let Some(at_ms) = extended_ms.filter(|at_ms| *at_ms <= self.next_ms().min(until_ms)) {
                self.extended_step(at_ms, tell);
                continue;
            }
            if self.next_ms() > until_ms {
                break;
            }
            self.finish_minute(tell);
            if self.next_ms() < self.session.close_ms {
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
            extended_until_ms: self.extended.as_ref().and_then(|extended| extended.end_ms(self.now_ms)),
        }
    }

    /// The last quote of a stock; stale while the market is closed or the stock is halted.
    pub fn quote(&self, symbol: usize) -> Option<Quote> {
        self.stock(symbol).map(|stock| stock.quote)
    }

    /// Whether trading in a stock is paused.
    pub fn is_halted(&self, symbol: usize) -> bool {
        self.stock(symbol).is_some_and(Stock::is_halted)
    }

    /// Whether the market is in its stressed regime.
    pub fn is_stressed(&self) -> bool {
        self.climate.stressed()
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
        let stock = self.stock(symbol)?;
        let series = if bar_s.saturating_mul(1_000) < DAY_MS { &stock.minutes } else { &stock.days };
        Some(series.query(bar_s, window, self.now_ms))
    }

    fn next_ms(&self) -> i64 {
        self.session.open_ms + i64::from(self.done) * STEP_MS
    }

    fn stock(&self, symbol: usize) -> Option<&Stock> {
        self.stocks.iter().find(|stock| stock.quote.symbol == symbol)
    }

    fn step(&mut self, tell: &mut impl FnMut(MarketEvent)) {
        let hour = Hour::of(self.done);
        let market_moving = hour.moving * self.climate.market();
        let moment = Moment {
            at_ms: self.next_ms(),
            done: self.done,
            moving: hour.moving * self.climate.own(),
            trading: hour.trading * self.climate.own(),
            spread: hour.spread * self.climate.market(),
        };
        let market = self.market.step(market_moving, &mut self.random);
        self.market_moved += market;
        let mut sectors = [0.0; SECTORS];
        for (change, sector) in sectors.iter_mut().zip(&mut self.sectors) {
            *change = sector.step(moment.moving, &mut self.random);
        }
        for stock in &mut self.stocks {
            let sector = sectors[stock.instrument.sector];
            let (change, trading) = stock.step(market, sector, &moment);
            let (symbol, at_ms) = (stock.quote.symbol, moment.at_ms);
            match trading {
                Trading::Open => {}
                Trading::Halted => continue,
                Trading::Halts => {
                    tell(MarketEvent::Status(TradingStatus { symbol, halted: true, at_ms }));
                    continue;
                }
                Trading::Resumes => {
                    tell(MarketEvent::Status(TradingStatus { symbol, halted: false, at_ms }));
                }
            }
            tell(MarketEvent::Quote(stock.quote));
            for print in stock.trades(change, &moment).into_iter().flatten() {
                tell(MarketEvent::Print(print));
            }
        }
    }

    /// Passes a moment before or after a session.
    fn extended_step(&mut self, at_ms: i64, tell: &mut impl FnMut(MarketEvent)) {
        let Some(extended) = &mut self.extended else { return };
        let next = extended.pass();
        if next == (Next::Step { opens: true }) {
            tell(MarketEvent::ExtendedOpened);
        } else {
            self.push_minutes(at_ms, tell);
        }
        if next == Next::End {
            return tell(MarketEvent::Closed);
        }
        let Some(extended) = &mut self.extended else { return };
        for (position, stock) in self.stocks.iter_mut().enumerate() {
            let print = extended.step(position, stock, at_ms);
            tell(MarketEvent::Quote(stock.quote));
            print.into_iter().for_each(|print| tell(MarketEvent::Print(print)));
        }
    }

    /// Completes the minute that ends with the step to come.
    fn finish_minute(&mut self, tell: &mut impl FnMut(MarketEvent)) {
        let end_ms = self.next_ms();
        if self.done != 0 && (end_ms - self.session.open_ms) % MINUTE_MS == 0 {
            self.push_minutes(end_ms, tell);
        }
    }

    fn push_minutes(&mut self, end_ms: i64, tell: &mut impl FnMut(MarketEvent)) {
        for stock in &mut self.stocks {
            if let Some(bar) = stock.minute.finish(end_ms - MINUTE_MS) {
                stock.minutes.push(bar);
                tell(MarketEvent::Bar(SymbolBar { symbol: stock.quote.symbol, bar }));
            }
        }
    }

    fn close(&mut self, tell: &mut impl FnMut(MarketEvent)) {
        let middles = self.stocks.iter().map(Stock::middle_usd).collect();
        for stock in &mut self.stocks {
            if let Some(bar) = stock.day.finish(self.session.midnight_ms()) {
                stock.days.push(bar);
            }
        }
        let market = DRIFT + self.market.night(self.climate.market(), &mut self.random);
        let own = self.climate.own();
        let sectors = self.sectors.each_mut().map(|sector| sector.night(own, &mut self.random));
        let at_ms = self.session.close_ms;
        for stock in &mut self.stocks {
            if stock.night(market, sectors[stock.instrument.sector], own) {
                let symbol = stock.quote.symbol;
                tell(MarketEvent::Status(TradingStatus { symbol, halted: false, at_ms }));
            }
        }
        let moved = self.market_moved + market;
        self.climate
            .pass_night(moved * moved / (MARKET_DAILY * MARKET_DAILY * DAY_VARIANCE), &mut self.random);
        self.market_moved = 0.0;
        let closed = self.session;
        self.session = closed.next();
        if let Some(extended) = &mut self.extended {
            extended.begin(closed, self.session, middles);
        }
        self.done = 0;
        tell(MarketEvent::Closed);
    }
}
