//! Books fills: on the places of the agents, and as trades.

use super::floor::Floor;
use super::trades::{Leg, OpenTrade};
use crate::bars::Bar;
use crate::book::BookError;
use crate::money::{Micros, PriceTicks, QtyNanos, notional_micros};
use crate::strategy::Reason;

impl Floor {
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
        let fee = self.settle_leg(place, first, price, bar, pays)?;
        let rest = delta - first;
        Ok(fee + if rest == 0 { 0 } else { self.settle_leg(place, rest, price, bar, pays)? })
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
            self.recorder.push_trade(&open.closed(bar.at_ms));
            if is_listed {
                self.trades.push(open.into_trade(&place.book, bar.at_ms, place.reason.clone()));
            }
        }
        Ok(fee)
    }
}
