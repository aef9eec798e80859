//! Bindings of the book. Numbers that are not safe integers throw INVALID_INPUT.

use desk_core::book::{self, AgentTarget, Leg, Position, Share, Side};
use napi_derive::napi;

use crate::errors::{Result, book_error};
use crate::numbers::{number, require};

/// What one agent holds and wants to hold, signed.
#[napi(object)]
pub struct BookAgent {
    pub agent_id: String,
    pub target_nanos: f64,
    pub position_nanos: f64,
}

/// An agent's change of position in trades between agents, signed, never zero.
#[napi(object)]
pub struct BookCross {
    pub agent_id: String,
    pub delta_nanos: f64,
}

/// An agent's part of an order or a fill; positive.
#[napi(object)]
pub struct BookShare {
    pub agent_id: String,
    pub qty_nanos: f64,
}

/// The one order left after crossing; the shares sum to the quantity exactly.
#[napi(object)]
pub struct BookOrder {
    #[napi(ts_type = "'buy' | 'sell'")]
    pub side: String,
    pub qty_nanos: f64,
    pub shares: Vec<BookShare>,
}

/// What is to be done in one symbol. The crosses sum to zero.
#[napi(object, use_nullable = true)]
pub struct BookNetting {
    pub crosses: Vec<BookCross>,
    pub order: Option<BookOrder>,
}

/// What is held and what was paid for it; both signed, cost zero when flat.
#[napi(object)]
pub struct BookPosition {
    pub qty_nanos: f64,
    pub cost_micros: f64,
}

/// A position after a fill, with the PnL that the fill realised.
#[napi(object)]
pub struct BookApplied {
    pub qty_nanos: f64,
    pub cost_micros: f64,
    pub realised_micros: f64,
}

/// One position of a book, signed, at a positive price; what is kept of a trimmed one is a multiple of the lot.
#[napi(object)]
pub struct BookLeg {
    pub qty_nanos: f64,
    pub price_ticks: f64,
    pub lot_nanos: f64,
}

/// Nets the agents' targets in one symbol into trades between agents, at the middle of the quote, and at most
/// one order. Does nothing while an order works (`workingNanos` is not 0). Without a middle price
/// (`midTicks` <= 0) nothing is crossed and only the net is ordered.
#[napi(catch_unwind)]
pub fn net_targets(
    symbol: String,
    agents: Vec<BookAgent>,
    working_nanos: f64,
    mid_ticks: f64,
) -> Result<BookNetting> {
    let agents = agents.into_iter().map(agent_target).collect::<Result<Vec<_>>>()?;
    let (working, mid) = (require("workingNanos", working_nanos)?, require("midTicks", mid_ticks)?);
    let netting = book::net_targets(&agents, working, mid).map_err(|error| book_error(&symbol, error))?;
    let crosses = netting.crosses.into_iter().map(cross).collect::<Result<Vec<_>>>()?;
    Ok(BookNetting { crosses, order: netting.order.map(order).transpose()? })
}

/// Hands one fill to the agents of an order. Exact: in whatever parts an order fills, each agent ends with
/// its share. Agents that get nothing are left out.
#[napi(catch_unwind)]
pub fn allocate_fill(shares: Vec<BookShare>, already_nanos: f64, fill_nanos: f64) -> Result<Vec<BookShare>> {
    let shares = shares.into_iter().map(share).collect::<Result<Vec<_>>>()?;
    let (already, fill) = (require("alreadyNanos", already_nanos)?, require("fillNanos", fill_nanos)?);
    let parts =
        book::allocate_fill(&shares, already, fill).map_err(|error| book_error("allocateFill", error))?;
    parts.into_iter().map(share_out).collect()
}

/// Applies a fill of `deltaNanos` (signed) to an average-cost position. To the micro:
/// cost after - realised = cost before + delta x price.
#[napi(catch_unwind)]
pub fn apply_fill(position: BookPosition, delta_nanos: f64, price_ticks: f64) -> Result<BookApplied> {
    let qty = require("qtyNanos", position.qty_nanos)?;
    let cost = require("costMicros", position.cost_micros)?;
    let (delta, price) = (require("deltaNanos", delta_nanos)?, require("priceTicks", price_ticks)?);
    let after = book::apply_fill(Position { qty, cost }, delta, price)
        .map_err(|error| book_error("applyFill", error))?;
    Ok(BookApplied {
        qty_nanos: number("qtyNanos", after.position.qty)?,
        cost_micros: number("costMicros", after.position.cost)?,
        realised_micros: number("realisedMicros", after.realised)?,
    })
}

/// Trims the heavier side of a book until it weighs no more than the lighter; returns what is kept of each leg, signed.
/// No leg grows or turns; the two sides end within any lot that could still be kept. A book with one side is given up.
#[napi(catch_unwind)]
pub fn keep_hedged(legs: Vec<BookLeg>) -> Result<Vec<f64>> {
    let legs = legs.into_iter().map(leg).collect::<Result<Vec<_>>>()?;
    let kept = book::keep_hedged(&legs).map_err(|error| book_error("keepHedged", error))?;
    kept.into_iter().map(|qty| number("qtyNanos", qty)).collect()
}

fn leg(leg: BookLeg) -> Result<Leg> {
    let (qty, price) = (require("qtyNanos", leg.qty_nanos)?, require("priceTicks", leg.price_ticks)?);
    Ok(Leg { qty, price, lot: require("lotNanos", leg.lot_nanos)? })
}

fn agent_target(agent: BookAgent) -> Result<AgentTarget> {
    let target = require("targetNanos", agent.target_nanos)?;
    let position = require("positionNanos", agent.position_nanos)?;
    Ok(AgentTarget { agent_id: agent.agent_id, target, position })
}

fn share(share: BookShare) -> Result<Share> {
    Ok(Share { qty: require("qtyNanos", share.qty_nanos)?, agent_id: share.agent_id })
}

fn share_out(share: Share) -> Result<BookShare> {
    Ok(BookShare { qty_nanos: number("qtyNanos", share.qty)?, agent_id: share.agent_id })
}

fn cross(cross: book::Cross) -> Result<BookCross> {
    Ok(BookCross { delta_nanos: number("deltaNanos", cross.delta)?, agent_id: cross.agent_id })
}

fn order(order: book::NetOrder) -> Result<BookOrder> {
    let side = if order.side == Side::Buy { "buy" } else { "sell" };
    let shares = order.shares.into_iter().map(share_out).collect::<Result<Vec<_>>>()?;
    Ok(BookOrder { side: side.to_owned(), qty_nanos: number("qtyNanos", order.qty)?, shares })
}
