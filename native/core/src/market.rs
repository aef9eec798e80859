//! Where prices come from: a seeded simulator of a few correlated stocks, or bars replayed from a file.
//! Our own orders never move these prices.

mod instruments;
mod process;
mod random;
mod replay;
mod session;
mod simulator;
mod stock;
mod tape;

pub use instruments::{INSTRUMENTS, Instrument};
#[cfg(test)]
pub(crate) use random::Random;
pub use replay::{Replay, ReplayError};
pub use session::Session;
pub use simulator::Simulator;
pub use tape::{Clock, MarketEvent, Print, Quote, SymbolBar};

#[cfg(test)]
mod statistics;
