//! The order gate: decides whether one order may be sent. Pure, exact, fail closed, and without an allocation.
//!
//! An order is judged as *reducing* or *opening*. It reduces when it moves the position towards zero and can
//! not carry it past zero, whether or not what already works is filled. Everything else opens, including an
//! order that would flip the position through zero.
//!
//! The checks run in this order, and the first that fails gives the denial its one code. What is not known, and
//! a limit that is not set, refuse. Reducing orders pass all but the first four: exits must get out.
//!
//! | code                  | refuses when                                                               |
//! |-----------------------|----------------------------------------------------------------------------|
//! | `QTY_INVALID`         | the quantity is missing or not positive; reducing too                      |
//! | `PRICE_INVALID`       | a limit order's price is missing or not positive; reducing too             |
//! | `TICK_SIZE`           | the price is finer than the broker takes; reducing too                     |
//! | `NOT_TRADABLE`        | the broker does not trade the symbol; reducing too                         |
//! | `TRADING_HALTED`      | the kill switch is latched                                                 |
//! | `STATE_REDUCING`      | the desk only reduces                                                      |
//! | `ACCOUNT_STALE`       | the account was read too long ago                                          |
//! | `DAILY_LOSS`          | the account has lost the limit or more today                               |
//! | `DRAWDOWN`            | the equity is below its peak by the limit or more                          |
//! | `MARKET_CLOSED`       | the market is closed, or it is not known to be open                        |
//! | `CLOCK_STALE`         | the market clock was read too long ago                                     |
//! | `TIME_IN_FORCE`       | an order of this kind does not trade in this session                       |
//! | `SYMBOL_HALTED`       | the exchange has halted or paused the symbol                               |
//! | `LOT_SIZE`            | the quantity is not made of lots                                           |
//! | `QUOTE_MISSING`       | bid or ask is missing or not positive                                      |
//! | `QUOTE_CROSSED`       | the bid is above the ask                                                   |
//! | `QUOTE_STALE`         | the quote is undated or too old                                            |
//! | `PRICE_COLLAR`        | it would trade too far from the middle of the quote, to its disadvantage   |
//! | `POSITION_UNKNOWN`    | the position or the working orders are not known                           |
//! | `ORDER_QUANTITY`      | the quantity is above its limit                                            |
//! | `ORDER_NOTIONAL`      | the order's value is above its limit                                       |
//! | `DUPLICATE_ORDER`     | the symbol's last order was the same, and is too recent                    |
//! | `ORDER_RATE`          | too many orders were approved within a minute                              |
//! | `OPEN_ORDERS`         | too many orders are open                                                   |
//! | `WASH_TRADE`          | an own order on the other side could trade with it                         |
//! | `SHORT_NOT_ALLOWED`   | it could make the position short, which the limits forbid                  |
//! | `SHORT_UNAVAILABLE`   | it could make the position short, and the broker lends no shares           |
//! | `SYMBOL_POSITION`     | the worst case position's value is above its limit                         |
//! | `GROSS_EXPOSURE`      | the worst case value of all positions is above its limit                   |
//! | `NET_EXPOSURE`        | the worst case of long less short positions is beyond its limit            |
//! | `CONCENTRATION`       | the worst case position is too large a part of the equity                  |
//! | `BUYING_POWER`        | the broker's charge for it and for what is on its way is above             |
//! | `ARITHMETIC`          | a value leaves the integers' range                                         |
//!
//! [`check_agent`] judges an agent's wish before wishes are netted: `AGENT_DAILY_LOSS`, `STRATEGY_DAILY_LOSS`,
//! `AGENT_EXPOSURE`, `STRATEGY_EXPOSURE`.
//!
//! The worst case position counts what already works only where it adds to the exposure: working orders may
//! fill or be cancelled, and the limit must hold either way.

mod agent;
mod denial;
mod exposure;
mod facts;
mod funds;
mod losses;
mod market;
mod order_form;
mod pace;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
mod words;

pub use agent::check_agent;
pub use denial::{Code, Denial};
pub use facts::{
    Account, Agent, Context, Holding, Instrument, Limits, Market, Order, OrderPrice, Pace, Session,
    TimeInForce, TradingState,
};
pub use losses::check_losses;

use exposure::Reach;

/// Passes an order, or refuses it with exactly one reason.
pub fn check_order(order: &Order, context: &Context, limits: &Limits) -> Result<(), Denial> {
    let qty = order_form::check_form(order, &context.instrument)?;
    let reach = Reach::of(&context.holding);
    if reach.is_some_and(|reach| reach.is_reduced_by(order.side, qty)) {
        return Ok(());
    }
    check_state(context.state)?;
    losses::check_losses(&context.account, limits)?;
    let takes_closed = order.time_in_force == Some(TimeInForce::Opening);
    let session = market::check_session(&context.market, takes_closed, limits)?;
    order_form::check_time_in_force(order, qty, session)?;
    if context.instrument.halted {
        return Err(Denial::plain(Code::SymbolHalted));
    }
    order_form::check_lot(qty, context.instrument.lot)?;
    let quote = market::check_quote(&context.market, limits)?;
    market::check_collar(order, quote, limits.collar_bps)?;
    let reach = reach.ok_or(Denial::plain(Code::PositionUnknown))?;
    exposure::check_size(qty, quote.ask, limits)?;
    pace::check_pace(&context.pace, limits)?;
    funds::check_wash(order, &reach, context.holding.opposite_limit)?;
    funds::check_short(order, qty, &reach, context, limits)?;
    exposure::check_exposure(order, qty, &reach, quote.ask, context, limits)?;
    funds::check_buying_power(order, qty, quote, &context.account)
}

fn check_state(state: TradingState) -> Result<(), Denial> {
    match state {
        TradingState::Active => Ok(()),
        TradingState::Reducing => Err(Denial::plain(Code::StateReducing)),
        TradingState::Halted => Err(Denial::plain(Code::TradingHalted)),
    }
}
