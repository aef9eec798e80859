//! Trading before and after the regular session: thin, at wide spreads, and on chance of its own, so that the regular
//! path of a seed is the same with it and without it.

use super::random::Random;
use super::session::Session;
use super::stock::Stock;
use super::tape::Print;
use crate::money::TICKS_PER_USD;

/// Time between two quotes of a stock.
const STEP_MS: i64 = 60_000;
const TICKS_PER_CENT: i64 = TICKS_PER_USD / 100;
/// How much wider the spread is than at noon, and how much less is displayed.
const SPREAD: i64 = 4;
const DISPLAYED: i64 = 4;
/// How often a stock trades in a step, and its share of a regular session's volume from evening to morning.
const TRADES: f64 = 0.35;
const VOLUME: f64 = 0.02;

/// One evening or morning: from its start to before its end.
#[derive(Debug, Clone, Copy)]
struct Hours {
    start_ms: i64,
    end_ms: i64,
}

impl Hours {
    fn steps(self) -> i64 {
        (self.end_ms - self.start_ms) / STEP_MS
    }
}

/// The hours between one regular session and the next, and how far prices are on their way from the close to where the
/// next session opens.
#[derive(Debug, Clone)]
pub(super) struct ExtendedHours {
    random: Random,
    evening: Hours,
    morning: Hours,
    /// The next step, or the end of the hours that run; `None` until the first close and after the last morning.
    next_ms: Option<i64>,
    steps_left: i64,
    /// Middles of the market by position of the stock.
    middles: Vec<f64>,
}

/// What the next moment of extended hours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// A step; the first one opens the hours.
    Step { opens: bool },
    /// The hours are over.
    End,
}

impl ExtendedHours {
    pub(super) fn new(seed: u64) -> Self {
        let none = Hours { start_ms: 0, end_ms: 0 };
        // Another stream than the market's own.
        let random = Random::seeded(!seed);
        Self { random, evening: none, morning: none, next_ms: None, steps_left: 0, middles: Vec::new() }
    }

    /// Begins the evening after `closed`, with the middles at its close.
    pub(super) fn begin(&mut self, closed: Session, next: Session, middles: Vec<f64>) {
        self.evening = Hours { start_ms: closed.close_ms, end_ms: closed.evening_end_ms() };
        self.morning = Hours { start_ms: next.morning_ms(), end_ms: next.open_ms };
        self.next_ms = Some(closed.close_ms);
        self.steps_left = self.evening.steps() + self.morning.steps();
        self.middles = middles;
    }

    pub(super) fn next_ms(&self) -> Option<i64> {
        self.next_ms
    }

    /// When the hours end that a time falls in.
    pub(super) fn end_ms(&self, at_ms: i64) -> Option<i64> {
        let inside = |hours: &Hours| hours.start_ms <= at_ms && at_ms < hours.end_ms;
        [self.evening, self.morning].into_iter().find(inside).map(|hours| hours.end_ms)
    }

    /// Says what the next moment is, and passes it.
    pub(super) fn pass(&mut self) -> Next {
        let at_ms = self.next_ms.unwrap_or(i64::MAX);
        let [evening, morning] = [self.evening, self.morning];
        self.next_ms = match at_ms {
            at_ms if at_ms == evening.end_ms => Some(morning.start_ms),
            at_ms if at_ms == morning.end_ms => None,
            at_ms => Some(at_ms + STEP_MS),
        };
        if at_ms == evening.end_ms || at_ms == morning.end_ms {
            return Next::End;
        }
        self.steps_left -= 1;
        Next::Step { opens: at_ms == evening.start_ms || at_ms == morning.start_ms }
    }

    /// Moves the stock at `position` a step nearer to where it opens, quotes it, and gives what traded.
    pub(super) fn step(&mut self, position: usize, stock: &mut Stock, at_ms: i64) -> Option<Print> {
        let left = self.steps_left.max(0) as f64;
        let deviation = stock.instrument.own_daily / self.steps().sqrt();
        let middle = self.middles.get_mut(position)?;
        // A bridge: noise as large as an own day's, and at the end the price that the session opens at.
        let noise = *middle * deviation * (left / (left + 1.0)).sqrt() * self.random.normal();
        *middle += (stock.middle_usd() - *middle) / (left + 1.0) + noise;
        let middle = *middle;
        self.quote(middle, stock, at_ms);
        self.trade(stock, at_ms)
    }

    fn steps(&self) -> f64 {
        (self.evening.steps() + self.morning.steps()).max(1) as f64
    }

    fn quote(&mut self, middle_usd: f64, stock: &mut Stock, at_ms: i64) {
        let spread_cents = stock.instrument.spread_cents * SPREAD;
        let bid_cents = ((middle_usd * 100.0) as i64 - spread_cents / 2).max(1);
        let lots = (stock.instrument.displayed_lots / DISPLAYED).max(1);
        stock.quote.bid_ticks = bid_cents * TICKS_PER_CENT;
        stock.quote.ask_ticks = (bid_cents + spread_cents) * TICKS_PER_CENT;
        stock.quote.bid_shares = 100 * self.random.between(1, 2 * lots);
        stock.quote.ask_shares = 100 * self.random.between(1, 2 * lots);
        stock.quote.at_ms = at_ms;
    }

    fn trade(&mut self, stock: &mut Stock, at_ms: i64) -> Option<Print> {
        if !self.random.chance(TRADES) {
            return None;
        }
        let average = stock.instrument.daily_shares * VOLUME / (self.steps() * TRADES);
        let shares = ((average * 2.0 * self.random.unit()) as i64).max(1);
        let buys = self.random.chance(0.5);
        let price_ticks = if buys { stock.quote.ask_ticks } else { stock.quote.bid_ticks };
        stock.minute.add(price_ticks, shares);
        stock.quote.last_ticks = price_ticks;
        Some(Print { symbol: stock.quote.symbol, price_ticks, shares, at_ms })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{MarketEvent, Quote, Simulator};

    fn run(simulator: Simulator, until_ms: i64) -> Vec<MarketEvent> {
        let mut simulator = simulator;
        let mut events = Vec::new();
        simulator.advance(until_ms, &mut |event| events.push(event));
        events
    }

    fn at_ms(event: &MarketEvent) -> Option<i64> {
        match event {
            MarketEvent::Quote(quote) => Some(quote.at_ms),
            MarketEvent::Print(print) => Some(print.at_ms),
            _ => None,
        }
    }

    #[test]
    fn the_regular_sessions_are_those_of_the_seed_without_extended_hours() {
        let second = Simulator::first_session().next();
        let regular = |event: &MarketEvent| at_ms(event).is_some_and(|at| at >= second.open_ms);
        // The last price alone remembers the morning until the session has one of its own.
        let tradable = |event: MarketEvent| match event {
            MarketEvent::Quote(quote) => MarketEvent::Quote(Quote { last_ticks: 0, ..quote }),
            event => event,
        };
        let path = |simulator| {
            let events = run(simulator, second.close_ms - 1).into_iter().filter(regular);
            events.map(tradable).collect::<Vec<_>>()
        };
        let plain = path(Simulator::new(5));
        assert!(plain.len() > 50_000);
        assert!(path(Simulator::new(5).with_extended_hours(5)) == plain);
    }

    #[test]
    fn quotes_and_trades_keep_to_the_evening_and_the_morning_and_are_thin() {
        let first = Simulator::first_session();
        let events = run(Simulator::new(5).with_extended_hours(5), first.next().open_ms - 1);
        let between = |start_ms, end_ms| {
            let inside = |event: &&MarketEvent| at_ms(event).is_some_and(|at| at >= start_ms && at < end_ms);
            let found: Vec<&MarketEvent> = events.iter().filter(inside).collect();
            let trades = found.iter().filter(|event| matches!(event, MarketEvent::Print(_))).count();
            [found.len() - trades, trades]
        };
        let [quotes, trades] = between(first.close_ms, first.evening_end_ms());
        assert_eq!(quotes, 240 * 10);
        assert!((600..1_100).contains(&trades), "{trades}");
        assert_eq!(between(first.evening_end_ms(), first.next().morning_ms()), [0, 0]);
        let [quotes, trades] = between(first.next().morning_ms(), first.next().open_ms);
        assert_eq!(quotes, 330 * 10);
        assert!((850..1_500).contains(&trades), "{trades}");
        let shares = |start_ms, end_ms| {
            let bars = events.iter().filter_map(|event| match event {
                MarketEvent::Bar(bar) if (start_ms..end_ms).contains(&bar.bar.bar.at_ms) => Some(bar.bar),
                _ => None,
            });
            bars.map(|bar| bar.bar.volume).sum::<i64>()
        };
        let share = shares(first.close_ms, i64::MAX) as f64 / shares(first.open_ms, first.close_ms) as f64;
        assert!((0.01..0.04).contains(&share), "{share}");
    }

    #[test]
    fn prices_walk_from_the_close_to_the_opening() {
        let first = Simulator::first_session();
        let events = run(Simulator::new(5).with_extended_hours(5), first.next().open_ms);
        let middle = |quote: &Quote| (quote.bid_ticks + quote.ask_ticks) as f64 / 2.0;
        let of_stock = events.iter().filter_map(|event| match event {
            MarketEvent::Quote(quote) if quote.symbol == 5 => Some(*quote),
            _ => None,
        });
        let quotes: Vec<Quote> = of_stock.filter(|quote| quote.at_ms >= first.close_ms - 5_000).collect();
        let largest = quotes.windows(2).map(|pair| (middle(&pair[1]) / middle(&pair[0]) - 1.0).abs());
        assert_eq!(quotes.len(), 1 + 570 + 1);
        // A minute moves little, the way in all may be long.
        let largest = largest.fold(0.0, f64::max);
        assert!(largest < 0.01, "{largest}");
    }

    #[test]
    fn the_evening_after_an_early_close_is_short() {
        let short = Session::on_or_after(crate::bars::date::days_from_civil(2026, 11, 27));
        assert_eq!(short.evening_end_ms() - short.close_ms, 4 * 3_600_000);
        assert_eq!(short.open_ms - short.morning_ms(), 330 * 60_000);
    }
}
