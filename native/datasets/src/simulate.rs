//! Runs the market simulator and writes its bars, one file a symbol, with the figures of what was made.

use std::fs::File;
use std::path::{Path, PathBuf};

use desk_core::bars::{Bar, SeriesError, read_bars};
use desk_core::market::{INSTRUMENTS, Instrument, Recording, Session};
use serde::Serialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::bar_file::{BarFile, BarFileError, Details, Header, Origin};
use crate::calibration::{Calibration, Measured};
use crate::continuity::Continuity;
use crate::digest::hex;
use crate::report::Report;
use crate::simulation_plan::{Length, PlanError, SimulatedSeries, SimulationPlan};
use crate::stamp::Zone;
use crate::write::BarWriter;

/// The market's.
const ZONE: &str = "America/New_York";

/// What was made.
#[derive(Debug, Clone, Serialize)]
pub struct Simulated {
    /// One a symbol, in the order asked for.
    pub headers: Vec<Header>,
    /// The figures of the whole days among the bars.
    pub calibration: Calibration,
}

/// Why nothing was made.
#[derive(Debug, Error)]
pub enum SimulateError {
    /// The plan breaks a rule.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A bar file cannot be written.
    #[error("{path}: it cannot be written: {reason}; free disk space or make the folder writable", path = path.display())]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The sample to compare with cannot be read.
    #[error("{path}: {reason}", path = path.display())]
    Sample {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The caller did not want to go on.
    #[error("the simulation was cancelled; nothing was written")]
    Cancelled,
    /// The simulator and the plan disagree on what a bar can be.
    #[error(transparent)]
    Bars(#[from] SeriesError),
    /// The file that was just written does not read back.
    #[error(transparent)]
    ReadBack(#[from] BarFileError),
}

/// Simulates the plan's bars and writes a bar file a symbol, each replacing its target once all are made. `sample` is a
/// CSV of the daily bars to compare with. `go_on` is told the bars made and expected after every trading day, and ends
/// the work by saying false.
///
/// # Errors
/// The plan breaks a rule, a file fails, or the simulation was cancelled.
pub fn simulate(
    plan: &SimulationPlan,
    sample: Option<&Path>,
    mut go_on: impl FnMut(u64, u64) -> bool,
) -> Result<Simulated, SimulateError> {
    let instruments = plan.instruments()?;
    let each = plan.bars_a_symbol()?;
    let sample = sample.map(measure_sample).transpose()?;
    let mut tapes = Vec::with_capacity(instruments.len());
    for (series, index) in plan.series.iter().zip(&instruments) {
        tapes.push(Tape::create(series, INSTRUMENTS[*index], each)?);
    }
    let first = Session::on_or_after(plan.first_day);
    let mut recording = Recording::new(plan.seed, first, instruments.clone(), plan.bar_s);
    let expected = each * tapes.len() as u64;
    let mut sessions = 0;
    while match plan.length {
        Length::Sessions(wanted) => sessions < wanted,
        Length::Bars(wanted) => tapes.iter().any(|tape| tape.report.rows < wanted),
    } {
        if !go_on(tapes.iter().map(|tape| tape.report.rows).sum(), expected) {
            return Err(SimulateError::Cancelled);
        }
        let bars = recording.next_session()?;
        for (tape, index) in tapes.iter_mut().zip(&instruments) {
            tape.record(bars.iter().filter(|(of, _)| of == index).map(|(_, traded)| traded.bar))?;
        }
        sessions += 1;
    }
    finish(plan, tapes, sample)
}

fn finish(
    plan: &SimulationPlan,
    tapes: Vec<Tape>,
    sample: Option<Measured>,
) -> Result<Simulated, SimulateError> {
    let mut headers = Vec::with_capacity(tapes.len());
    let mut simulated = Vec::with_capacity(tapes.len());
    for tape in tapes {
        simulated.push(Measured::simulated(tape.instrument.symbol, tape.instrument.is_fitted(), &tape.days));
        headers.push(tape.finish(plan)?);
    }
    Ok(Simulated { headers, calibration: Calibration { sample, simulated } })
}

fn measure_sample(path: &Path) -> Result<Measured, SimulateError> {
    let failed = |reason: String| SimulateError::Sample { path: path.to_owned(), reason };
    let file = File::open(path).map_err(|error| failed(error.to_string()))?;
    let bars = read_bars(file).map_err(|error| failed(error.to_string()))?;
    Ok(Measured::sample(&bars))
}

/// The bars of one symbol on their way to its file.
struct Tape {
    instrument: Instrument,
    target: PathBuf,
    writer: BarWriter,
    continuity: Continuity,
    report: Report,
    /// The whole trading days so far.
    days: Vec<Bar>,
    /// Bars after which no more are taken.
    most: u64,
}

impl Tape {
    fn create(series: &SimulatedSeries, instrument: Instrument, most: u64) -> Result<Self, SimulateError> {
        let target = series.target.clone();
        let writer = BarWriter::create(&target).map_err(|error| unwritable(&target, error))?;
        let continuity = Continuity::new(Zone::parse(ZONE).ok());
        Ok(Self { instrument, target, writer, continuity, report: Report::default(), days: Vec::new(), most })
    }

    /// Takes the bars of a session.
    fn record(&mut self, bars: impl Iterator<Item = Bar>) -> Result<(), SimulateError> {
        let mut day: Option<Bar> = None;
        for bar in bars {
            if self.report.rows == self.most {
                // The day was cut short: its figures would be those of a part.
                return Ok(());
            }
            self.report.rows += 1;
            self.continuity.push(self.report.rows, bar, &mut self.report);
            self.writer.push(&bar).map_err(|error| unwritable(&self.target, error))?;
            match &mut day {
                Some(day) => day.extend(&bar),
                None => day = Some(bar),
            }
        }
        self.days.extend(day);
        Ok(())
    }

    fn finish(mut self, plan: &SimulationPlan) -> Result<Header, SimulateError> {
        let interval_ms = self.continuity.finish(&mut self.report).unwrap_or(plan.bar_s * 1_000);
        let recipe = plan.recipe(self.instrument.symbol);
        let details = Details {
            symbol: self.instrument.symbol.to_owned(),
            time_zone: Some(ZONE.to_owned()),
            origin: Origin::Simulator,
            source_sha256: hex(&Sha256::digest(recipe)),
            report: self.report,
        };
        self.writer.finish(interval_ms, &details).map_err(|error| unwritable(&self.target, error))?;
        Ok(BarFile::open(&self.target)?.header().clone())
    }
}

fn unwritable(path: &Path, reason: std::io::Error) -> SimulateError {
    SimulateError::Unwritable { path: path.to_owned(), reason }
}
