//! Matches our orders against a market that we do not move. Integers only.
//!
//! Rules, in price-time order among our own orders (a market order ranks before any limit):
//! - a quote offers its displayed size at its price, then nine more levels of the same size, each a cent worse;
//!   what is taken stays taken until the next quote;
//! - a limit order takes what the quote offers at its limit or better, the rest of it waits;
//! - a trade in the market below a waiting buy (above a waiting sell) fills it at its limit, never for more than
//!   was traded; a trade exactly at the limit does not, because the queue ahead is unknown;
//! - two of our own orders never trade with each other.

mod ladder;
mod order;
mod queue;

pub use ladder::Ladder;
pub use order::{Fill, NewOrder, OrderKind, Refusal};
pub use queue::{Execution, Queue};

#[cfg(test)]
mod naive;
#[cfg(test)]
mod oracle;
