//! The order gate: decides whether one order may be sent. Pure, exact, fail closed.
//!
//! An order is judged as *reducing* or *opening*. It reduces when it moves the position towards zero and can
//! not carry it past zero, whether or not what already works is filled. Everything else opens, including an
//! order that would flip the position through zero.
//!
//! The checks run in this order, and the first that fails gives the denial its one code:
//!
//! | code              | refuses when                                               | opening | reducing |
//! |-------------------|------------------------------------------------------------|---------|----------|
//! | `QTY_INVALID`     | the quantity is missing or not positive                    | yes     | yes      |
//! | `NOT_TRADABLE`    | the broker does not trade the symbol                       | yes     | yes      |
//! | `TRADING_HALTED`  | the desk is halted                                         | yes     | passes   |
//! | `STATE_REDUCING`  | the desk only reduces                                      | yes     | passes   |
//! | `MARKET_CLOSED`   | the market is closed, or it is not known to be open        | yes     | passes   |
//! | `CLOCK_STALE`     | the market clock is unread or too old                      | yes     | passes   |
//! | `QUOTE_MISSING`   | bid or ask is missing, not positive, or bid is above ask   | yes     | passes   |
//! | `QUOTE_STALE`     | the quote is undated or too old                            | yes     | passes   |
//! | `POSITION_UNKNOWN`| the position or the working quantity is unknown            | yes     | cannot be told apart, so refused |
//! | `ORDER_NOTIONAL`  | the order's value is above its limit, or there is no limit | yes     | passes   |
//! | `SYMBOL_POSITION` | the worst case position's value is above its limit, or there is no limit | yes | passes |
//! | `ARITHMETIC`      | a value leaves the integers' range                         | yes     | passes   |
//!
//! Values are taken at the ask: it is what a buyer pays, and what closing a short costs.
//! The worst case position counts what already works only where it adds to the exposure: working orders may
//! fill or be cancelled, and the limit must hold either way.

mod denial;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use denial::Denial;

use crate::book::Side;
use crate::money::{Micros, PriceTicks, QtyNanos, notional_micros};

/// What the operator currently allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TradingState {
    /// Positions may grow.
    Active,
    /// Positions may only shrink.
    Reducing,
    /// The kill switch is latched: positions may only shrink.
    Halted,
}

/// An order as it would be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Which way it trades.
    pub side: Side,
    /// Positive; `None` when the caller's number was not one.
    pub qty: Option<QtyNanos>,
}

/// What is known about the symbol, the market and the desk at this moment. `None` is "not known".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The broker trades the symbol.
    pub tradable: bool,
    /// The market is open.
    pub market_open: Option<bool>,
    /// Milliseconds since the market clock was read. Negative when it is dated ahead of ours.
    pub clock_age_ms: Option<i64>,
    /// Best bid.
    pub bid: Option<PriceTicks>,
    /// Best ask.
    pub ask: Option<PriceTicks>,
    /// Milliseconds since the quote was made. Negative when it is dated ahead of our clock.
    pub quote_age_ms: Option<i64>,
    /// The account's position, signed.
    pub position: Option<QtyNanos>,
    /// What is ordered and not yet filled, signed.
    pub working: Option<QtyNanos>,
    /// What the operator allows.
    pub state: TradingState,
}

/// The limits in force. `None` is "not set", which refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest value of one order.
    pub order_notional: Option<Micros>,
    /// Largest value of the position in one symbol.
    pub symbol_position: Option<Micros>,
    /// Oldest usable quote.
    pub max_quote_age_ms: Option<i64>,
    /// Oldest usable reading of the market clock.
    pub max_clock_age_ms: Option<i64>,
}

/// Passes an order, or refuses it with exactly one reason.
pub fn check_order(order: &Order, context: &Context, limits: &Limits) -> Result<(), Denial> {
    let qty = order.qty.filter(|qty| *qty > 0).ok_or(Denial::QtyInvalid)?;
    if !context.tradable {
        return Err(Denial::NotTradable);
    }
    if reduces(order.side, qty, context) {
        return Ok(());
    }
    check_state(context.state)?;
    check_market(context, limits)?;
    let ask = check_quote(context, limits)?;
    check_exposure(order.side, qty, ask, context, limits)
}

/// Tells whether the order can only bring the position closer to zero.
fn reduces(side: Side, qty: QtyNanos, context: &Context) -> bool {
    let (Some(position), Some(working)) = (context.position, context.working) else { return false };
    let (position, working) = (i128::from(position), i128::from(working));
    let order = side.sign() * i128::from(qty);
    if position == 0 || position.signum() == order.signum() {
        return false;
    }
    // An exit that already works may fill too: only what it leaves is ours to close.
    let closing = if working.signum() == position.signum() { 0 } else { working };
    let left = position + closing + order;
    left == 0 || left.signum() == position.signum()
}

fn check_state(state: TradingState) -> Result<(), Denial> {
    match state {
        TradingState::Active => Ok(()),
        TradingState::Reducing => Err(Denial::StateReducing),
        TradingState::Halted => Err(Denial::TradingHalted),
    }
}

fn check_market(context: &Context, limits: &Limits) -> Result<(), Denial> {
    if context.market_open != Some(true) {
        return Err(Denial::MarketClosed { known: context.market_open.is_some() });
    }
    if is_fresh(context.clock_age_ms, limits.max_clock_age_ms) {
        return Ok(());
    }
    Err(Denial::ClockStale { age_ms: context.clock_age_ms, limit_ms: limits.max_clock_age_ms })
}

fn check_quote(context: &Context, limits: &Limits) -> Result<PriceTicks, Denial> {
    let (bid, ask) = (context.bid, context.ask);
    let usable = bid.zip(ask).filter(|(bid, ask)| *bid > 0 && bid <= ask);
    let (_, usable_ask) = usable.ok_or(Denial::QuoteMissing { bid, ask })?;
    if is_fresh(context.quote_age_ms, limits.max_quote_age_ms) {
        return Ok(usable_ask);
    }
    Err(Denial::QuoteStale { age_ms: context.quote_age_ms, limit_ms: limits.max_quote_age_ms })
}

/// A reading dated ahead of our clock by more than the limit is as little to be trusted as an old one.
fn is_fresh(age_ms: Option<i64>, limit_ms: Option<i64>) -> bool {
    match (age_ms, limit_ms) {
        (Some(age), Some(limit)) => limit >= 0 && age.unsigned_abs() <= limit.unsigned_abs(),
        _ => false,
    }
}

fn check_exposure(
    side: Side,
    qty: QtyNanos,
    ask: PriceTicks,
    context: &Context,
    limits: &Limits,
) -> Result<(), Denial> {
    let known = context.position.zip(context.working);
    let (position, working) = known.ok_or(Denial::PositionUnknown)?;
    let notional = notional_micros(qty, ask).ok_or(Denial::Arithmetic)?;
    if limits.order_notional.is_none_or(|limit| notional > limit) {
        return Err(Denial::OrderNotional { value: notional, limit: limits.order_notional });
    }
    let worst = worst_position(side, qty, position, working).ok_or(Denial::Arithmetic)?;
    let value = notional_micros(worst, ask).ok_or(Denial::Arithmetic)?;
    if limits.symbol_position.is_none_or(|limit| value > limit) {
        return Err(Denial::SymbolPosition { value, limit: limits.symbol_position });
    }
    Ok(())
}

/// The larger of the positions that result when what works is filled and when it is cancelled, unsigned.
fn worst_position(side: Side, qty: QtyNanos, position: QtyNanos, working: QtyNanos) -> Option<QtyNanos> {
    let cancelled = i128::from(position) + side.sign() * i128::from(qty);
    let filled = cancelled + i128::from(working);
    QtyNanos::try_from(cancelled.abs().max(filled.abs())).ok()
}
