//! Days on which US stocks are traded, so that a holiday is not taken for a gap.

use desk_core::bars::date::{civil_from_days, days_from_civil, weekday};

/// Which days bars are expected on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calendar {
    /// All: the file has bars on a Saturday.
    EveryDay,
    /// Monday to Friday without the exchange's holidays.
    UsStocks,
}

impl Calendar {
    /// Days with trading strictly between two days, both in days since 1970.
    pub fn days_between(self, from: i64, to: i64) -> i64 {
        match self {
            Self::EveryDay => (to - from - 1).max(0),
            Self::UsStocks => (from + 1..to).filter(|day| is_session(*day)).count() as i64,
        }
    }
}

/// Closings that follow no rule: mourning, attacks, storms.
const CLOSED: [(i64, i64, i64); 12] = [
    (1994, 4, 27),
    (2001, 9, 11),
    (2001, 9, 12),
    (2001, 9, 13),
    (2001, 9, 14),
    (2004, 6, 11),
    (2007, 1, 2),
    (2012, 10, 29),
    (2012, 10, 30),
    (2018, 12, 5),
    (2025, 1, 9),
    (1985, 9, 27),
];

/// Whether the New York Stock Exchange opens. Exact from 1980 on; the rules of today before.
fn is_session(day: i64) -> bool {
    if weekday(day) >= 5 {
        return false;
    }
    let date = civil_from_days(day);
    !is_moving_holiday(day, date) && !is_fixed_holiday(day, date) && !CLOSED.contains(&date)
}

fn is_moving_holiday(day: i64, (year, month, date): (i64, i64, i64)) -> bool {
    let nth = (date - 1) / 7 + 1;
    match (weekday(day), month) {
        (0, 1) => nth == 3 && year >= 1998,
        (0, 2) => nth == 3,
        (0, 5) => date > 24,
        (0, 9) => nth == 1,
        (3, 11) => nth == 4,
        (1, 11) => year == 1980 && date == 4,
        (4, 3 | 4) => day == good_friday(year),
        _ => false,
    }
}

/// Holidays with a date: on the Monday when it is a Sunday, on the Friday when it is a Saturday, save New Year's,
/// which the exchange does not observe in the old year.
fn is_fixed_holiday(day: i64, (year, _, _): (i64, i64, i64)) -> bool {
    let observed = |month, date| {
        let holiday = days_from_civil(year, month, date);
        match weekday(holiday) {
            5 if (month, date) != (1, 1) => holiday - 1,
            6 => holiday + 1,
            _ => holiday,
        }
    };
    let juneteenth = year >= 2022 && day == observed(6, 19);
    juneteenth || [(1, 1), (7, 4), (12, 25)].iter().any(|(month, date)| day == observed(*month, *date))
}

/// Two days before Easter by the Gregorian computus.
fn good_friday(year: i64) -> i64 {
    let (golden, century) = (year % 19, year / 100);
    let leaps = century - century / 4 - (8 * century + 13) / 25;
    let epact = (leaps + 19 * golden + 15) % 30;
    let moon = epact - (epact / 28) * (1 - (29 / (epact + 1)) * ((21 - golden) / 11));
    let shift = (year + year / 4 + moon + 2 - century + century / 4) % 7;
    let offset = moon - shift;
    let month = 3 + (offset + 40) / 44;
    days_from_civil(year, month, offset + 28 - 31 * (month / 4)) - 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_holidays_of_years_that_differ() {
        let closed = [
            (2000, 4, 21),  // Good Friday
            (2010, 4, 2),   // Good Friday
            (2010, 12, 24), // Christmas on a Saturday
            (2021, 7, 5),   // Independence Day on a Sunday
            (2023, 1, 2),   // New Year on a Sunday
            (2022, 6, 20),  // Juneteenth on a Sunday
            (2024, 11, 28),
            (2024, 9, 2),
            (2024, 5, 27),
        ];
        for (year, month, date) in closed {
            assert!(!is_session(days_from_civil(year, month, date)), "{year}-{month}-{date}");
        }
        for (year, month, date) in [(2010, 12, 31), (2021, 6, 18), (1997, 1, 20), (2024, 11, 29)] {
            assert!(is_session(days_from_civil(year, month, date)), "{year}-{month}-{date}");
        }
    }

    #[test]
    fn counts_days_between_two_days() {
        let friday = days_from_civil(2024, 8, 30);
        assert_eq!(Calendar::UsStocks.days_between(friday, friday + 4), 0); // Labor Day
        assert_eq!(Calendar::UsStocks.days_between(friday, friday + 6), 2);
        assert_eq!(Calendar::EveryDay.days_between(friday, friday + 4), 3);
        assert_eq!(Calendar::EveryDay.days_between(friday, friday), 0);
    }
}
