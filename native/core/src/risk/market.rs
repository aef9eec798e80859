//! Whether the market can be traded on: open, not halted, with a fresh quote near which the order would trade.

use super::denial::{Code, Denial};
use super::facts::{Limits, Market, Order, OrderPrice, Session};
use crate::book::Side;
use crate::money::PriceTicks;

pub(super) const BASIS_POINTS: i128 = 10_000;

/// Both sides of a usable quote.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    pub bid: PriceTicks,
    pub ask: PriceTicks,
}

/// Checks that the market clock is fresh and returns the session. A closed market is left to the time in force.
pub(super) fn check_session(market: &Market, takes_closed: bool, limits: &Limits) -> Result<Session, Denial> {
    let session = market.session.filter(|session| takes_closed || *session != Session::Closed);
    let session = session.ok_or(Denial::plain(Code::MarketClosed))?;
    check_age(Code::ClockStale, market.clock_age_ms, limits.max_clock_age_ms)?;
    Ok(session)
}

/// Checks that there is a fresh quote with two sides the right way round.
pub(super) fn check_quote(market: &Market, limits: &Limits) -> Result<Quote, Denial> {
    let sides = market.bid.zip(market.ask).filter(|(bid, ask)| *bid > 0 && *ask > 0);
    let (bid, ask) = sides.ok_or(Denial::plain(Code::QuoteMissing))?;
    if bid > ask {
        return Err(Denial { code: Code::QuoteCrossed, value: Some(bid), limit: Some(ask) });
    }
    check_age(Code::QuoteStale, market.quote_age_ms, limits.max_quote_age_ms)?;
    Ok(Quote { bid, ask })
}

/// A reading dated ahead of our clock by more than the limit is as little to be trusted as an old one.
pub(super) fn check_age(code: Code, age_ms: Option<i64>, limit_ms: Option<i64>) -> Result<(), Denial> {
    match (age_ms, limit_ms) {
        (Some(age), Some(limit)) if limit >= 0 && age.unsigned_abs() <= limit.unsigned_abs() => Ok(()),
        _ => Err(Denial { code, value: age_ms, limit: limit_ms }),
    }
}

/// Checks how far from the middle of the quote the order would trade, to its own disadvantage.
pub(super) fn check_collar(order: &Order, quote: Quote, limit: Option<i64>) -> Result<(), Denial> {
    let (bid, ask) = (i128::from(quote.bid), i128::from(quote.ask));
    let twice = |market: i128| match order.price {
        OrderPrice::Limit(Some(price)) => 2 * i128::from(price),
        _ => 2 * market,
    };
    let away = match order.side {
        Side::Buy => twice(ask) - (bid + ask),
        Side::Sell => (bid + ask) - twice(bid),
    };
    // Compared as products: a part of a basis point too far is too far.
    let within = |limit: i64| limit >= 0 && away * BASIS_POINTS <= i128::from(limit) * (bid + ask);
    if limit.is_some_and(within) {
        return Ok(());
    }
    let rounded_up = (away.max(0) * BASIS_POINTS + bid + ask - 1) / (bid + ask);
    Err(Denial { code: Code::PriceCollar, value: i64::try_from(rounded_up).ok(), limit })
}
