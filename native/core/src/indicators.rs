//! Streaming indicators: O(1) a value (amortised where a window is kept), `None` until warm. `warm_up` says how many
//! values pass before the first result.
//!
//! Prices go in and come out in the unit of the caller; the desk uses ticks. One rule for bad input: a value that is
//! not finite, or beyond 1e100 in size, is not taken in. `push` gives `None` for it and the state stays as it was.

mod adx;
mod atr;
mod average;
#[cfg(test)]
mod batch_tests;
mod bollinger;
mod ewma_volatility;
mod extremes;
mod guard;
mod macd;
mod moments;
mod pair;
#[cfg(test)]
mod push_tests;
#[cfg(test)]
mod reference_tests;
mod ring;
mod roc;
mod rsi;
mod simple;
mod stochastic;
mod vwap;
mod weighted;
#[cfg(test)]
mod window_tests;

pub use adx::{Adx, Directions};
pub(crate) use adx::{directional_index, directional_moves};
pub use atr::{Atr, true_range};
pub(crate) use atr::{greater, less};
pub use average::{Average, Seed};
pub use bollinger::{Bands, Bollinger, ZScore};
pub use ewma_volatility::{Bias, EwmaVolatility};
pub use extremes::RollingExtremes;
pub use macd::{Macd, MacdLines};
pub use moments::{Divisor, RollingMoments, Spread};
pub use pair::{Joint, Line, RollingPair};
pub use roc::Roc;
pub use rsi::{Rsi, RsiStart};
pub use simple::Sma;
pub use stochastic::{Stochastic, StochasticLines};
pub use vwap::{RollingVwap, SessionVwap};
pub use weighted::Wma;
