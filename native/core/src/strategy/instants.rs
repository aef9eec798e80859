//! The closes of several symbols, gathered by instant, for strategies that compare them.
//!
//! An instant counts when every symbol has a bar of it. One at which a symbol has none (a halt, an hour without a trade)
//! is passed over for all: the bar of an earlier instant is never taken for a bar of this one, targets stand, and the
//! next return spans the gap. Symbols may come one after the other, as history does; an instant that becomes whole
//! after a bar of a later one has come is still taken in, but is too old to be decided on.

use std::collections::VecDeque;

use super::{BarRefused, bar_guard};
use crate::bars::Bar;
use crate::money::PriceTicks;

/// How many bars of a symbol wait for the others; the oldest give way.
const MOST_WAITING: usize = 20_000;

/// The closes that wait for their instant to become whole.
#[derive(Debug, Clone)]
pub(super) struct Instants {
    waiting: Vec<VecDeque<Close>>,
    last_at_ms: Vec<Option<i64>>,
    newest_at_ms: i64,
    row: Vec<PriceTicks>,
}

#[derive(Debug, Clone, Copy)]
struct Close {
    at_ms: i64,
    ticks: PriceTicks,
}

/// An instant of which every symbol has a bar.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instant<'a> {
    /// One a symbol, in their order.
    pub closes: &'a [PriceTicks],
    /// Whether no symbol has a later bar.
    pub is_newest: bool,
}

impl Instants {
    pub fn new(symbols: usize) -> Self {
        Self {
            waiting: vec![VecDeque::new(); symbols],
            last_at_ms: vec![None; symbols],
            newest_at_ms: i64::MIN,
            row: Vec::with_capacity(symbols),
        }
    }

    /// Takes in the next bar of a symbol and gives the instant that it makes whole.
    #[inline]
    pub fn push(&mut self, symbol: usize, bar: &Bar) -> Result<Option<Instant<'_>>, BarRefused> {
        bar_guard::check(bar, self.last_at_ms[symbol])?;
        self.last_at_ms[symbol] = Some(bar.at_ms);
        self.newest_at_ms = self.newest_at_ms.max(bar.at_ms);
        let close = Close { at_ms: bar.at_ms, ticks: bar.close_ticks };
        let is_whole = self.complete(symbol, close) || {
            self.wait(symbol, close);
            self.whole()
        };
        Ok(is_whole.then_some(Instant { closes: &self.row, is_newest: bar.at_ms == self.newest_at_ms }))
    }

    /// Makes an instant whole for which all other symbols wait, as they do when bars come in the order of time.
    fn complete(&mut self, symbol: usize, close: Close) -> bool {
        let waits = |(other, queue): (usize, &VecDeque<Close>)| {
            queue.front().map(|first| first.at_ms) == (other != symbol).then_some(close.at_ms)
        };
        if !self.waiting.iter().enumerate().all(waits) {
            return false;
        }
        self.row.clear();
        // Its own queue is empty.
        self.row.extend(self.waiting.iter_mut().map(|queue| queue.pop_front().unwrap_or(close).ticks));
        true
    }

    fn wait(&mut self, symbol: usize, close: Close) {
        let queue = &mut self.waiting[symbol];
        if queue.len() == MOST_WAITING {
            queue.pop_front();
        }
        queue.push_back(close);
    }

    /// Drops what can never become whole; takes the first instant that is, if any, into the row.
    fn whole(&mut self) -> bool {
        // No symbol with a bar waiting can still get an older one.
        while let Some(latest) = self.latest_front() {
            let mut is_whole = true;
            for queue in &mut self.waiting {
                while queue.front().is_some_and(|close| close.at_ms < latest) {
                    queue.pop_front();
                }
                is_whole &= queue.front().is_some_and(|close| close.at_ms == latest);
            }
            if is_whole {
                self.row.clear();
                let closes = self.waiting.iter_mut().filter_map(VecDeque::pop_front);
                self.row.extend(closes.map(|close| close.ticks));
                return true;
            }
        }
        false
    }

    /// The latest of the oldest closes that wait; `None` while a symbol has none.
    fn latest_front(&self) -> Option<i64> {
        let mut latest = i64::MIN;
        for queue in &self.waiting {
            latest = latest.max(queue.front()?.at_ms);
        }
        Some(latest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bar that closes at as many ticks as its instant.
    fn bar(at_ms: i64) -> Bar {
        Bar { at_ms, open_ticks: 1, high_ticks: at_ms, low_ticks: 1, close_ticks: at_ms, volume: 0 }
    }

    /// Pushes (symbol, instant) and gives the instants that became whole, with whether they were the newest.
    fn whole(symbols: usize, pushes: &[(usize, i64)]) -> Vec<(i64, bool)> {
        let mut instants = Instants::new(symbols);
        let mut found = Vec::new();
        for (symbol, at_ms) in pushes {
            let instant = instants.push(*symbol, &bar(*at_ms)).unwrap();
            found.extend(instant.map(|instant| {
                assert!(instant.closes.iter().all(|close| *close == instant.closes[0]));
                assert_eq!(instant.closes.len(), symbols);
                (instant.closes[0], instant.is_newest)
            }));
        }
        found
    }

    #[test]
    fn gives_an_instant_once_all_symbols_have_come() {
        assert_eq!(whole(2, &[(0, 1), (1, 1), (1, 2), (0, 2)]), [(1, true), (2, true)]);
    }

    #[test]
    fn passes_over_the_instants_at_which_a_symbol_is_halted() {
        assert_eq!(
            whole(3, &[(0, 1), (1, 1), (2, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3), (0, 4)]),
            [(1, true), (3, true)]
        );
    }

    #[test]
    fn takes_histories_one_symbol_after_the_other() {
        let pushes = [(0, 1), (0, 2), (0, 3), (1, 1), (1, 3), (0, 4), (1, 4)];
        assert_eq!(whole(2, &pushes), [(1, false), (3, true), (4, true)]);
    }

    #[test]
    fn does_not_call_an_instant_new_when_a_later_one_has_begun() {
        assert_eq!(whole(2, &[(0, 1), (0, 2), (1, 1), (1, 2)]), [(1, false), (2, true)]);
    }

    #[test]
    fn refuses_a_bar_sent_twice_and_forgets_the_oldest_that_wait() {
        let mut instants = Instants::new(2);
        instants.push(0, &bar(5)).unwrap();
        assert_eq!(instants.push(0, &bar(5)).err(), Some(BarRefused::NotNewer { at: 5, last: 5 }));
        for at_ms in 6..6 + MOST_WAITING as i64 {
            instants.push(0, &bar(at_ms)).unwrap();
        }
        assert!(instants.push(1, &bar(5)).unwrap().is_none());
        assert!(instants.push(1, &bar(6)).unwrap().is_some());
    }
}
