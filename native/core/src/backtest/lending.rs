//! What short positions cost.

use super::floor::Floor;
use crate::bars::date::DAY_MS;
use crate::book::BookError;
use crate::money::{Micros, PriceTicks, QtyNanos, notional_micros};

/// Billionths of a year of 365 days, in milliseconds: what divides value x rate x time.
const BORROW_UNIT: i128 = 1_000_000_000 * 365 * DAY_MS as i128;

impl Floor {
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
}

fn value(qty: QtyNanos, price: PriceTicks) -> Result<i128, BookError> {
    notional_micros(qty, price).map(i128::from).ok_or(BookError::Overflow)
}
