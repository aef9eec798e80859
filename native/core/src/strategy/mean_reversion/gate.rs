//! The gate of mean reversion: are these prices found to return to a mean?

use super::super::tail::Tail;
use crate::statistics::{Lags, Trend, augmented_dickey_fuller, hurst_exponent, mean_reversion};

/// The longest horizon of Hurst's exponent.
const HORIZON: usize = 20;

/// What opens the gate.
#[derive(Debug, Clone, Copy)]
pub struct GateRules {
    /// How many bars a finding is good for.
    pub every: usize,
    /// Shortest and longest half-life in bars.
    pub half_life: (f64, f64),
    /// A unit root less likely than this.
    pub adf_p: f64,
    /// Hurst's exponent below this.
    pub hurst: f64,
}

/// What was found; the tests after the first that opens the gate are not made.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Verdict {
    /// In bars; `None` when the prices do not revert at all.
    pub half_life: Option<f64>,
    pub adf_p: Option<f64>,
    pub hurst: Option<f64>,
    is_open: bool,
}

impl Verdict {
    pub fn is_open(&self) -> bool {
        self.is_open
    }
}

/// The last closes, and what was last found in them.
#[derive(Debug, Clone)]
pub struct Gate {
    rules: GateRules,
    closes: Tail,
    verdict: Option<Verdict>,
    age: usize, // bars since the verdict
}

impl Gate {
    pub fn new(window: usize, rules: GateRules) -> Self {
        Self { rules, closes: Tail::new(window), verdict: None, age: 0 }
    }

    pub fn window(&self) -> usize {
        self.closes.most()
    }

    #[inline]
    pub fn push(&mut self, close: f64) {
        self.closes.push(close);
        self.age += 1;
    }

    /// The last finding while it is good, or a new one.
    pub fn verdict(&mut self) -> Verdict {
        if let Some(verdict) = self.verdict.filter(|_| self.age < self.rules.every) {
            return verdict;
        }
        let verdict = judge(self.closes.values(), &self.rules);
        self.verdict = Some(verdict);
        self.age = 0;
        verdict
    }
}

fn judge(closes: &[f64], rules: &GateRules) -> Verdict {
    let half_life = mean_reversion(closes).ok().map(|reversion| reversion.half_life);
    let (shortest, longest) = rules.half_life;
    if half_life.is_some_and(|bars| (shortest..=longest).contains(&bars)) {
        return Verdict { half_life, is_open: true, ..Verdict::default() };
    }
    let adf_p =
        augmented_dickey_fuller(closes, Trend::Constant, Lags::Fixed(1)).ok().map(|test| test.p_value);
    if adf_p.is_some_and(|p| p < rules.adf_p) {
        return Verdict { half_life, adf_p, is_open: true, ..Verdict::default() };
    }
    let hurst = hurst_exponent(closes, HORIZON).ok();
    Verdict { half_life, adf_p, hurst, is_open: hurst.is_some_and(|exponent| exponent < rules.hurst) }
}
