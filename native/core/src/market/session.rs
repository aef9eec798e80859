//! Regular sessions of the US stock market: 09:30 to 16:00 in New York, Monday to Friday, save the exchange's holidays
//! and early closes.

use super::holidays::{closes_early, is_holiday};
use crate::bars::date::{DAY_MS, civil_from_days, days_from_civil, weekday};

const HOUR_MS: i64 = 3_600_000;
const OPEN_MS: i64 = 9 * HOUR_MS + HOUR_MS / 2;
const CLOSE_MS: i64 = 16 * HOUR_MS;
const EARLY_CLOSE_MS: i64 = 13 * HOUR_MS;
/// Trading before the session begins, and after it ends: earlier on a day that closes early.
const MORNING_MS: i64 = 4 * HOUR_MS;
const EVENING_MS: i64 = 20 * HOUR_MS;
const EARLY_EVENING_MS: i64 = 17 * HOUR_MS;

/// One trading day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The date in New York, in days since 1970-01-01.
    pub day: i64,
    /// First moment.
    pub open_ms: i64,
    /// First moment after it.
    pub close_ms: i64,
}

impl Session {
    /// The session of a day, or the next one when there is none on that day.
    pub fn on_or_after(day: i64) -> Self {
        let mut day = day;
        while !is_session(day) {
            day += 1;
        }
        Self::of(day)
    }

    /// The session before this one.
    pub fn previous(self) -> Self {
        let mut day = self.day - 1;
        while !is_session(day) {
            day -= 1;
        }
        Self::of(day)
    }

    fn of(day: i64) -> Self {
        let midnight_ms = Self::midnight_of(day);
        let close_ms = if closes_early(day) { EARLY_CLOSE_MS } else { CLOSE_MS };
        Self { day, open_ms: midnight_ms + OPEN_MS, close_ms: midnight_ms + close_ms }
    }

    /// The session after this one.
    pub fn next(self) -> Self {
        Self::on_or_after(self.day + 1)
    }

    /// Midnight in New York at the start of the session's date: the stamp of its daily bar.
    pub fn midnight_ms(self) -> i64 {
        Self::midnight_of(self.day)
    }

    /// First moment of trading before the session.
    pub fn morning_ms(self) -> i64 {
        self.midnight_ms() + MORNING_MS
    }

    /// First moment after the trading that follows the session.
    pub fn evening_end_ms(self) -> i64 {
        self.midnight_ms() + if closes_early(self.day) { EARLY_EVENING_MS } else { EVENING_MS }
    }

    /// Length of a session that does not close early.
    pub const LENGTH_MS: i64 = CLOSE_MS - OPEN_MS;

    /// Right on trading days: the clocks change on Sundays, two hours after midnight.
    fn midnight_of(day: i64) -> i64 {
        day * DAY_MS + hours_behind_utc(day) * HOUR_MS
    }
}

fn is_session(day: i64) -> bool {
    weekday(day) < 5 && !is_holiday(day)
}

/// Hours that New York is behind UTC by day: 4 from the second Sunday of March to the day before the first
/// Sunday of November, else 5 (the rule since 2007).
fn hours_behind_utc(day: i64) -> i64 {
    let (year, _, _) = civil_from_days(day);
    let first_sunday = |month: i64| {
        let first = days_from_civil(year, month, 1);
        first + 6 - weekday(first)
    };
    let summer = (first_sunday(3) + 7)..first_sunday(11);
    if summer.contains(&day) { 4 } else { 5 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::date::parse_date;

    fn on(date: &str) -> Session {
        Session::on_or_after(parse_date(date).unwrap() / DAY_MS)
    }

    #[test]
    fn opens_by_new_york_time_in_winter_and_summer() {
        let cases = [
            ("2026-01-05", "2026-01-05T14:30Z", "2026-01-05T21:00Z"),
            ("2026-03-06", "2026-03-06T14:30Z", "2026-03-06T21:00Z"),
            ("2026-03-09", "2026-03-09T13:30Z", "2026-03-09T20:00Z"),
            ("2026-10-30", "2026-10-30T13:30Z", "2026-10-30T20:00Z"),
            ("2026-11-02", "2026-11-02T14:30Z", "2026-11-02T21:00Z"),
        ];
        for (date, open, close) in cases {
            let session = on(date);
            assert_eq!(Some(session.open_ms), parse_date(open), "{date}");
            assert_eq!(Some(session.close_ms), parse_date(close), "{date}");
        }
    }

    #[test]
    fn changes_the_clocks_on_the_sundays_of_the_calendar() {
        for (year, march, november) in [(2025, 9, 2), (2026, 8, 1), (2027, 14, 7), (2028, 12, 5)] {
            let (spring, autumn) = (days_from_civil(year, 3, march), days_from_civil(year, 11, november));
            assert_eq!(
                [spring - 1, spring, autumn - 1, autumn].map(hours_behind_utc),
                [5, 4, 4, 5],
                "{year}"
            );
        }
    }

    #[test]
    fn skips_holidays_in_either_direction_and_closes_early() {
        assert_eq!(on("2026-01-16").next(), on("2026-01-20"));
        assert_eq!(on("2026-01-20").previous(), on("2026-01-16"));
        let short = on("2026-11-26");
        assert_eq!(Some(short.open_ms), parse_date("2026-11-27T14:30Z"));
        assert_eq!(Some(short.close_ms), parse_date("2026-11-27T18:00Z"));
    }

    #[test]
    fn skips_weekends() {
        assert_eq!(on("2026-01-09").next(), on("2026-01-12"));
        assert_eq!(on("2026-01-10"), on("2026-01-12"));
        assert_eq!(on("2026-01-11"), on("2026-01-12"));
    }
}
