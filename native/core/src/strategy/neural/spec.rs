//! The name, sources and parameters.

use super::super::{MOST_SYMBOLS, ParamSpec, StrategySpec};
use super::super::{exits, sizing};

/// What it is.
pub const SPEC: StrategySpec = StrategySpec {
    id: "neural",
    title: "Neural forecast",
    summary: "A small network forecasts the next bar and learns from each; trades a fraction of Kelly's size, and only \
              while its last forecasts were better than chance and than expecting no change.",
    source: "Online gradient descent on Huber's loss (1964); GRU of Cho et al. (2014); MASE of Hyndman and Koehler, \
             International Journal of Forecasting 22 (2006); Kelly, Bell System Technical Journal 35 (1956)",
    symbols: (1, MOST_SYMBOLS),
    params: PARAMS,
    all_in: false,
};

/// The parameters, in the order in which [`super::Neural::new`] reads them.
pub const PARAMS: &[ParamSpec; 11] = &[
    ParamSpec::whole(
        "network",
        "choice",
        [0.0, 0.0, 1.0],
        "0 is the perceptron 16-32-1, 1 the GRU of 16 cells.",
    ),
    ParamSpec::whole("seed", "seed", [1.0, 0.0, 1e9], "Chooses the weights that it starts from."),
    ParamSpec::number("rate", "a step", [0.001, 1e-6, 0.1], "How far a step of learning goes."),
    ParamSpec::bars("judged", 500.0, 100.0, 5_000.0, "Last forecasts that must prove skill, one a bar."),
    sizing::volatility_target(40.0),
    sizing::max_weight(2.0),
    sizing::BARS_A_YEAR,
    exits::stop_atr(3.0),
    exits::MAX_LOSS,
    exits::DRAWDOWN,
    exits::REARM,
];
