//! What is to be simulated, and the bounds of that.

use std::collections::BTreeSet;
use std::path::PathBuf;

use desk_core::bars::date::civil_from_days;
use desk_core::market::INSTRUMENTS;
use thiserror::Error;

/// Sizes of bars that divide a session, in seconds, each with its number of bars in one.
const BARS_A_SESSION: [(i64, u64); 6] =
    [(60, 390), (300, 78), (900, 26), (1_800, 13), (3_600, 7), (86_400, 1)];
/// Fifty years.
const MOST_SESSIONS: u64 = 12_600;
/// Of all symbols together: half a gigabyte.
const MOST_BARS: u64 = 10_000_000;
/// The clocks of New York changed by other rules before.
const EARLIEST_YEAR: i64 = 2007;
const LATEST_YEAR: i64 = 2099;

/// One symbol, and the bar file that it becomes.
#[derive(Debug, Clone)]
pub struct SimulatedSeries {
    /// One of the simulator's.
    pub symbol: String,
    /// Replaced once the new one is whole.
    pub target: PathBuf,
}

/// How long the simulated time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Trading days.
    Sessions(u64),
    /// Bars of each symbol.
    Bars(u64),
}

/// Bars that the simulator is to make. The same plan always gives the same bars.
#[derive(Debug, Clone)]
pub struct SimulationPlan {
    /// What is made, at least one.
    pub series: Vec<SimulatedSeries>,
    /// Of the market.
    pub seed: u64,
    /// Simulation begins on this day, or on the Monday after; days since 1970.
    pub first_day: i64,
    /// 60, 300, 900, 1800, 3600 or 86400 seconds.
    pub bar_s: i64,
    /// How many.
    pub length: Length,
}

/// Why a plan cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// The simulator has other stocks.
    #[error("symbols: the simulator has no {0}; it has {known}", known = known_symbols())]
    UnknownSymbol(String),
    /// A symbol stands there twice, or there is none.
    #[error("symbols: name each symbol once, and at least one")]
    Symbols,
    /// Bars of this size do not divide a session.
    #[error("bar size is {0} s; it must be 60, 300, 900, 1800, 3600 or 86400")]
    BarSize(i64),
    /// The day is outside the years that are modelled.
    #[error("start: the first day must lie from {EARLIEST_YEAR}-01-01 to {LATEST_YEAR}-12-31")]
    FirstDay,
    /// A bar file has at least two bars.
    #[error("that makes {0} bar a symbol; at least 2 are needed: ask for more days")]
    TooShort(u64),
    /// Longer than prices are simulated.
    #[error("that takes {0} trading days; at most {MOST_SESSIONS} are simulated: ask for fewer")]
    TooManySessions(u64),
    /// More than a disk should hold.
    #[error(
        "that makes {0} bars; at most {MOST_BARS} are made at once: ask for fewer days, larger bars or fewer symbols"
    )]
    TooManyBars(u64),
}

impl SimulationPlan {
    /// Checks the plan and gives the index of each symbol's instrument.
    pub(crate) fn instruments(&self) -> Result<Vec<usize>, PlanError> {
        let position = |series: &SimulatedSeries| {
            let found = INSTRUMENTS.iter().position(|instrument| instrument.symbol == series.symbol);
            found.ok_or_else(|| PlanError::UnknownSymbol(series.symbol.clone()))
        };
        let instruments = self.series.iter().map(position).collect::<Result<Vec<usize>, PlanError>>()?;
        let is_once = instruments.iter().collect::<BTreeSet<_>>().len() == instruments.len();
        if instruments.is_empty() || !is_once {
            return Err(PlanError::Symbols);
        }
        let (year, _, _) = civil_from_days(self.first_day);
        if !(EARLIEST_YEAR..=LATEST_YEAR).contains(&year) {
            return Err(PlanError::FirstDay);
        }
        self.check_length()?;
        Ok(instruments)
    }

    /// Bars that a session gives each symbol; a pause in its trading can leave one out.
    pub(crate) fn bars_a_session(&self) -> Result<u64, PlanError> {
        let found = BARS_A_SESSION.iter().find(|(bar_s, _)| *bar_s == self.bar_s);
        found.map(|(_, bars)| *bars).ok_or(PlanError::BarSize(self.bar_s))
    }

    /// Bars of each symbol when no trading is paused.
    pub(crate) fn bars_a_symbol(&self) -> Result<u64, PlanError> {
        Ok(match self.length {
            Length::Bars(bars) => bars,
            Length::Sessions(sessions) => sessions.saturating_mul(self.bars_a_session()?),
        })
    }

    /// Names what the bars follow from.
    pub(crate) fn recipe(&self, symbol: &str) -> String {
        let (year, month, date) = civil_from_days(self.first_day);
        let (seed, bar_s) = (self.seed, self.bar_s);
        format!("simulated {symbol} of seed {seed} from {year:04}-{month:02}-{date:02}, bars of {bar_s} s")
    }

    fn check_length(&self) -> Result<(), PlanError> {
        let bars = self.bars_a_symbol()?;
        let sessions = bars.div_ceil(self.bars_a_session()?);
        let all = bars.saturating_mul(self.series.len() as u64);
        if bars < 2 {
            return Err(PlanError::TooShort(bars));
        }
        if sessions > MOST_SESSIONS {
            return Err(PlanError::TooManySessions(sessions));
        }
        if all > MOST_BARS { Err(PlanError::TooManyBars(all)) } else { Ok(()) }
    }
}

fn known_symbols() -> String {
    INSTRUMENTS.map(|instrument| instrument.symbol).join(", ")
}
