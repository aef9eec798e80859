//! Times as sources write them, and the time zones that give them a meaning.

use desk_core::bars::date::{DAY_MS, parse_date};
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use thiserror::Error;

/// 1900-01-01 and 2200-01-01: outside, a number is no time but a mistake.
const EARLIEST_MS: i64 = -25_567 * DAY_MS;
const LATEST_MS: i64 = 84_006 * DAY_MS;

/// A time as a source writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// A moment: the text carries its offset, or counts from 1970.
    Moment(i64),
    /// A time of day without a zone, as if it were UTC.
    Local(i64),
    /// A date alone: its midnight, as if it were UTC.
    Date(i64),
}

impl Stamp {
    /// Reads a date, a date with a time, or a count of seconds, ms, µs or ns since 1970 (told apart by the
    /// digits: at least 9, 12, 15, 18).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() >= 9 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::counted(text.parse().ok()?, text.len());
        }
        let at_ms = parse_date(text)?;
        let clock =
            if text.starts_with(|first: char| first.is_ascii_digit()) { text.get(10..) } else { None };
        Self::bounded(match clock {
            None | Some("") => Self::Date(at_ms),
            Some(clock) if clock.contains(['Z', 'z', '+', '-']) => Self::Moment(at_ms),
            Some(_) => Self::Local(at_ms),
        })
    }

    /// Accepts a time between 1900 and 2200.
    pub fn bounded(self) -> Option<Self> {
        let (Self::Moment(at_ms) | Self::Local(at_ms) | Self::Date(at_ms)) = self;
        (EARLIEST_MS..LATEST_MS).contains(&at_ms).then_some(self)
    }

    fn counted(count: i64, digits: usize) -> Option<Self> {
        let at_ms = match digits {
            ..=11 => count.checked_mul(1_000)?,
            12..=14 => count,
            15..=17 => count / 1_000,
            _ => count / 1_000_000,
        };
        Self::Moment(at_ms).bounded()
    }
}

/// The name is not one of a time zone.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("time zone is \"{0}\"; it must be UTC, an offset such as -05:00, or a name such as America/New_York")]
pub struct UnknownZone(String);

/// A time zone that gives local times their meaning.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// Finds UTC, a fixed offset ("+02:00") or an IANA zone.
    ///
    /// # Errors
    /// There is no zone of this name.
    pub fn parse(name: &str) -> Result<Self, UnknownZone> {
        let zone = match name {
            "UTC" | "Z" => Some(TimeZone::UTC),
            _ => fixed(name).or_else(|| TimeZone::get(name).ok()),
        };
        let zone = zone.ok_or_else(|| UnknownZone(name.chars().take(60).collect()))?;
        Ok(Self { name: name.to_owned(), zone })
    }

    /// As it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The moment of a local time. In the hour that autumn repeats, the second one once the first has been
    /// (`previous_ms`); a time that spring leaves out counts with the offset before.
    pub(crate) fn moment(&self, local_ms: i64, previous_ms: Option<i64>) -> Option<i64> {
        let local = TimeZone::UTC.to_datetime(Timestamp::from_millisecond(local_ms).ok()?);
        let at = |offset: Offset| local_ms - i64::from(offset.seconds()) * 1_000;
        Some(match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => at(offset),
            AmbiguousOffset::Gap { before, .. } => at(before),
            AmbiguousOffset::Fold { before, after } => {
                let first = at(before);
                if previous_ms.is_some_and(|previous| previous >= first) { at(after) } else { first }
            }
        })
    }

    /// The local time of a moment, as if it were UTC.
    pub(crate) fn local(&self, at_ms: i64) -> i64 {
        let moment = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        at_ms + i64::from(self.zone.to_offset(moment).seconds()) * 1_000
    }
}

fn fixed(name: &str) -> Option<TimeZone> {
    let (sign, rest) = match name.as_bytes().first()? {
        b'+' => (1, name.get(1..)?),
        b'-' => (-1, name.get(1..)?),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let is_plain = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain(hours) || !is_plain(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let is_real = hours <= 14 && minutes <= 59;
    let offset = Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok()?;
    is_real.then(|| TimeZone::fixed(offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW_YEAR: i64 = 10_959 * DAY_MS; // 2000-01-03

    #[test]
    fn tells_dates_local_times_and_moments_apart() {
        assert_eq!(Stamp::parse("2000-01-03"), Some(Stamp::Date(NEW_YEAR)));
        assert_eq!(Stamp::parse("Jan 3 2000"), Some(Stamp::Date(NEW_YEAR)));
        assert_eq!(Stamp::parse("2000-01-03 09:30"), Some(Stamp::Local(NEW_YEAR + 34_200_000)));
        assert_eq!(Stamp::parse("2000-01-03T09:30:00Z"), Some(Stamp::Moment(NEW_YEAR + 34_200_000)));
        assert_eq!(Stamp::parse("2000-01-03 04:30:00-05:00"), Some(Stamp::Moment(NEW_YEAR + 34_200_000)));
        for text in ["946857600", "946857600000", "946857600000000", "946857600000000000"] {
            assert_eq!(Stamp::parse(text), Some(Stamp::Moment(NEW_YEAR)), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_time_between_1900_and_2200() {
        for text in
            ["", "20000103", "1899-12-31", "2200-01-01", "99999999999", "9".repeat(30).as_str(), "NaN"]
        {
            assert_eq!(Stamp::parse(text), None, "{text}");
        }
        assert_eq!(Stamp::parse("1900-01-01"), Some(Stamp::Date(EARLIEST_MS)));
    }

    #[test]
    fn gives_local_times_their_moment_in_winter_and_in_summer() {
        let zone = Zone::parse("America/New_York").unwrap();
        let winter = NEW_YEAR + 34_200_000;
        assert_eq!(zone.moment(winter, None), Some(winter + 5 * 3_600_000));
        let summer = winter + 180 * DAY_MS;
        assert_eq!(zone.moment(summer, None), Some(summer + 4 * 3_600_000));
        assert_eq!(zone.local(summer + 4 * 3_600_000), summer);
    }

    #[test]
    fn counts_the_repeated_hour_of_autumn_twice() {
        let zone = Zone::parse("America/New_York").unwrap();
        let Some(Stamp::Local(repeated)) = Stamp::parse("2024-11-03 01:30") else { panic!("no local time") };
        let first = zone.moment(repeated, None).unwrap();
        assert_eq!(zone.moment(repeated, Some(first)), Some(first + 3_600_000));
    }

    #[test]
    fn finds_offsets_and_refuses_unknown_zones() {
        assert_eq!(Zone::parse("+02:00").unwrap().moment(NEW_YEAR, None), Some(NEW_YEAR - 7_200_000));
        assert_eq!(Zone::parse("UTC").unwrap().moment(NEW_YEAR, None), Some(NEW_YEAR));
        for name in ["", "Mars/Olympus", "+2", "+99:00", "../etc/passwd", "+é:00"] {
            assert_eq!(Zone::parse(name).unwrap_err(), UnknownZone(name.to_owned()));
        }
    }
}
