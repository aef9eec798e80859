//! The book: many agents, one account. Turns targets into crosses and one order, hands fills back to the
//! agents, and keeps each agent's average-cost position. Every split is exact: nothing is lost or invented.

mod allocate;
mod apply;
mod hedge;
#[cfg(test)]
mod hedge_tests;
mod net;
#[cfg(test)]
mod properties;
mod side;
#[cfg(test)]
mod tests;

pub use allocate::allocate_fill;
pub use apply::{Applied, Position, apply_fill};
pub use hedge::{Leg, keep_hedged};
pub use net::{AgentTarget, Cross, NetOrder, Netting, net_targets};
pub use side::Side;

use crate::money::QtyNanos;
use smallvec::SmallVec;

/// What an agent is told apart by: its name, or, where names would be copied at every order, a number. Splits depend on
/// the order of the ids, so numbers are given in the order of the names.
pub trait AgentId: Clone + Ord + std::fmt::Display {}

impl<Id: Clone + Ord + std::fmt::Display> AgentId for Id {}

/// An agent's part of a quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share<Id = String> {
    /// Whose part.
    pub agent_id: Id,
    /// Positive.
    pub qty: QtyNanos,
}

/// Parts of one quantity. Most orders are one agent's, whose part needs no memory of its own.
pub type Shares<Id = String> = SmallVec<[Share<Id>; 1]>;

/// Input that no correct caller gives: a bug, never a market condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// The same agent twice in one call.
    #[error("agent {0} is listed twice; each agent has one entry")]
    AgentRepeated(String),
    /// A share is not positive.
    #[error("agent {agent_id} has a share of {qty} nanos; shares are positive")]
    ShareInvalid {
        /// Whose share.
        agent_id: String,
        /// The share.
        qty: QtyNanos,
    },
    /// More would be filled than was ordered, or a negative amount.
    #[error("{already} nanos filled and {fill} more do not fit an order of {ordered}")]
    FillInvalid {
        /// Filled before.
        already: QtyNanos,
        /// Filled now.
        fill: QtyNanos,
        /// Sum of the shares.
        ordered: i128,
    },
    /// A price is zero or below.
    #[error("a fill at {0} ticks is impossible; prices are positive")]
    PriceInvalid(i64),
    /// A lot is zero or below.
    #[error("a lot of {0} nanos is impossible; lots are positive")]
    LotInvalid(i64),
    /// A flat position cannot have a cost.
    #[error("a flat position carries a cost of {0} micro-dollars; it must be zero")]
    FlatWithCost(i64),
    /// A result leaves the integers' range.
    #[error("the result is too large to represent")]
    Overflow,
}
