//! The name, sources and parameters.

use super::super::exits;
use super::super::{MOST_SYMBOLS, ParamSpec, StrategySpec};

/// What it is.
pub const SPEC: StrategySpec = StrategySpec {
    id: "arbitrage",
    title: "Statistical arbitrage",
    summary: "Trades what is left of each symbol's return after the common factors back to its mean, hedged by the \
              factors' portfolios.",
    source: "Avellaneda and Lee, Statistical arbitrage in the U.S. equities market, Quantitative Finance 10 (2010)",
    symbols: (3, MOST_SYMBOLS),
    params: PARAMS,
    all_in: false,
};

/// The parameters, in the order in which [`super::Arbitrage::new`] reads them.
pub const PARAMS: &[ParamSpec; 8] = &[
    ParamSpec::bars("window", 252.0, 30.0, 2_000.0, "Returns whose correlation makes the factors."),
    ParamSpec::bars(
        "regression",
        60.0,
        20.0,
        1_000.0,
        "Returns explained by the factors; at most the window.",
    ),
    ParamSpec::number("explainedPct", "%", [55.0, 1.0, 99.0], "Variance that the factors explain."),
    ParamSpec::number("openZ", "deviations", [1.25, 0.1, 10.0], "Opens beyond this score."),
    ParamSpec::number(
        "closeLongZ",
        "deviations",
        [0.5, 0.0, 10.0],
        "Leaves a long nearer than this; below openZ.",
    ),
    ParamSpec::number(
        "closeShortZ",
        "deviations",
        [0.75, 0.0, 10.0],
        "Leaves a short nearer than this; below openZ.",
    ),
    exits::DRAWDOWN,
    exits::REARM,
];
