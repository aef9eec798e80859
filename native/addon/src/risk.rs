//! Bindings of the order gate. A number that is not a safe integer counts as unknown, so it refuses new risk.

use desk_core::book::Side;
use desk_core::risk::{self, TradingState};
use napi_derive::napi;

use crate::errors::{INVALID_INPUT, Result, coded};
use crate::numbers::integer;

/// An order as it would be sent.
#[napi(object)]
pub struct RiskOrder {
    pub symbol: String,
    #[napi(ts_type = "'buy' | 'sell'")]
    pub side: String,
    /// Positive.
    pub qty_nanos: f64,
}

/// What is known at this moment; `null` is "not known".
#[napi(object, use_nullable = true)]
pub struct RiskContext {
    pub tradable: bool,
    pub market_open: Option<bool>,
    pub clock_age_ms: Option<f64>,
    pub bid_ticks: Option<f64>,
    pub ask_ticks: Option<f64>,
    pub quote_age_ms: Option<f64>,
    /// The account's position, signed.
    pub position_nanos: Option<f64>,
    /// What is ordered and not yet filled, signed.
    pub working_nanos: f64,
    #[napi(ts_type = "'active' | 'reducing' | 'halted'")]
    pub state: String,
}

/// The limits in force.
#[napi(object)]
pub struct RiskLimits {
    pub order_notional_micros: f64,
    pub symbol_position_micros: f64,
    pub max_quote_age_ms: f64,
    pub max_clock_age_ms: f64,
}

/// The gate's answer: `code` is APPROVED or the one reason of the denial.
#[napi(object)]
pub struct RiskVerdict {
    pub approved: bool,
    #[napi(
        ts_type = "'APPROVED' | 'QTY_INVALID' | 'NOT_TRADABLE' | 'TRADING_HALTED' | 'STATE_REDUCING' | 'MARKET_CLOSED' | 'CLOCK_STALE' | 'QUOTE_MISSING' | 'QUOTE_STALE' | 'POSITION_UNKNOWN' | 'ORDER_NOTIONAL' | 'SYMBOL_POSITION' | 'ARITHMETIC'"
    )]
    pub code: String,
    /// A sentence for people; empty when approved.
    pub detail: String,
}

/// Decides whether an order may be sent. Pure; refuses new risk on anything missing, stale or not a whole
/// number. Orders that only reduce the position pass all but QTY_INVALID and NOT_TRADABLE, and never flip it.
#[napi(catch_unwind)]
pub fn check_order(order: RiskOrder, context: RiskContext, limits: RiskLimits) -> Result<RiskVerdict> {
    let checked = risk::Order { side: side(&order.side)?, qty: integer(order.qty_nanos) };
    let denial = risk::check_order(&checked, &known(&context), &in_force(&limits)).err();
    Ok(RiskVerdict {
        approved: denial.is_none(),
        code: denial.map_or("APPROVED", |denial| denial.code()).to_owned(),
        detail: denial
            .map_or_else(String::new, |denial| format!("{} {}: {denial}", order.side, order.symbol)),
    })
}

fn side(text: &str) -> Result<Side> {
    match text {
        "buy" => Ok(Side::Buy),
        "sell" => Ok(Side::Sell),
        _ => Err(coded(INVALID_INPUT, format!("the side is {text}; it must be buy or sell"))),
    }
}

fn known(context: &RiskContext) -> risk::Context {
    let state = match context.state.as_str() {
        "active" => TradingState::Active,
        "reducing" => TradingState::Reducing,
        _ => TradingState::Halted,
    };
    risk::Context {
        tradable: context.tradable,
        market_open: context.market_open,
        clock_age_ms: context.clock_age_ms.and_then(integer),
        bid: context.bid_ticks.and_then(integer),
        ask: context.ask_ticks.and_then(integer),
        quote_age_ms: context.quote_age_ms.and_then(integer),
        position: context.position_nanos.and_then(integer),
        working: integer(context.working_nanos),
        state,
    }
}

fn in_force(limits: &RiskLimits) -> risk::Limits {
    risk::Limits {
        order_notional: integer(limits.order_notional_micros),
        symbol_position: integer(limits.symbol_position_micros),
        max_quote_age_ms: integer(limits.max_quote_age_ms),
        max_clock_age_ms: integer(limits.max_clock_age_ms),
    }
}
