//! Backtests from beginning to end.

use std::ops::ControlFlow;

use super::agent::Agent;
use super::block::Block;
use super::engine::Engine;
use super::outcome::Outcome;
use super::setup::Setup;
use super::stream::Streams;
use super::{BacktestError, Panel};
use crate::bars::Bar;
use crate::metrics::Recorder;
use crate::strategy::Strategy;

/// The progress of a backtest is told each time so many more bars are done, at least.
const TELL_EVERY: u64 = 65_536;

/// Told how many bars are done, and of how many; breaks to stop the backtest.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>;

/// Runs agents over a panel.
///
/// # Errors
/// See [`BacktestError`]; among them that `progress` broke it off.
pub fn run<S: Strategy>(
    panel: &Panel,
    agents: Vec<Agent<S>>,
    setup: &Setup,
    progress: Progress<'_>,
) -> Result<Outcome, BacktestError> {
    run_through(Engine::new(panel.symbols(), agents, setup)?, panel, progress)
}

/// Runs agents over a panel as the continuation of a run that ended with `setup.cash`.
///
/// # Errors
/// As [`run`].
pub fn run_on<S: Strategy>(
    panel: &Panel,
    agents: Vec<Agent<S>>,
    setup: &Setup,
    record: Recorder,
    progress: Progress<'_>,
) -> Result<Outcome, BacktestError> {
    let mut engine = Engine::new(panel.symbols(), agents, setup)?;
    engine.resume(record);
    run_through(engine, panel, progress)
}

/// Runs agents over streams of bars, one a symbol, of which it keeps a few. `total` is only passed on to `progress`.
///
/// # Errors
/// As [`run`], or a stream that goes back in time.
pub fn run_stream<S: Strategy>(
    symbols: &[String],
    streams: impl Iterator<Item = impl Iterator<Item = Bar>>,
    total: u64,
    agents: Vec<Agent<S>>,
    setup: &Setup,
    progress: Progress<'_>,
) -> Result<Outcome, BacktestError> {
    let mut stepper = Stepper { engine: Engine::new(symbols, agents, setup)?, told: 0, total, progress };
    let mut streams = Streams::new(streams);
    // Only whole instants are passed on.
    while let Some(until_ms) = streams.read_on()? {
        stepper.go(streams.until(until_ms))?;
        streams.forget(until_ms);
    }
    stepper.go(streams.until(i64::MAX))?;
    stepper.engine.finish()
}

fn run_through<S: Strategy>(
    engine: Engine<S>,
    panel: &Panel,
    progress: Progress<'_>,
) -> Result<Outcome, BacktestError> {
    let mut stepper = Stepper { engine, told: 0, total: panel.len() as u64, progress };
    stepper.go(panel.block())?;
    stepper.engine.finish()
}

/// An engine, and who is told of its progress.
struct Stepper<'a, S> {
    engine: Engine<S>,
    told: u64, // bars at the last time
    total: u64,
    progress: Progress<'a>,
}

impl<S: Strategy> Stepper<'_, S> {
    fn go(&mut self, mut rest: Block<'_>) -> Result<(), BacktestError> {
        while rest.first_ms().is_some() {
            self.engine.step(&mut rest)?;
            if self.engine.bars() >= self.told + TELL_EVERY {
                self.told = self.engine.bars();
                if (self.progress)(self.told, self.total).is_break() {
                    return Err(BacktestError::Cancelled);
                }
            }
        }
        Ok(())
    }
}
