//! Values as people read them.

use std::fmt;

use crate::money::{MICROS_PER_USD, NANOS_PER_SHARE, TICKS_PER_USD};

/// What an integer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Micros,
    Ticks,
    Nanos,
    Milliseconds,
    BasisPoints,
    Count,
}

/// Writes a value with its unit, or that it is not known.
pub(super) fn write_value(f: &mut fmt::Formatter<'_>, value: Option<i64>, unit: Unit) -> fmt::Result {
    let Some(value) = value else { return f.write_str("an unknown amount") };
    match unit {
        Unit::Micros => write_dollars(f, value, MICROS_PER_USD, 6),
        Unit::Ticks => write_dollars(f, value, TICKS_PER_USD, 4),
        Unit::Nanos => {
            write_scaled(f, value, NANOS_PER_SHARE, 9, 0)?;
            f.write_str(if value == NANOS_PER_SHARE { " share" } else { " shares" })
        }
        Unit::Milliseconds => write!(f, "{value} ms"),
        Unit::BasisPoints => {
            write_scaled(f, value, 100, 2, 0)?;
            f.write_str(" %")
        }
        Unit::Count => write!(f, "{value}"),
    }
}

fn write_dollars(f: &mut fmt::Formatter<'_>, value: i64, scale: i64, digits: usize) -> fmt::Result {
    f.write_str(if value < 0 { "-$" } else { "$" })?;
    write_scaled(f, value.saturating_abs(), scale, digits, 2)
}

/// Prints a scaled integer with `least` decimals, or with all of them where the hidden ones matter.
fn write_scaled(
    f: &mut fmt::Formatter<'_>,
    scaled: i64,
    scale: i64,
    digits: usize,
    least: usize,
) -> fmt::Result {
    let (scale, size) = (scale.unsigned_abs(), scaled.unsigned_abs());
    let fraction = format!("{:0digits$}", size % scale);
    let (shown, rest) = fraction.split_at(least);
    let rest = rest.trim_end_matches('0');
    let sign = if scaled < 0 { "-" } else { "" };
    let point = if shown.is_empty() && rest.is_empty() { "" } else { "." };
    write!(f, "{sign}{}{point}{shown}{rest}", size / scale)
}
