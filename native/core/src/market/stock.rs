//! One simulated stock: its price, quote, trades and bars.

use super::instruments::Instrument;
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

/// A stock's changing state.
#[derive(Debug, Clone)]
pub(super) struct Stock {
    pub(super) instrument: Instrument,
    own: Process,
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
        random: &mut Random,
    ) -> Self {
        let ticks = instrument.start_ticks;
        let [minutes, days] = series;
        Self {
            instrument,
            own: Process::new(instrument.own_daily, random),
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

    /// Moves the price by what the market and its sector did and by its own part, and quotes anew.
    pub(super) fn step(
        &mut self,
        market: f64,
        sector: f64,
        activity: f64,
        at_ms: i64,
        random: &mut Random,
    ) -> f64 {
        let own = self.own.step(activity, random);
        let change = self.shift(market, sector, own);
        self.requote(activity, at_ms, random);
        change
    }

    /// Moves the price over night; the next step quotes it.
    pub(super) fn night(&mut self, market: f64, sector: f64, random: &mut Random) {
        let own = self.own.night(random);
        self.shift(market, sector, own);
    }

    fn shift(&mut self, market: f64, sector: f64, own: f64) -> f64 {
        let change = self.instrument.beta * market + self.instrument.sector_beta * sector + own;
        self.middle_usd = (self.middle_usd * (1.0 + change)).clamp(LOWEST_USD, HIGHEST_USD);
        change
    }

    fn requote(&mut self, activity: f64, at_ms: i64, random: &mut Random) {
        // The more moves, the wider the market makers stand.
        let wider = i64::from(random.chance(0.25 * activity)) + i64::from(random.chance(0.1 * activity));
        let spread_cents = self.instrument.spread_cents + wider;
        let middle_cents = (self.middle_usd * 100.0) as i64;
        let bid_cents = (middle_cents - spread_cents / 2).max(1);
        let lots = self.instrument.displayed_lots;
        self.quote.bid_ticks = bid_cents * TICKS_PER_CENT;
        self.quote.ask_ticks = (bid_cents + spread_cents) * TICKS_PER_CENT;
        self.quote.bid_shares = 100 * random.between((lots / 3).max(1), lots * 5 / 3);
        self.quote.ask_shares = 100 * random.between((lots / 3).max(1), lots * 5 / 3);
        self.quote.at_ms = at_ms;
    }

    /// Draws the trades of a step at the new quote: buyers prevail when the price rose.
    pub(super) fn trades(
        &mut self,
        change: f64,
        activity: f64,
        random: &mut Random,
    ) -> [Option<Print>; PRINTS] {
        let Quote { symbol, at_ms, .. } = self.quote;
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
