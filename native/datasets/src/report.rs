//! What a source file gets wrong: each kind counted, the first few of it located.

use serde::{Deserialize, Serialize};

/// Located findings of one kind; the others are counted only.
const EXAMPLES: usize = 5;
/// A quoted value is cut to this many characters.
const QUOTED_CHARS: usize = 60;

/// What can be wrong. All before `Gap` refuse an import, or drop the row where they are allowed; the rest is
/// flagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// No time stamp that we can read.
    BadTime,
    /// A time of day of which nobody says in which time zone it is.
    MissingTimeZone,
    /// A value that is missing or not a number.
    NotANumber,
    /// NaN or an infinity.
    NotFinite,
    /// Beyond what the desk counts with.
    TooLarge,
    /// A price of zero or below.
    PriceNotPositive,
    /// A volume below zero.
    NegativeVolume,
    /// The high is below the low.
    HighBelowLow,
    /// Open or close above the high or below the low.
    OutsideRange,
    /// The same time as the row before.
    Duplicate,
    /// Earlier than the row before.
    OutOfOrder,
    /// Bars are missing between two rows.
    Gap,
    /// A jump in the price that looks like a split which the file does not adjust for.
    SuspectedSplit,
    /// Finer than the desk's tick of 0.0001 USD or than a whole share: rounded half to even.
    Rounded,
    /// Some rows carry a time zone and others do not.
    MixedTimeZones,
}

impl Kind {
    /// Whether a row with it cannot become a bar.
    pub fn refuses(self) -> bool {
        self < Self::Gap
    }

    /// Reads the name that reports carry, for example "out-of-order".
    pub fn parse(name: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
    }
}

/// One place in the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// CSV: the line, the header being 1. Parquet: the row, from 1.
    pub line: u64,
    /// Which column, in the desk's word.
    pub column: String,
    /// What stands there, cut to 60 characters.
    pub value: String,
    /// What should stand there, or what was seen.
    pub rule: String,
}

impl Finding {
    /// Locates a problem.
    pub fn new(line: u64, column: &str, value: &str, rule: impl Into<String>) -> Self {
        let value = value.chars().take(QUOTED_CHARS).collect();
        Self { line, column: column.to_owned(), value, rule: rule.into() }
    }
}

/// One kind of problem in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Which.
    pub kind: Kind,
    /// Whether it kept the file from being imported.
    pub refused: bool,
    /// Occurrences.
    pub count: u64,
    /// Rows left out because of it.
    pub dropped: u64,
    /// The first five.
    pub examples: Vec<Finding>,
}

/// What an import saw. The same file and options always give the same report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Rows below the header, blank lines left out.
    pub rows: u64,
    /// By kind, in the order of `Kind`; empty when all is well.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether nothing found keeps the file from being imported.
    pub fn accepts(&self) -> bool {
        self.problems.iter().all(|problem| !problem.refused)
    }

    /// Counts a problem, and keeps its place if it is one of the first. `allowed` tells that the row is dropped.
    pub(crate) fn add(&mut self, kind: Kind, allowed: bool, finding: impl FnOnce() -> Finding) {
        let index = match self.problems.binary_search_by_key(&kind, |problem| problem.kind) {
            Ok(index) => index,
            Err(index) => {
                let refused = kind.refuses() && !allowed;
                let fresh = Problem { kind, refused, count: 0, dropped: 0, examples: Vec::new() };
                self.problems.insert(index, fresh);
                index
            }
        };
        let Some(problem) = self.problems.get_mut(index) else { return };
        problem.count += 1;
        problem.dropped += u64::from(kind.refuses() && allowed);
        if problem.examples.len() < EXAMPLES {
            problem.examples.push(finding());
        }
    }
}
