//! The name, sources and parameters.

use super::super::{MOST_SYMBOLS, ParamSpec, StrategySpec};
use super::super::{exits, sizing};

/// What it is.
pub const SPEC: StrategySpec = StrategySpec {
    id: "time-series-momentum",
    title: "Time-series momentum",
    summary: "Holds what has risen over a long past and is short what has fallen, each at the same volatility; \
              decides anew once a month.",
    source: "Moskowitz, Ooi and Pedersen, Time series momentum, Journal of Financial Economics 104 (2012)",
    symbols: (1, MOST_SYMBOLS),
    params: PARAMS,
    all_in: false,
};

/// The parameters, in the order in which [`super::TimeSeriesMomentum::new`] reads them.
pub const PARAMS: &[ParamSpec; 10] = &[
    ParamSpec::bars("lookback", 252.0, 1.0, 10_000.0, "Past whose return decides the side."),
    ParamSpec::bars("every", 21.0, 1.0, 10_000.0, "From one rebalance to the next."),
    ParamSpec::whole(
        "scaled",
        "choice",
        [1.0, 0.0, 1.0],
        "1 scales to the volatility, 0 takes the weight 1.",
    ),
    sizing::volatility_target(40.0),
    sizing::max_weight(2.0),
    sizing::BARS_A_YEAR,
    exits::stop_atr(0.0),
    exits::MAX_LOSS,
    exits::DRAWDOWN,
    exits::REARM,
];
