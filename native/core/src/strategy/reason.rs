//! Why a decision was made, for machines and for people.

use std::fmt;

use serde::Serialize;

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
    /// What it looked at.
    pub measures: Vec<Measure>,
}

impl Reason {
    /// A reason with its measures.
    pub fn new(rule: &'static str, measures: &[(&'static str, f64, Unit)]) -> Self {
        let measures = measures.iter().map(|&(name, value, unit)| Measure { name, value, unit }).collect();
        Self { rule, measures }
    }

    /// The reason of a strategy that has seen too few bars to decide.
    pub(super) fn warming(seen: usize, needed: usize) -> Self {
        Self::new("warming", &[("bar", seen as f64, Unit::Count), ("of", needed as f64, Unit::Count)])
    }

    /// The same with more measures.
    pub(super) fn and(mut self, more: &[(&'static str, f64, Unit)]) -> Self {
        self.measures.extend(more.iter().map(|&(name, value, unit)| Measure { name, value, unit }));
        self
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.rule)?;
        for (at, measure) in self.measures.iter().enumerate() {
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
