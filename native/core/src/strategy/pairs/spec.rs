//! The name, sources and parameters.

use super::super::exits;
use super::super::{MOST_SYMBOLS, ParamSpec, StrategySpec};

/// What it is.
pub const SPEC: StrategySpec = StrategySpec {
    id: "pairs",
    title: "Pairs",
    summary: "Finds the symbols that move together; when two come apart, it is short the dear one and holds the cheap \
              one until they meet.",
    source: "Gatev, Goetzmann and Rouwenhorst, Review of Financial Studies 19 (2006); Engle and Granger, Econometrica 55 \
             (1987); Chan, Algorithmic Trading (2013)",
    symbols: (2, MOST_SYMBOLS),
    params: PARAMS,
    all_in: false,
};

/// The parameters, in the order in which [`super::Pairs::new`] reads them.
pub const PARAMS: &[ParamSpec; 12] = &[
    ParamSpec::whole("method", "choice", [1.0, 0.0, 2.0], "0 distance, 1 cointegration, 2 Kalman hedge."),
    ParamSpec::bars("formation", 252.0, 20.0, 5_000.0, "Instants that pairs are formed on."),
    ParamSpec::bars("trading", 126.0, 1.0, 5_000.0, "Instants that formed pairs are traded."),
    ParamSpec::whole("pairs", "pairs", [1.0, 1.0, 8.0], "Most pairs at once; no symbol is in two."),
    ParamSpec::number(
        "entryZ",
        "deviations",
        [2.0, 0.1, 10.0],
        "Opens beyond this spread; not by Kalman, which takes 1.",
    ),
    ParamSpec::number(
        "exitZ",
        "deviations",
        [0.5, 0.0, 10.0],
        "Leaves within this spread, by cointegration; below entryZ.",
    ),
    ParamSpec::number(
        "stopZ",
        "deviations",
        [4.0, 0.1, 40.0],
        "Leaves beyond this spread, by cointegration; above entryZ.",
    ),
    ParamSpec::number(
        "cointP",
        "probability",
        [0.1, 0.0001, 1.0],
        "Largest p-value of the cointegration test.",
    ),
    ParamSpec::number("delta", "share", [1e-4, 1e-9, 0.5], "How fast the Kalman hedge may drift."),
    ParamSpec::number(
        "noise",
        "points squared",
        [1e-3, 1e-9, 1e3],
        "Variance that the Kalman filter takes for noise.",
    ),
    exits::DRAWDOWN,
    exits::REARM,
];
