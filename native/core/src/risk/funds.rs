//! Whether the broker would refuse the order for want of money or shares, or because it meets one of our own.

use super::denial::{Code, Denial};
use super::exposure::{Reach, sum, value};
use super::facts::{Account, Context, Limits, Order, OrderPrice};
use super::market::Quote;
use crate::book::Side;
use crate::money::{PriceTicks, QtyNanos, TICKS_PER_USD};

/// Below this price the broker charges a market order with the larger cushion.
const CHEAP: PriceTicks = 50 * TICKS_PER_USD;

/// Refuses an order that could trade with an own order on the other side.
pub(super) fn check_wash(
    order: &Order,
    reach: &Reach,
    opposite_limit: Option<PriceTicks>,
) -> Result<(), Denial> {
    if reach.opposite(order.side) == 0 {
        return Ok(());
    }
    let OrderPrice::Limit(own) = order.price else { return Err(Denial::plain(Code::WashTrade)) };
    let apart = own.zip(opposite_limit).is_some_and(|(own, opposite)| match order.side {
        Side::Buy => own < opposite,
        Side::Sell => own > opposite,
    });
    if apart { Ok(()) } else { Err(Denial { code: Code::WashTrade, value: own, limit: opposite_limit }) }
}

/// Refuses a short position that the limits or the broker do not allow.
pub(super) fn check_short(
    order: &Order,
    qty: QtyNanos,
    reach: &Reach,
    context: &Context,
    limits: &Limits,
) -> Result<(), Denial> {
    if order.side == Side::Buy || reach.furthest(Side::Sell, qty) >= 0 {
        return Ok(());
    }
    if !limits.shorting {
        return Err(Denial::plain(Code::ShortNotAllowed));
    }
    if context.instrument.shortable { Ok(()) } else { Err(Denial::plain(Code::ShortUnavailable)) }
}

/// Checks the order's charge and what is on its way against the buying power.
pub(super) fn check_buying_power(
    order: &Order,
    qty: QtyNanos,
    quote: Quote,
    account: &Account,
) -> Result<(), Denial> {
    let charge = value(i128::from(qty), charge_price(order, quote)?)?;
    let needed = sum(account.reserved.filter(|reserved| *reserved >= 0), charge)?;
    if needed.zip(account.buying_power).is_some_and(|(needed, power)| needed <= power) {
        return Ok(());
    }
    Err(Denial { code: Code::BuyingPower, value: needed, limit: account.buying_power })
}

/// The price at which the broker charges an opening order: a market order has no limit, so a cushion stands in for it.
fn charge_price(order: &Order, quote: Quote) -> Result<PriceTicks, Denial> {
    let cushioned = |permille: i64| {
        let charge = quote.ask.checked_mul(permille).and_then(|scaled| scaled.checked_add(999));
        charge.map(|charge| charge / 1_000).ok_or(Denial::plain(Code::Arithmetic))
    };
    match (order.side, order.price) {
        (Side::Buy, OrderPrice::Limit(Some(limit))) => Ok(limit),
        (Side::Buy, _) => cushioned(if quote.ask < CHEAP { 1_040 } else { 1_025 }),
        (Side::Sell, OrderPrice::Limit(Some(limit))) => Ok(limit.max(cushioned(1_030)?)),
        (Side::Sell, _) => cushioned(1_030),
    }
}
