//! The trading floor of a backtest: the account, the agents' places in it, and what is recorded. Knows no strategy.

use std::collections::BTreeMap;

use super::BacktestError;
use super::account::{Account, Book};
use super::digest::Digest;
use super::refusal::Refusal;
use super::setup::Setup;
use super::trades::{Denied, Leg, OpenTrade, Trade};
use crate::bars::Bar;
use crate::bars::date::DAY_MS;
use crate::book::{BookError, Position};
use crate::metrics::Recorder;
use crate::money::{MICROS_PER_TICK, Micros, NANOS_PER_SHARE, PriceTicks, QtyNanos, notional_micros};
use crate::strategy::{BarRefused, Reason};

/// Nothing waits for the symbol's next bar.
pub const NOTHING: i64 = i64::MAX;
/// Billionths of a year of 365 days, in milliseconds: what divides value x rate x time.
const BORROW_UNIT: i128 = 1_000_000_000 * 365 * DAY_MS as i128;
/// The symbol has had no bar.
const NO_BAR: Bar =
    Bar { at_ms: i64::MIN, open_ticks: 0, high_ticks: 0, low_ticks: 0, close_ticks: 0, volume: 0 };

/// One agent in one symbol.
pub struct Place {
    pub symbol: usize,
    pub all_in: bool,
    pub wanted: QtyNanos,
    pub reason: Reason,
    pub book: Book,
    open: Option<OpenTrade>,
}

/// The floor. What the hot loop touches is kept apart in plain vectors.
pub struct Floor {
    pub symbols: Vec<String>,
    pub setup: Setup,
    pub account: Account,
    pub places: Vec<Place>,
    pub by_symbol: Vec<Vec<usize>>, // places, in the order of the agents' ids
    pub last: Vec<Bar>,             // the bar before the one that is looked at
    pub shares: Vec<i64>,           // the account's positions
    pub waiting: Vec<i64>,          // the instant of the decision that waits for a later bar, or NOTHING
    pub recorder: Recorder,
    pub digest: Digest,
    pub trades: Vec<Trade>,
    pub denied: Vec<Denied>,
    pub denials: BTreeMap<&'static str, u64>,
    pub missed: u64,
    pub traded_now: bool,
    pub unbalanced_at_ms: Option<i64>,
    pub is_closed: bool, // all is lost: nobody is heard any more
    unallotted: Micros,
    owed: i128, // to lenders, below one micro-dollar, in parts of BORROW_UNIT
}

impl Floor {
    /// Opens a floor; `places` are (agent id, symbol, all in).
    pub fn new(symbols: Vec<String>, setup: Setup, places: Vec<(String, usize, bool)>) -> Self {
        let each = setup.cash / (places.len().max(1) as i64);
        let unallotted = setup.cash - each * places.len() as i64;
        let mut by_symbol = vec![Vec::new(); symbols.len()];
        let mut seats = Vec::with_capacity(places.len());
        for (at, (agent_id, symbol, all_in)) in places.into_iter().enumerate() {
            by_symbol[symbol].push(at);
            let book = Book {
                agent_id,
                symbol: symbols[symbol].clone(),
                initial: each,
                cash: each,
                position: Position::default(),
                realised: 0,
                fees: 0,
            };
            seats.push(Place { symbol, all_in, wanted: 0, reason: Reason::new("", &[]), book, open: None });
        }
        // Splits depend on the order of the ids. In it, a place's number among its symbol's stands for the id.
        for places in &mut by_symbol {
            places.sort_unstable_by(|one, other| seats[*one].book.agent_id.cmp(&seats[*other].book.agent_id));
        }
        let count = symbols.len();
        Self {
            account: Account::new(setup.cash, count),
            places: seats,
            by_symbol,
            last: vec![NO_BAR; count],
            shares: vec![0; count],
            waiting: vec![NOTHING; count],
            recorder: Recorder::new(setup.cash, setup.curve_points),
            digest: Digest::default(),
            trades: Vec::new(),
            denied: Vec::new(),
            denials: BTreeMap::new(),
            missed: 0,
            traded_now: false,
            unbalanced_at_ms: None,
            is_closed: false,
            unallotted,
            owed: 0,
            symbols,
            setup,
        }
    }

    /// Whether the symbol has had a bar.
    pub fn has_bar(&self, symbol: usize) -> bool {
        self.last[symbol].at_ms != i64::MIN
    }

    /// Whether a trade that is closed from now on may still be listed.
    pub fn is_listing(&self) -> bool {
        self.trades.len() < self.setup.keep
    }

    /// Notes what an agent wants from now on; it is traded on the symbol's first bar after `at_ms`.
    pub fn want(&mut self, place: usize, wanted: QtyNanos, reason: Reason, at_ms: i64) {
        if self.is_closed {
            return;
        }
        let place = &mut self.places[place];
        let same = place.all_in && place.wanted.signum() == wanted.signum();
        place.wanted = wanted;
        if !same {
            place.reason = reason;
            self.waiting[place.symbol] = at_ms;
        }
    }

    /// Cash and positions at the last closes.
    #[inline]
    pub fn equity(&self) -> Option<Micros> {
        let mut equity = self.account.cash;
        for (shares, bar) in self.shares.iter().zip(&self.last) {
            let value = shares.checked_mul(bar.close_ticks)?.checked_mul(MICROS_PER_TICK)?;
            equity = equity.checked_add(value)?;
        }
        Some(equity)
    }

    /// Books a fill on a place and gives its fee. A fill that goes through zero is booked as two.
    pub fn settle(
        &mut self,
        place: usize,
        delta: QtyNanos,
        price: PriceTicks,
        bar: &Bar,
        pays: bool,
    ) -> Result<Micros, BookError> {
        let held = self.places[place].book.position.qty;
        let closes = held != 0 && held.signum() != delta.signum();
        let first = if closes { delta.signum() * delta.abs().min(held.abs()) } else { delta };
        let mut fees = 0;
        for qty in [first, delta - first] {
            if qty != 0 {
                fees += self.settle_leg(place, qty, price, bar, pays)?;
            }
        }
        Ok(fees)
    }

    fn settle_leg(
        &mut self,
        at: usize,
        qty: QtyNanos,
        price: PriceTicks,
        bar: &Bar,
        pays: bool,
    ) -> Result<Micros, BookError> {
        let value = notional_micros(qty.abs(), price).ok_or(BookError::Overflow)?;
        let fee = if pays { self.setup.costs.commission(value, qty).ok_or(BookError::Overflow)? } else { 0 };
        let moved = (price - bar.open_ticks) * qty.signum();
        let slippage = notional_micros(qty.abs(), moved).ok_or(BookError::Overflow)?;
        // A reason is copied only for a trade that will be listed.
        let is_listed = self.is_listing();
        let place = &mut self.places[at];
        let realised = place.book.fill(qty, price, fee)?;
        let reason = || if is_listed { place.reason.clone() } else { Reason::new("", &[]) };
        let open = place.open.get_or_insert_with(|| OpenTrade::start(bar.at_ms, reason()));
        open.push(&Leg { qty, value, fee, slippage, realised });
        if place.book.position.qty == 0
            && let Some(open) = place.open.take()
        {
            let (agent_id, symbol) = (&place.book.agent_id, &place.book.symbol);
            self.recorder.push_trade(&open.closed(bar.at_ms));
            if is_listed {
                self.trades.push(open.into_trade(agent_id, symbol, bar.at_ms, place.reason.clone()));
            }
        }
        Ok(fee)
    }

    /// Records a refusal; it is put into words only if it is listed.
    pub fn deny(&mut self, at_ms: i64, symbol: usize, qty_nanos: QtyNanos, refusal: &Refusal) {
        *self.denials.entry(refusal.code()).or_default() += 1;
        if self.denied.len() < self.setup.keep {
            let (symbol, detail) = (self.symbols[symbol].clone(), refusal.to_string());
            self.denied.push(Denied { at_ms, symbol, qty_nanos, code: refusal.code(), detail });
        }
    }

    /// Charges what the short positions cost from the last closes until `elapsed_ms` later.
    pub fn pay_lenders(&mut self, elapsed_ms: i64, at_ms: i64) -> Result<(), BookError> {
        let rate = i128::from(self.setup.costs.borrow_e9);
        let mut shorts = Vec::with_capacity(self.places.len());
        let mut short = 0;
        for (symbol, position) in self.account.positions.iter().enumerate() {
            if position.qty < 0 {
                short += value(-position.qty, self.last[symbol].close_ticks)?;
            }
        }
        self.owed += short * rate * i128::from(elapsed_ms);
        let charge = self.owed / BORROW_UNIT;
        if charge == 0 {
            return Ok(());
        }
        self.owed %= BORROW_UNIT;
        let mut all = 0;
        for place in &self.places {
            let lends = self.account.positions[place.symbol].qty < 0 && place.book.position.qty < 0;
            let own =
                if lends { value(-place.book.position.qty, self.last[place.symbol].close_ticks)? } else { 0 };
            shorts.push(own);
            all += own;
        }
        self.share_out(charge, &shorts, all)?;
        self.verify(at_ms);
        Ok(())
    }

    /// Splits a charge over the places in proportion to `weights`, exactly: each pays the difference of two rounded
    /// running sums.
    fn share_out(&mut self, charge: i128, weights: &[i128], all: i128) -> Result<(), BookError> {
        let micros = |value: i128| Micros::try_from(value).map_err(|_| BookError::Overflow);
        let (mut sum, mut paid) = (0, 0);
        for (place, weight) in self.places.iter_mut().zip(weights) {
            sum += weight;
            let until = charge * sum / all.max(1);
            let fee = micros(until - paid)?;
            paid = until;
            place.book.cash -= fee;
            place.book.fees += fee;
            if let Some(open) = &mut place.open {
                open.charge(fee);
            }
        }
        self.account.cash -= micros(paid)?;
        self.account.borrowing += micros(paid)?;
        Ok(())
    }

    /// Notes the first instant at which the account does not balance or the books do not sum to it.
    pub fn verify(&mut self, at_ms: i64) {
        let holds = self.account.is_balanced() && self.books_sum();
        debug_assert!(holds, "the books do not balance at {at_ms}");
        if !holds {
            self.unbalanced_at_ms.get_or_insert(at_ms);
        }
    }

    fn books_sum(&self) -> bool {
        let cash: i128 = self.places.iter().map(|place| i128::from(place.book.cash)).sum();
        let held = |symbol: usize| {
            let places = self.by_symbol[symbol].iter();
            places.map(|place| i128::from(self.places[*place].book.position.qty)).sum::<i128>()
        };
        let positions = self.account.positions.iter().enumerate();
        cash + i128::from(self.unallotted) == i128::from(self.account.cash)
            && positions.into_iter().all(|(symbol, position)| held(symbol) == i128::from(position.qty))
    }

    /// Wants nothing any more, for a reason of the backtest's own.
    pub fn give_up(&mut self, rule: &'static str) {
        for place in &mut self.places {
            place.wanted = 0;
            place.reason = Reason::new(rule, &[]);
        }
        self.waiting.fill(NOTHING);
    }

    /// Names a bar that a strategy refused.
    #[cold]
    pub fn refused(&self, symbol: usize, at_ms: i64, source: BarRefused) -> BacktestError {
        BacktestError::Bar { symbol: self.symbols[symbol].clone(), at_ms, source }
    }

    /// Whether a target can be traded.
    pub fn is_whole(wanted: QtyNanos) -> bool {
        wanted % NANOS_PER_SHARE == 0
    }
}

fn value(qty: QtyNanos, price: PriceTicks) -> Result<i128, BookError> {
    notional_micros(qty, price).map(i128::from).ok_or(BookError::Overflow)
}
