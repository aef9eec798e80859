//! Parameters of strategies: their ranges, and the check of what was given.

use std::collections::BTreeMap;

use super::nearest::nearest;

/// One parameter of a strategy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParamSpec {
    /// Its name in a recipe and on the link.
    pub name: &'static str,
    /// The value taken when it is left out.
    pub default: f64,
    /// The smallest value allowed.
    pub min: f64,
    /// The largest value allowed.
    pub max: f64,
    /// Whether only whole numbers are allowed.
    pub whole: bool,
    /// What the number counts.
    pub unit: &'static str,
    /// One sentence for people.
    pub summary: &'static str,
}

/// Why a strategy cannot be built.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StrategyError {
    /// No strategy has this name; deploy one of [`super::STRATEGIES`].
    #[error("there is no strategy \"{id}\"{}", did_you_mean(*nearest))]
    UnknownStrategy {
        /// The name that was given.
        id: String,
        /// The name that was probably meant.
        nearest: Option<&'static str>,
    },
    /// The strategy has no parameter of this name; leave it out.
    #[error("there is no parameter \"{name}\"{}", did_you_mean(*nearest))]
    UnknownParam {
        /// The name that was given.
        name: String,
        /// The name that was probably meant.
        nearest: Option<&'static str>,
    },
    /// The value is outside the parameter's range; choose one inside.
    #[error("{name} is {value}; it must be {kind} from {min} to {max}")]
    ParamOutOfRange {
        /// The parameter.
        name: &'static str,
        /// The value that was given.
        value: f64,
        /// "a whole number" or "a number".
        kind: &'static str,
        /// The smallest value allowed.
        min: f64,
        /// The largest value allowed.
        max: f64,
    },
    /// The strategy compares another number of symbols; give that many.
    #[error("{given} symbols were given; the strategy takes {fewest} to {most}")]
    SymbolCount {
        /// How many were given.
        given: usize,
        /// How few it takes.
        fewest: usize,
        /// How many it takes.
        most: usize,
    },
    /// The slow average must be slower than the fast one; raise `slow` or lower `fast`.
    #[error("slow is {slow} and fast is {fast}; slow must be more than fast")]
    SlowNotSlower {
        /// The fast period in bars.
        fast: usize,
        /// The slow period in bars.
        slow: usize,
    },
    /// Two bounds are in the wrong order; raise the larger one or lower the smaller.
    #[error(
        "{smaller} is {smaller_value} and {larger} is {larger_value}; {smaller} must be less than {larger}"
    )]
    WrongOrder {
        /// The parameter that must be less.
        smaller: &'static str,
        /// Its value.
        smaller_value: f64,
        /// The parameter that must be more.
        larger: &'static str,
        /// Its value.
        larger_value: f64,
    },
    /// The largest position must be worth something; give it in micro-dollars, above 0.
    #[error("the largest position is {0} micro-dollars; it must be more than 0")]
    MaxPositionInvalid(i64),
}

impl StrategyError {
    /// The parameter to change, where one is at fault.
    pub fn param(&self) -> Option<&str> {
        match self {
            Self::UnknownParam { name, .. } => Some(name),
            Self::ParamOutOfRange { name, .. } => Some(name),
            Self::SlowNotSlower { .. } => Some("slow"),
            Self::WrongOrder { smaller, .. } => Some(smaller),
            _ => None,
        }
    }
}

impl StrategyError {
    /// Refuses two parameters, given with their values, when the first is not less than the other.
    pub(super) fn check_order(
        (smaller, smaller_value): (&'static str, f64),
        (larger, larger_value): (&'static str, f64),
    ) -> Result<(), Self> {
        if smaller_value < larger_value {
            return Ok(());
        }
        Err(Self::WrongOrder { smaller, smaller_value, larger, larger_value })
    }
}

/// Gives the value of every parameter in `specs`, in their order, from what was given and the defaults.
pub fn parse<const N: usize>(
    specs: &[ParamSpec; N],
    given: &BTreeMap<String, f64>,
) -> Result<[f64; N], StrategyError> {
    if let Some(unknown) = given.keys().find(|name| specs.iter().all(|spec| spec.name != name.as_str())) {
        let nearest = nearest(unknown, specs.iter().map(|spec| spec.name));
        return Err(StrategyError::UnknownParam { name: unknown.clone(), nearest });
    }
    let mut values = [0.0; N];
    for (value, spec) in values.iter_mut().zip(specs) {
        *value = spec.check(given.get(spec.name).copied().unwrap_or(spec.default))?;
    }
    Ok(values)
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did you mean \"{nearest}\"?"))
}

impl ParamSpec {
    /// A whole number of bars.
    pub(super) const fn bars(
        name: &'static str,
        default: f64,
        min: f64,
        max: f64,
        summary: &'static str,
    ) -> Self {
        Self { name, default, min, max, whole: true, unit: "bars", summary }
    }

    /// Any number, counted in `unit`.
    pub(super) const fn number(
        name: &'static str,
        unit: &'static str,
        [default, min, max]: [f64; 3],
        summary: &'static str,
    ) -> Self {
        Self { name, default, min, max, whole: false, unit, summary }
    }

    /// A whole number, counted in `unit`; a choice among numbered ways counts "choice".
    pub(super) const fn whole(
        name: &'static str,
        unit: &'static str,
        [default, min, max]: [f64; 3],
        summary: &'static str,
    ) -> Self {
        Self { name, default, min, max, whole: true, unit, summary }
    }

    fn check(&self, value: f64) -> Result<f64, StrategyError> {
        // A NaN is in no range.
        if (self.min..=self.max).contains(&value) && !(self.whole && value.fract() != 0.0) {
            return Ok(value);
        }
        let kind = if self.whole { "a whole number" } else { "a number" };
        Err(StrategyError::ParamOutOfRange { name: self.name, value, kind, min: self.min, max: self.max })
    }
}
