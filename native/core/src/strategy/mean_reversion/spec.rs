//! The name, sources and parameters.

use super::super::{MOST_SYMBOLS, ParamSpec, StrategySpec};
use super::super::{exits, sizing};

/// What it is.
pub const SPEC: StrategySpec = StrategySpec {
    id: "mean-reversion",
    title: "Mean reversion",
    summary: "Buys what has fallen far below its average and sells short what has risen far above it, where prices \
              are found to revert; leaves at the average, at a stop or after two half-lives.",
    source: "Bollinger, Bollinger on Bollinger Bands (2001); half-life and gate after Chan, Algorithmic Trading (2013)",
    symbols: (1, MOST_SYMBOLS),
    params: PARAMS,
    all_in: false,
};

/// The parameters, in the order in which [`super::MeanReversion::new`] reads them.
pub const PARAMS: &[ParamSpec; 20] = &[
    ParamSpec::bars("period", 20.0, 2.0, 1_000.0, "Closes of the band."),
    ParamSpec::number("entryZ", "deviations", [2.0, 0.1, 10.0], "Enters beyond this distance from the mean."),
    ParamSpec::number("exitZ", "deviations", [0.5, 0.0, 10.0], "Leaves within this distance; below entryZ."),
    ParamSpec::number("stopZ", "deviations", [3.5, 0.1, 40.0], "Leaves beyond this distance; above entryZ."),
    ParamSpec::number("fullZ", "deviations", [3.0, 0.1, 40.0], "Distance at which the size is full."),
    ParamSpec::whole("gate", "choice", [1.0, 0.0, 1.0], "1 enters only where prices revert, 0 everywhere."),
    ParamSpec::bars("gateWindow", 250.0, 50.0, 5_000.0, "Closes that the gate looks at."),
    ParamSpec::bars("gateEvery", 250.0, 1.0, 10_000.0, "The gate's finding is good for so long."),
    ParamSpec::bars("halfLifeMin", 2.0, 0.0, 1_000.0, "Shortest half-life that opens the gate."),
    ParamSpec::bars("halfLifeMax", 60.0, 1.0, 1_000.0, "Longest half-life that opens the gate."),
    ParamSpec::number(
        "adfP",
        "probability",
        [0.05, 0.0, 1.0],
        "A unit root less likely than this opens the gate.",
    ),
    ParamSpec::number("hurst", "exponent", [0.45, 0.0, 1.0], "A Hurst exponent below this opens the gate."),
    ParamSpec::number("halfLives", "half-lives", [2.0, 0.0, 100.0], "Longest time in a position; 0 for any."),
    sizing::volatility_target(40.0),
    sizing::max_weight(2.0),
    sizing::BARS_A_YEAR,
    exits::stop_atr(3.0),
    exits::MAX_LOSS,
    exits::DRAWDOWN,
    exits::REARM,
];
