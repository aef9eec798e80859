//! The name, sources and parameters.

use super::super::{MOST_SYMBOLS, ParamSpec, StrategySpec};
use super::super::{exits, sizing};

/// What it is.
pub const SPEC: StrategySpec = StrategySpec {
    id: "cross-sectional-momentum",
    title: "Cross-sectional momentum",
    summary: "Ranks its symbols by their past return, holds the best and is short the worst, in overlapping tranches.",
    source: "Jegadeesh and Titman, Returns to buying winners and selling losers, Journal of Finance 48 (1993); crash \
             control of Barroso and Santa-Clara, Momentum has its moments, Journal of Financial Economics 116 (2015)",
    symbols: (2, MOST_SYMBOLS),
    params: PARAMS,
    all_in: false,
};

/// The parameters, in the order in which [`super::CrossSectionalMomentum::new`] reads them.
pub const PARAMS: &[ParamSpec; 11] = &[
    ParamSpec::bars("formation", 126.0, 1.0, 10_000.0, "Period whose return ranks the symbols."),
    ParamSpec::bars("skip", 21.0, 0.0, 1_000.0, "Left out between the formation period and now."),
    ParamSpec::bars("every", 21.0, 1.0, 10_000.0, "From one rebalance to the next."),
    ParamSpec::whole(
        "tranches",
        "tranches",
        [6.0, 1.0, 24.0],
        "Overlapping portfolios; one is replaced at a rebalance.",
    ),
    ParamSpec::number(
        "sharePct",
        "%",
        [10.0, 1.0, 50.0],
        "Part of the symbols held on each side; at least one.",
    ),
    ParamSpec::whole(
        "crashControl",
        "choice",
        [0.0, 0.0, 1.0],
        "1 scales to the volatility of winners less losers.",
    ),
    sizing::volatility_target(12.0),
    sizing::max_weight(1.0),
    sizing::BARS_A_YEAR,
    exits::DRAWDOWN,
    exits::REARM,
];
