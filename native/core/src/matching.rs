//! Matches our orders against a market that we do not move. Integers only.
//!
//! Rules, in price-time order among our own orders (a market order ranks before any limit):
//! - realistic: a quote offers its displayed size at its price, then nine more levels of the same size, each a cent
//!   worse; what is taken stays taken until the next quote. A limit order takes what the quote offers at its limit or
//!   better, the rest of it waits. A trade in the market below a waiting buy (above a waiting sell) fills it at its
//!   limit, never for more than was traded; a trade exactly at the limit does not, because the queue ahead is unknown;
//! - as a paper account: see `paper`;
//! - a stop order enters the market when its price is traded, or a price beyond; a trailing stop follows trades;
//! - two of our own orders never trade with each other.

mod ladder;
mod order;
mod paper;
mod queue;
mod stops;
mod trigger;

pub use ladder::Ladder;
pub use order::{Fill, Lifetime, NewOrder, OrderEvent, OrderKind, Refusal};
pub use paper::PaperQuote;
pub use queue::{Execution, Queue};
pub use stops::Trailed;
pub use trigger::{Trail, Trigger};

#[cfg(test)]
mod naive;
#[cfg(test)]
mod oracle;
