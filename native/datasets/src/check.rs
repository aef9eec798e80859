//! Turns one row into a bar, or says what is wrong with it.

use desk_core::bars::decimal::{NotDecimal, parse_scaled};
use desk_core::bars::{Bar, MAX_PRICE_TICKS};

use crate::report::{Finding, Kind};
use crate::row::{COLUMNS, Row};
use crate::stamp::{Stamp, Zone};

const TICK_DIGITS: usize = 4;
/// Digits after the point up to which a value is compared with its rounded self.
const FINEST: i32 = 9;

/// Why a row is no bar.
pub(crate) type Fault = (Kind, Finding);

/// A row that is a bar by itself.
pub(crate) struct Checked {
    pub bar: Bar,
    /// Whether the row's time carries its zone; `None` for a date alone.
    pub zoned: Option<bool>,
    /// The first column that had to be rounded.
    pub rounded: Option<usize>,
}

/// Reads the row's time and values. `zone` gives local times their meaning.
pub(crate) fn check_row(row: &Row, zone: Option<&Zone>, previous_ms: Option<i64>) -> Result<Checked, Fault> {
    let (at_ms, zoned) = moment(row, zone, previous_ms)?;
    let mut rounded = None;
    let mut values = [0; 6];
    for (index, value) in values.iter_mut().enumerate().skip(1) {
        let digits = if index == 5 { 0 } else { TICK_DIGITS };
        *value = number(row, index, digits)?;
        if rounded.is_none() && !is_exact(row, index, *value, digits) {
            rounded = Some(index);
        }
    }
    let [_, open_ticks, high_ticks, low_ticks, close_ticks, volume] = values;
    let bar = Bar { at_ms, open_ticks, high_ticks, low_ticks, close_ticks, volume };
    check_prices(row, &bar)?;
    Ok(Checked { bar, zoned, rounded })
}

/// Locates a problem in a column of the row.
pub(crate) fn finding(row: &Row, index: usize, rule: &str) -> Finding {
    let column = COLUMNS.get(index).copied().unwrap_or("value");
    Finding::new(row.line, column, row.texts.get(index).map_or("", String::as_str), rule)
}

fn moment(row: &Row, zone: Option<&Zone>, previous_ms: Option<i64>) -> Result<(i64, Option<bool>), Fault> {
    let bad = || {
        let rule = "it must be a date such as 2000-01-03, 2000-01-03 09:30:00-05:00 or a count since 1970, from 1900 to 2199";
        (Kind::BadTime, finding(row, 0, rule))
    };
    match row.stamp.ok_or_else(bad)? {
        Stamp::Moment(at_ms) => Ok((at_ms, Some(true))),
        Stamp::Date(local_ms) => match zone {
            Some(zone) => Ok((zone.moment(local_ms, previous_ms).ok_or_else(bad)?, None)),
            None => Ok((local_ms, None)),
        },
        Stamp::Local(local_ms) => {
            let missing = || {
                let rule = "a time of day needs a time zone: name the one that the file's times are in";
                (Kind::MissingTimeZone, finding(row, 0, rule))
            };
            let zone = zone.ok_or_else(missing)?;
            Ok((zone.moment(local_ms, previous_ms).ok_or_else(bad)?, Some(false)))
        }
    }
}

fn number(row: &Row, index: usize, digits: usize) -> Result<i64, Fault> {
    let text = row.texts.get(index).map_or("", String::as_str);
    parse_scaled(text, digits as i32).map_err(|reason| match reason {
        NotDecimal::Malformed => (Kind::NotANumber, finding(row, index, "it must be a number")),
        NotDecimal::NotFinite => (Kind::NotFinite, finding(row, index, "it must be a finite number")),
        NotDecimal::TooLarge => (Kind::TooLarge, finding(row, index, "the number is too large")),
    })
}

fn is_exact(row: &Row, index: usize, value: i64, digits: usize) -> bool {
    let text = row.texts.get(index).map_or("", |text| text.trim());
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    if !text.contains(['e', 'E']) && fraction.trim_end_matches('0').len() <= digits {
        return true;
    }
    let finer = 10_i64.pow(FINEST as u32 - digits as u32);
    match (parse_scaled(text, FINEST), value.checked_mul(finer)) {
        (Ok(fine), Some(coarse)) => fine == coarse,
        // Too large to be compared: a volume of billions, whose parts of a share nobody misses.
        _ => true,
    }
}

fn check_prices(row: &Row, bar: &Bar) -> Result<(), Fault> {
    let prices = [bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks];
    for (index, price) in (1..).zip(prices) {
        if price <= 0 {
            return Err((
                Kind::PriceNotPositive,
                finding(row, index, "a price must be above zero, 0.0001 at least"),
            ));
        }
        if price > MAX_PRICE_TICKS {
            return Err((Kind::TooLarge, finding(row, index, "a price must not exceed 1000000000")));
        }
    }
    if bar.volume < 0 {
        return Err((Kind::NegativeVolume, finding(row, 5, "a volume must not be negative")));
    }
    if bar.high_ticks < bar.low_ticks {
        return Err((Kind::HighBelowLow, finding(row, 2, "it must not be below the low")));
    }
    for (index, price) in [(1, bar.open_ticks), (4, bar.close_ticks)] {
        if price > bar.high_ticks || price < bar.low_ticks {
            return Err((
                Kind::OutsideRange,
                finding(row, index, "it must lie between the low and the high"),
            ));
        }
    }
    Ok(())
}
