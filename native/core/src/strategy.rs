//! Strategies: completed bars in, wanted positions out. They never order and never see an account.

mod arbitrage;
#[cfg(test)]
mod arbitrage_tests;
mod bar_guard;
mod basket;
mod cross_sectional_momentum;
#[cfg(test)]
mod cross_sectional_momentum_tests;
mod decision;
mod each;
mod exits;
mod instants;
mod interface;
#[cfg(test)]
mod invariant_tests;
mod learnt;
mod mean_reversion;
#[cfg(test)]
mod mean_reversion_tests;
mod momentum;
#[cfg(test)]
mod momentum_tests;
mod nearest;
mod neural;
#[cfg(test)]
mod neural_tests;
mod pairs;
#[cfg(test)]
mod pairs_tests;
mod params;
mod position;
mod reason;
mod registry;
mod sizing;
mod sma_cross;
#[cfg(test)]
mod sma_cross_tests;
mod tail;
#[cfg(test)]
mod test_bars;
mod time_series_momentum;
#[cfg(test)]
mod time_series_momentum_tests;

pub use arbitrage::Arbitrage;
pub use bar_guard::{BarRefused, MAX_PRICE_TICKS, check as bar_is_sane};
pub use cross_sectional_momentum::CrossSectionalMomentum;
pub use decision::{Action, Decision};
pub use each::Each;
pub use interface::{Strategy, SymbolStrategy};
pub use learnt::StateRefused;
pub use mean_reversion::MeanReversion;
pub use momentum::Momentum;
pub use neural::Neural;
pub use pairs::Pairs;
pub use params::{ParamSpec, StrategyError, parse};
pub use reason::{Measure, Reason, Unit};
pub use registry::{MOST_SYMBOLS, STRATEGIES, StrategySpec, build, spec};
pub use sma_cross::SmaCross;
pub use time_series_momentum::TimeSeriesMomentum;
