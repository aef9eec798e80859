//! Whether an order is one that the broker takes at all.

use super::denial::{Code, Denial};
use super::facts::{Instrument, Order, OrderPrice, Session, TimeInForce};
use crate::money::{NANOS_PER_SHARE, PriceTicks, QtyNanos, TICKS_PER_USD};

/// Checks what holds for reducing orders too: a positive quantity, a price on its tick, a symbol that is traded.
pub(super) fn check_form(order: &Order, instrument: &Instrument) -> Result<QtyNanos, Denial> {
    let qty = order.qty.filter(|qty| *qty > 0);
    let qty = qty.ok_or(Denial { value: order.qty, ..Denial::plain(Code::QtyInvalid) })?;
    if let OrderPrice::Limit(limit) = order.price {
        check_tick(limit)?;
    }
    if instrument.tradable { Ok(qty) } else { Err(Denial::plain(Code::NotTradable)) }
}

fn check_tick(limit: Option<PriceTicks>) -> Result<(), Denial> {
    let price = limit.filter(|price| *price > 0);
    let price = price.ok_or(Denial { value: limit, ..Denial::plain(Code::PriceInvalid) })?;
    let tick = if price >= TICKS_PER_USD { TICKS_PER_USD / 100 } else { 1 };
    if price % tick == 0 {
        return Ok(());
    }
    Err(Denial { code: Code::TickSize, value: Some(price), limit: Some(tick) })
}

/// Checks that the order can trade in this session as it is.
pub(super) fn check_time_in_force(order: &Order, qty: QtyNanos, session: Session) -> Result<(), Denial> {
    use TimeInForce::{Closing, Day, GoodTillCancelled, Opening};
    let Some(time_in_force) = order.time_in_force else {
        return Err(Denial::plain(Code::TimeInForce));
    };
    let is_limit = matches!(order.price, OrderPrice::Limit(_));
    let trades = match session {
        Session::Closed => time_in_force == Opening,
        Session::Regular => time_in_force != Opening,
        Session::Extended => {
            let stays = matches!(time_in_force, Day | GoodTillCancelled);
            (order.extended_hours && is_limit && stays) || matches!(time_in_force, Opening | Closing)
        }
    };
    // Brokers take parts of a share for the day only.
    let whole = qty % NANOS_PER_SHARE == 0;
    if trades && (whole || time_in_force == Day) { Ok(()) } else { Err(Denial::plain(Code::TimeInForce)) }
}

/// Checks that the quantity is made of lots.
pub(super) fn check_lot(qty: QtyNanos, lot: Option<QtyNanos>) -> Result<(), Denial> {
    match lot {
        Some(lot) if lot > 0 && qty % lot == 0 => Ok(()),
        _ => Err(Denial { code: Code::LotSize, value: Some(qty), limit: lot }),
    }
}
