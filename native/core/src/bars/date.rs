//! Calendar arithmetic and the date formats that price files use. All times are UTC.

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Counting years from March puts the leap day last, so that the month lengths follow one formula.
    let years = if month <= 2 { year - 1 } else { year };
    let era = years.div_euclid(400);
    let year_of_era = years.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month (1 to 12) and day (1 to 31) of a number of days since 1970-01-01.
pub fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// Day of the week of a number of days since 1970-01-01: 0 is Monday, 6 is Sunday.
pub fn weekday(days: i64) -> i64 {
    (days + 3).rem_euclid(7)
}

/// Reads `2000-01-03`, `2000-01-03 09:30[:15]`, ISO 8601 (`T`, fractions, `Z` or an offset) and `Jan 3 2000`
/// into milliseconds since 1970. A date alone is its midnight. `None` when the text is none of these.
pub fn parse_date(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return parse_named_month(text);
    }
    let (date, rest) = text.split_at_checked(10)?;
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let midnight = midnight_of(number(year)?, number(month)?, number(day)?)?;
    match rest.strip_prefix(['T', 't', ' ']) {
        Some(clock) => Some(midnight + parse_clock(clock)?),
        None => rest.is_empty().then_some(midnight),
    }
}

fn parse_named_month(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut words = text.split_ascii_whitespace();
    let (name, day, year) = (words.next()?, words.next()?, words.next()?);
    let short = name.get(..3)?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|month| *month == short)?;
    if words.next().is_some() || year.len() != 4 {
        return None;
    }
    midnight_of(number(year)?, i64::try_from(month).ok()? + 1, number(day.trim_end_matches(','))?)
}

fn parse_clock(text: &str) -> Option<i64> {
    let (clock, offset_ms) = split_offset(text)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':');
    let (hours, minutes) = (number(parts.next()?)?, number(parts.next()?)?);
    let seconds = parts.next().map_or(Some(0), number)?;
    if parts.next().is_some() || hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    number(fraction)?;
    let padded = format!("{fraction:0<3}");
    let millis = number(padded.get(..3)?)?;
    Some(((hours * 60 + minutes) * 60 + seconds) * 1_000 + millis - offset_ms)
}

/// Cuts `Z`, `+hh:mm`, `+hhmm` or `+hh` off the end; without one the time is UTC.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let Some(sign_at) = text.find(['+', '-']) else { return Some((text, 0)) };
    let (clock, offset) = text.split_at_checked(sign_at)?;
    let digits: String = offset.chars().skip(1).filter(|digit| *digit != ':').collect();
    let minutes = match digits.len() {
        2 => number(&digits)? * 60,
        4 => number(digits.get(..2)?)? * 60 + number(digits.get(2..)?)?,
        _ => return None,
    };
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    Some((clock, sign * minutes * 60_000))
}

fn midnight_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let days = days_from_civil(year, month, day);
    // A date that does not exist (30 February) comes back as another one.
    (civil_from_days(days) == (year, month, day)).then_some(days * DAY_MS)
}

fn number(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days_there_and_back_over_four_centuries() {
        for days in -60_000..90_000 {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
        assert_eq!(civil_from_days(0), (1970, 1, 1));
        assert_eq!(civil_from_days(20_458), (2026, 1, 5));
        assert_eq!(weekday(20_458), 0);
    }

    #[test]
    fn reads_every_promised_form() {
        let midnight = days_from_civil(2000, 1, 3) * DAY_MS;
        let half_past_nine = midnight + (9 * 60 + 30) * 60_000;
        for text in ["2000-01-03", "Jan 3 2000", "january 03, 2000", " 2000-01-03 ", "2000-01-03T00:00:00Z"] {
            assert_eq!(parse_date(text), Some(midnight), "{text}");
        }
        for text in
            ["2000-01-03 09:30", "2000-01-03 09:30:00", "2000-01-03T04:30:00-05:00", "2000-01-03T11:30+02"]
        {
            assert_eq!(parse_date(text), Some(half_past_nine), "{text}");
        }
        assert_eq!(parse_date("2000-01-03T09:30:00.2519Z"), Some(half_past_nine + 251));
    }

    #[test]
    fn refuses_dates_that_do_not_exist() {
        for text in [
            "",
            "3/1/2000",
            "2000-1-3",
            "2001-02-29",
            "2000-13-01",
            "2000-01-03 24:00",
            "2000-01-03x",
            "Foo 3 2000",
            "Jan 32 2000",
            "2000-01-03T09:30:00+5",
            "-001-01-01",
            "2000-01-03T09",
            "ééééééé",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
