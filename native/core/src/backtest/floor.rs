//! The trading floor of a backtest: the account, the agents' places in it, and what is recorded. Knows no strategy.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::BacktestError;
use super::account::{Account, Book};
use super::deciding::Change;
use super::denied::Denied;
use super::digest::Digest;
use super::refusal::Refusal;
use super::setup::Setup;
use super::trades::{OpenTrade, Trade};
use crate::bars::Bar;
use crate::book::Position;
use crate::metrics::Recorder;
use crate::money::{MICROS_PER_TICK, Micros, NANOS_PER_SHARE, QtyNanos};
use crate::strategy::Reason;

/// Nothing waits for the symbol's next bar.
pub const NOTHING: i64 = i64::MAX;
/// The symbol has had no bar.
const NO_BAR: Bar =
    Bar { at_ms: i64::MIN, open_ticks: 0, high_ticks: 0, low_ticks: 0, close_ticks: 0, volume: 0 };

/// One agent in one symbol.
pub struct Place {
    pub symbol: usize,
    pub all_in: bool,
    pub wanted: QtyNanos,
    pub reason: Reason, // for what is wanted
    pub book: Book,
    pub open: Option<OpenTrade>,
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
    pub owed: i128, // to lenders, below one micro-dollar, in parts of its billionth of a year
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
                agent_id: agent_id.into(),
                symbol: symbols[symbol].as_str().into(),
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

    /// Whether something waits for a bar.
    pub fn is_waiting(&self) -> bool {
        self.waiting.iter().any(|since| *since != NOTHING)
    }

    /// Whether a trade that is closed from now on may still be listed.
    pub fn is_listing(&self) -> bool {
        self.trades.len() < self.setup.keep
    }

    /// Hears what an agent wants from now on; it is traded on the symbol's first bar of a later instant.
    pub fn hear(&mut self, change: &Change) -> Result<(), BacktestError> {
        let Change { at, seat, wanted, ref reason } = *change;
        let place = &mut self.places[seat];
        if wanted % NANOS_PER_SHARE != 0 {
            let (agent_id, symbol) = (place.book.agent_id.to_string(), place.book.symbol.to_string());
            return Err(BacktestError::TargetNotWhole { agent_id, symbol, qty_nanos: wanted });
        }
        if self.is_closed {
            return Ok(());
        }
        let same = place.all_in && place.wanted.signum() == wanted.signum();
        place.wanted = wanted;
        if !same {
            place.reason = reason.clone();
            self.waiting[place.symbol] = at.at_ms;
        }
        Ok(())
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

    /// Records a refusal.
    pub fn deny(&mut self, at_ms: i64, symbol: usize, qty_nanos: QtyNanos, refusal: Refusal) {
        *self.denials.entry(refusal.code()).or_default() += 1;
        if self.denied.len() < self.setup.keep {
            // Whoever ordered has a place in the symbol.
            let symbol = Arc::clone(&self.places[self.by_symbol[symbol][0]].book.symbol);
            self.denied.push(Denied { at_ms, symbol, qty_nanos, refusal });
        }
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
}
