//! The name, sources and parameters.

use super::super::{MOST_SYMBOLS, ParamSpec, StrategySpec};

/// What it is.
pub const SPEC: StrategySpec = StrategySpec {
    id: "momentum",
    title: "Momentum",
    summary: "Follows the trend while two averages, the rate of change and the trend's strength agree; \
              leaves when the averages cross back or a stop that trails the best price is reached.",
    source: "EMA cross with J. W. Wilder, New Concepts in Technical Trading Systems (1978): ADX, ATR",
    symbols: (1, MOST_SYMBOLS),
    params: PARAMS,
    all_in: false,
};

/// The parameters, in the order in which [`super::Momentum::new`] reads them.
pub const PARAMS: &[ParamSpec; 7] = &[
    ParamSpec::bars("fast", 12.0, 2.0, 200.0, "Period of the fast EMA."),
    ParamSpec::bars("slow", 26.0, 3.0, 400.0, "Period of the slow EMA; more than fast."),
    ParamSpec::bars("roc", 10.0, 1.0, 200.0, "Period of the rate of change that must agree."),
    ParamSpec::bars("adxPeriod", 14.0, 2.0, 100.0, "Period of the trend filter."),
    ParamSpec {
        name: "adxFloor",
        default: 20.0,
        min: 0.0,
        max: 100.0,
        whole: false,
        unit: "points",
        summary: "Enters only while ADX is above this.",
    },
    ParamSpec::bars("atrPeriod", 14.0, 2.0, 100.0, "Period of the range that the stop is measured in."),
    ParamSpec {
        name: "stopAtr",
        default: 3.0,
        min: 0.5,
        max: 20.0,
        whole: false,
        unit: "ATR",
        summary: "Distance of the trailing stop.",
    },
];
