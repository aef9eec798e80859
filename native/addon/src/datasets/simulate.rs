//! Bars made by the market simulator.

use std::path::PathBuf;
use std::sync::Arc;

use desk_core::bars::date::DAY_MS;
use desk_datasets::{Length, PlanError, SimulateError, SimulatedSeries, SimulationPlan, simulate};
use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::job::{self, CANCELLED, Watch};
use super::{DATA_DIR_UNWRITABLE, DATASET_INVALID, to_json};
use crate::errors::{INVALID_INPUT, Result, coded};
use crate::numbers::require;

/// Bars that are to be simulated.
#[napi(object, use_nullable = true)]
pub struct BarSimulationPlan {
    pub series: Vec<SimulatedBars>,
    pub seed: f64,
    /// Midnight of the first day in UTC.
    pub start_ms: f64,
    pub bar_s: f64,
    /// How many trading days; null where `bars` counts.
    pub days: Option<f64>,
    /// How many bars of each symbol; null where `days` counts.
    pub bars: Option<f64>,
    /// CSV of daily bars to compare with; null for none.
    pub sample: Option<String>,
}

/// One symbol and the bar file that it becomes.
#[napi(object)]
pub struct SimulatedBars {
    pub symbol: String,
    pub target: String,
}

/// How far a simulation is.
#[napi(object)]
pub struct BarSimulationProgress {
    /// Of all symbols.
    pub bars: f64,
    /// Expected; a pause in trading can leave a few out.
    pub total_bars: f64,
}

/// One run of the market simulator into bar files.
#[napi]
pub struct BarSimulation(Arc<Watch>);

#[napi]
impl BarSimulation {
    /// Prepares a simulation; nothing is made before `run`.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self(Arc::default())
    }

    /// Simulates on a thread of its own. Resolves with JSON: headers and a calibration. Rejects with INVALID_INPUT,
    /// UNKNOWN_SYMBOL, DATASET_INVALID, DATA_DIR_UNWRITABLE, CANCELLED.
    #[napi(catch_unwind)]
    pub fn run<'env>(
        &self,
        env: &'env Env,
        plan: BarSimulationPlan,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let watch = Arc::clone(&self.0);
        job::start(env, "bar simulation", move || run(plan, &watch))
    }

    /// Ends the simulation soon; its promise rejects with CANCELLED.
    #[napi]
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// How far it is; free to ask at any rate.
    #[napi]
    pub fn progress(&self) -> BarSimulationProgress {
        let [bars, total_bars] = self.0.counts();
        BarSimulationProgress { bars, total_bars }
    }
}

fn run(mut plan: BarSimulationPlan, watch: &Watch) -> Result<String> {
    let sample = plan.sample.take().map(PathBuf::from);
    let go_on = |made, expected| watch.goes_on([made, expected]);
    let simulated = simulate(&parse_plan(plan)?, sample.as_deref(), go_on).map_err(simulate_error)?;
    to_json(&simulated)
}

fn parse_plan(plan: BarSimulationPlan) -> Result<SimulationPlan> {
    let count = |name, value| {
        let whole = require(name, value)?;
        u64::try_from(whole)
            .map_err(|_| coded(INVALID_INPUT, format!("{name} is {whole}; it must not be negative")))
    };
    let length = match (plan.days, plan.bars) {
        (Some(days), None) => Length::Sessions(count("days", days)?),
        (None, Some(bars)) => Length::Bars(count("bars", bars)?),
        _ => return Err(coded(INVALID_INPUT, "days or bars must be given, and not both")),
    };
    let series = plan.series.into_iter();
    Ok(SimulationPlan {
        series: series
            .map(|SimulatedBars { symbol, target }| SimulatedSeries { symbol, target: target.into() })
            .collect(),
        seed: count("seed", plan.seed)?,
        first_day: require("startMs", plan.start_ms)?.div_euclid(DAY_MS),
        bar_s: require("barS", plan.bar_s)?,
        length,
    })
}

fn simulate_error(error: SimulateError) -> napi::Error<&'static str> {
    let code = match error {
        SimulateError::Plan(PlanError::UnknownSymbol(_)) => "UNKNOWN_SYMBOL",
        SimulateError::Plan(_) | SimulateError::Bars(_) => INVALID_INPUT,
        SimulateError::Unwritable { .. } => DATA_DIR_UNWRITABLE,
        SimulateError::Cancelled => CANCELLED,
        SimulateError::Sample { .. } | SimulateError::ReadBack(_) => DATASET_INVALID,
    };
    coded(code, error)
}
