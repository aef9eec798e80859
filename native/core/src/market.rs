//! Where prices come from: a seeded simulator of a few correlated stocks, or bars replayed from a file.
//! Our own orders never move these prices.

mod climate;
mod daily_facts;
mod extended_hours;
mod holidays;
mod hour;
mod instruments;
mod news;
mod price_band;
mod process;
mod random;
mod recording;
mod replay;
mod session;
mod simulator;
mod stock;
mod tape;

pub use daily_facts::{DailyFacts, Figure};
pub use instruments::{INSTRUMENTS, Instrument};
pub use random::Random;
pub use recording::Recording;
pub use replay::{Replay, ReplayError};
pub use session::Session;
pub use simulator::Simulator;
pub use tape::{Clock, MarketEvent, Print, Quote, SymbolBar, TradingStatus};

#[cfg(test)]
mod calibration;
#[cfg(test)]
mod statistics;
