//! The days on which the New York Stock Exchange is shut or closes early, by the rules it has had since 2022. Days of
//! mourning and other single closures are not in any rule.

use crate::bars::date::{civil_from_days, days_from_civil, weekday};

const MONDAY: i64 = 0;
const THURSDAY: i64 = 3;
const FRIDAY: i64 = 4;
const SATURDAY: i64 = 5;
const SUNDAY: i64 = 6;

/// Whether the exchange is shut on a weekday.
pub(super) fn is_holiday(day: i64) -> bool {
    let (year, month, _) = civil_from_days(day);
    let on = |date: i64| days_from_civil(year, month, date);
    match month {
        // A New Year's Day on a Saturday is not made up for on the last day of the old year.
        1 => day == on(1) || (day == on(2) && weekday(day) == MONDAY) || day == nth(year, 1, MONDAY, 3),
        2 => day == nth(year, 2, MONDAY, 3),
        3 | 4 => day == good_friday(year),
        5 => day == nth(year, 6, MONDAY, 1) - 7,
        6 => day == observed(on(19)),
        7 => day == observed(on(4)),
        9 => day == nth(year, 9, MONDAY, 1),
        11 => day == thanksgiving(year),
        12 => day == observed(on(25)),
        _ => false,
    }
}

/// Whether a session ends at 13:00: before Independence Day and Christmas, and after Thanksgiving.
pub(super) fn closes_early(day: i64) -> bool {
    let (year, month, date) = civil_from_days(day);
    match (month, date) {
        (7, 3) | (12, 24) => weekday(day) <= THURSDAY,
        (11, _) => day == thanksgiving(year) + 1,
        _ => false,
    }
}

fn thanksgiving(year: i64) -> i64 {
    nth(year, 11, THURSDAY, 4)
}

/// The `count`th of a weekday in a month.
fn nth(year: i64, month: i64, wanted: i64, count: i64) -> i64 {
    let first = days_from_civil(year, month, 1);
    first + (wanted - weekday(first)).rem_euclid(7) + 7 * (count - 1)
}

/// A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after.
fn observed(day: i64) -> i64 {
    match weekday(day) {
        SATURDAY => day - 1,
        SUNDAY => day + 1,
        _ => day,
    }
}

/// Two days before Easter Sunday, which follows the first full moon of spring in the Gregorian computus.
fn good_friday(year: i64) -> i64 {
    let golden = year % 19;
    let century = year / 100;
    let solar = century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15;
    let epact = solar.rem_euclid(30);
    let moon = epact - (epact / 28) * (1 - (29 / (epact + 1)) * ((21 - golden) / 11));
    let full = days_from_civil(year, 3, 21) + moon;
    let easter = full + (SUNDAY - weekday(full)).rem_euclid(7);
    // A full moon on a Sunday puts Easter a week later.
    let easter = if easter == full { easter + 7 } else { easter };
    easter - (SUNDAY - FRIDAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bars::date::{DAY_MS, parse_date};

    fn days(dates: &[&str]) -> Vec<i64> {
        dates.iter().map(|date| parse_date(date).unwrap() / DAY_MS).collect()
    }

    fn found(year: i64, rule: fn(i64) -> bool) -> Vec<i64> {
        let year_days = days_from_civil(year, 1, 1)..days_from_civil(year + 1, 1, 1);
        year_days.filter(|day| weekday(*day) < SATURDAY && rule(*day)).collect()
    }

    /// As the exchange published them.
    #[test]
    fn holidays_are_those_of_the_exchange() {
        let expected: [&[&str]; 4] = [
            &[
                "2022-01-17",
                "2022-02-21",
                "2022-04-15",
                "2022-05-30",
                "2022-06-20",
                "2022-07-04",
                "2022-09-05",
                "2022-11-24",
                "2022-12-26",
            ],
            &[
                "2023-01-02",
                "2023-01-16",
                "2023-02-20",
                "2023-04-07",
                "2023-05-29",
                "2023-06-19",
                "2023-07-04",
                "2023-09-04",
                "2023-11-23",
                "2023-12-25",
            ],
            &[
                "2026-01-01",
                "2026-01-19",
                "2026-02-16",
                "2026-04-03",
                "2026-05-25",
                "2026-06-19",
                "2026-07-03",
                "2026-09-07",
                "2026-11-26",
                "2026-12-25",
            ],
            &[
                "2027-01-01",
                "2027-01-18",
                "2027-02-15",
                "2027-03-26",
                "2027-05-31",
                "2027-06-18",
                "2027-07-05",
                "2027-09-06",
                "2027-11-25",
                "2027-12-24",
            ],
        ];
        for (year, dates) in [2022, 2023, 2026, 2027].into_iter().zip(expected) {
            assert_eq!(found(year, is_holiday), days(dates), "{year}");
        }
    }

    #[test]
    fn early_closes_are_those_of_the_exchange() {
        assert_eq!(found(2024, closes_early), days(&["2024-07-03", "2024-11-29", "2024-12-24"]));
        assert_eq!(found(2026, closes_early), days(&["2026-11-27", "2026-12-24"]));
        assert_eq!(found(2027, closes_early), days(&["2027-11-26"]));
    }
}
