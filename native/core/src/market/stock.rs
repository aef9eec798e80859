//! One simulated stock: its price, quote, trades and bars.

use super::instruments::Instrument;
use super::news::News;
use super::price_band::{PriceBand, Trading};
use super::process::{Process, STEPS};
use super::random::Random;
use super::tape::{Print, Quote};
use crate::bars::{Bar, BarSeries, TradedBar};
use crate::money::{PriceTicks, TICKS_PER_USD, divide_half_even};

const TICKS_PER_CENT: i64 = TICKS_PER_USD / 100;
/// A simulated price stays inside these, so that years of simulation cannot leave the realistic.
const LOWEST_USD: f64 = 1.0;
const HIGHEST_USD: f64 = 100_000.0;
/// Most that trades in a step.
const PRINTS: usize = 3;

/// Gathers trades into a bar.
#[derive(Debug, Clone, Default)]
pub(super) struct BarBuilder {
    bar: Option<Bar>,
    value: i128,
    trade_count: i64,
}

impl BarBuilder {
    /// Adds a trade; the first one opens the bar.
    pub(super) fn add(&mut self, price: PriceTicks, shares: i64) {
        let empty = Bar {
            at_ms: 0,
            open_ticks: price,
            high_ticks: price,
            low_ticks: price,
            close_ticks: price,
            volume: 0,
        };
        let bar = self.bar.get_or_insert(empty);
        bar.high_ticks = bar.high_ticks.max(price);
        bar.low_ticks = bar.low_ticks.min(price);
        bar.close_ticks = price;
        bar.volume += shares;
        self.value += i128::from(price) * i128::from(shares);
        self.trade_count += 1;
    }

    /// Ends the bar that started at `at_ms`; `None` when nothing traded.
    pub(super) fn finish(&mut self, at_ms: i64) -> Option<TradedBar> {
        let Self { bar, value, trade_count } = std::mem::take(self);
        let bar = Bar { at_ms, ..bar? };
        let average = divide_half_even(value, i128::from(bar.volume.max(1)));
        Some(TradedBar { bar, trade_count, vwap_ticks: PriceTicks::try_from(average).ok()? })
    }
}

/// What a step is like for every stock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) at_ms: i64,
    /// Steps of the session before it.
    pub(super) done: u32,
    /// Multiplies the size of a stock's own moves, the shares traded and the spread; each about 1 on a calm day.
    pub(super) moving: f64,
    pub(super) trading: f64,
    pub(super) spread: f64,
}

/// A stock's changing state.
#[derive(Debug, Clone)]
pub(super) struct Stock {
    pub(super) instrument: Instrument,
    /// Its own, so that its path does not depend on which other stocks are simulated.
    random: Random,
    own: Process,
    news: News,
    band: PriceBand,
    /// Middle of the market before rounding to cents.
    middle_usd: f64,
    pub(super) quote: Quote,
    pub(super) minute: BarBuilder,
    pub(super) day: BarBuilder,
    pub(super) minutes: BarSeries,
    pub(super) days: BarSeries,
}

impl Stock {
    pub(super) fn new(
        symbol: usize,
        instrument: Instrument,
        series: [BarSeries; 2],
        mut random: Random,
    ) -> Self {
        let ticks = instrument.start_ticks;
        let [minutes, days] = series;
        let own = Process::new(instrument.own_daily, &mut random);
        let news = News::new(instrument.own_daily, instrument.is_company, &mut random);
        Self {
            instrument,
            random,
            own,
            news,
            band: PriceBand::new(),
            middle_usd: ticks as f64 / TICKS_PER_USD as f64,
            quote: Quote {
                symbol,
                bid_ticks: ticks,
                ask_ticks: ticks,
                bid_shares: 0,
                ask_shares: 0,
                last_ticks: ticks,
                at_ms: 0,
            },
            minute: BarBuilder::default(),
            day: BarBuilder::default(),
            minutes,
            days,
        }
    }

    /// Whether trading is paused.
    pub(super) fn is_halted(&self) -> bool {
        self.band.is_halted()
    }

    /// Middle of the market; once the session has closed, that of the next opening.
    pub(super) fn middle_usd(&self) -> f64 {
        self.middle_usd
    }

    /// Moves the price by what the market and its sector did and by its own part; gives the whole return and what
    /// it does to trading. Quotes anew unless that stops it.
    pub(super) fn step(&mut self, market: f64, sector: f64, moment: &Moment) -> (f64, Trading) {
        let own = self.own.step(moment.moving * self.news.excitement(), &mut self.random);
        let own = own + self.news.step(&mut self.random);
        let change = self.shift(market, sector, own);
        let trading = self.band.pass((self.middle_usd * 100.0) as i64, moment.done);
        if matches!(trading, Trading::Open | Trading::Resumes) {
            self.requote(moment);
        }
        (change, trading)
    }

    /// Moves the price over night; the next step quotes it. Gives whether trading was paused until now.
    pub(super) fn night(&mut self, market: f64, sector: f64, activity: f64) -> bool {
        let own = self.own.night(activity, &mut self.random) + self.news.night(&mut self.random);
        self.shift(market, sector, own);
        std::mem::replace(&mut self.band, PriceBand::new()).is_halted()
    }

    fn shift(&mut self, market: f64, sector: f64, own: f64) -> f64 {
        let change = self.instrument.beta * market + self.instrument.sector_beta * sector + own;
        // No news halves a price at once, or doubles it: a simulated company does not fail.
        let change = change.clamp(-0.5, 1.0);
        self.middle_usd = (self.middle_usd * (1.0 + change)).clamp(LOWEST_USD, HIGHEST_USD);
        change
    }

    fn requote(&mut self, moment: &Moment) {
        let random = &mut self.random;
        // Rounded up or down by chance, so that a spread of a cent and a half is one or two.
        let spread = self.instrument.spread_cents as f64 * moment.spread * self.news.excitement();
        let spread_cents = ((spread + random.unit()) as i64).max(1);
        let middle_cents = (self.middle_usd * 100.0) as i64;
        let bid_cents = (middle_cents - spread_cents / 2).max(1);
        let lots = self.instrument.displayed_lots;
        self.quote.bid_ticks = bid_cents * TICKS_PER_CENT;
        self.quote.ask_ticks = (bid_cents + spread_cents) * TICKS_PER_CENT;
        self.quote.bid_shares = 100 * random.between((lots / 3).max(1), lots * 5 / 3);
        self.quote.ask_shares = 100 * random.between((lots / 3).max(1), lots * 5 / 3);
        self.quote.at_ms = moment.at_ms;
    }

    /// Draws the trades of a step at the new quote: buyers prevail when the price rose.
    pub(super) fn trades(&mut self, change: f64, moment: &Moment) -> [Option<Print>; PRINTS] {
        let Quote { symbol, at_ms, .. } = self.quote;
        let activity = moment.trading * self.news.excitement();
        let random = &mut self.random;
        let chance = (0.5 * activity).min(0.9);
        let average = self.instrument.daily_shares * activity / (f64::from(STEPS) * PRINTS as f64 * chance);
        let buyers = if change > 0.0 { 0.65 } else { 0.35 };
        let mut prints = [None; PRINTS];
        for print in &mut prints {
            if !random.chance(chance) {
                continue;
            }
            let price_ticks = if random.chance(buyers) { self.quote.ask_ticks } else { self.quote.bid_ticks };
            // The square of a uniform has mean 1/3 and many small values, as trade sizes do.
            let draw = random.unit();
            let shares = ((average * 3.0 * draw * draw) as i64).max(1);
            self.minute.add(price_ticks, shares);
            self.day.add(price_ticks, shares);
            self.quote.last_ticks = price_ticks;
            *print = Some(Print { symbol, price_ticks, shares, at_ms });
        }
        prints
    }
}
