//! Why a decision was made, for machines and for people.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::money::TICKS_PER_USD;

/// What a number in a reason counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// Price ticks; printed as dollars.
    Ticks,
    /// Hundredths, printed with their sign.
    Percent,
    /// Whole things: bars, shares.
    Count,
    /// A pure number: a score, an index, a ratio.
    Number,
}

/// One number that a decision rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measure {
    /// Its name, for example "adx".
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
}

/// The rule that decided and the numbers that it looked at. Printed as "rule: name value, name value".
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// Name of the rule, for example "stopped"; the strategy's description lists them.
    pub rule: &'static str,
    /// Shared by the trades that it opens and closes. A reason without measures needs no memory for them.
    #[serde(serialize_with = "list")]
    measures: Option<Arc<[Measure]>>,
}

impl Reason {
    /// A reason with its measures.
    pub fn new(rule: &'static str, measures: &[(&'static str, f64, Unit)]) -> Self {
        Self::of(rule, measures.iter().copied())
    }

    /// What it looked at.
    pub fn measures(&self) -> &[Measure] {
        self.measures.as_deref().unwrap_or_default()
    }

    /// As [`Self::new`], of measures that come one by one.
    pub(super) fn of(rule: &'static str, measures: impl Iterator<Item = (&'static str, f64, Unit)>) -> Self {
        let mut measures = measures.map(|(name, value, unit)| Measure { name, value, unit }).peekable();
        let is_any = measures.peek().is_some();
        Self { rule, measures: is_any.then(|| measures.collect()) }
    }

    /// The reason of a strategy that has seen too few bars to decide.
    pub(super) fn warming(seen: usize, needed: usize) -> Self {
        Self::new("warming", &[("bar", seen as f64, Unit::Count), ("of", needed as f64, Unit::Count)])
    }

    /// The same with more measures.
    pub(super) fn and(self, more: &[(&'static str, f64, Unit)]) -> Self {
        let before = self.measures().iter().map(|measure| (measure.name, measure.value, measure.unit));
        Self::of(self.rule, before.chain(more.iter().copied()))
    }
}

fn list<S: Serializer>(measures: &Option<Arc<[Measure]>>, to: S) -> Result<S::Ok, S::Error> {
    measures.as_deref().unwrap_or_default().serialize(to)
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.rule)?;
        for (at, measure) in self.measures().iter().enumerate() {
            write!(out, "{} {measure}", if at == 0 { ':' } else { ',' })?;
        }
        Ok(())
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, unit } = self;
        match unit {
            Unit::Ticks => write!(out, "{name} {}", usd(*value)),
            Unit::Percent => write!(out, "{name} {value:+.2} %"),
            Unit::Count => write!(out, "{name} {value:.0}"),
            Unit::Number => write!(out, "{name} {value:.2}"),
        }
    }
}

/// Prints ticks as dollars; below a dollar with all four decimals.
fn usd(ticks: f64) -> String {
    let dollars = ticks / TICKS_PER_USD as f64;
    if dollars.abs() < 1.0 { format!("{dollars:.4}") } else { format!("{dollars:.2}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_a_rule_and_what_it_looked_at() {
        let reason = Reason::new(
            "stopped",
            &[
                ("close", 1_360_000.0, Unit::Ticks),
                ("cents", 1_234.0, Unit::Ticks),
                ("roc", -1.984, Unit::Percent),
                ("held", 7.0, Unit::Count),
                ("adx", 24.06, Unit::Number),
            ],
        );
        assert_eq!(reason.to_string(), "stopped: close 136.00, cents 0.1234, roc -1.98 %, held 7, adx 24.06");
        assert_eq!(Reason::new("waiting", &[]).to_string(), "waiting");
    }
}
