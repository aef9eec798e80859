//! Decimal text to integers without passing through binary fractions.

use crate::money::divide_half_even;

/// Why a text is not a usable number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDecimal {
    /// Not written as a number.
    Malformed,
    /// NaN or an infinity.
    NotFinite,
    /// Outside what we can hold.
    TooLarge,
}

/// Reads `text` times `10^shift`, rounded half to even.
///
/// # Errors
/// The text is not a number, not finite, or its value does not fit.
pub fn parse_scaled(text: &str, shift: i32) -> Result<i64, NotDecimal> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if ["nan", "inf", "infinity"].iter().any(|word| unsigned.eq_ignore_ascii_case(word)) {
        return Err(NotDecimal::NotFinite);
    }
    let (digits, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().map_err(|_| NotDecimal::Malformed)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let count = whole.len() + fraction.len();
    if count == 0 || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return Err(NotDecimal::Malformed);
    }
    let magnitude = whole
        .bytes()
        .chain(fraction.bytes())
        .try_fold(0_i128, |sum, digit| sum.checked_mul(10)?.checked_add(i128::from(digit - b'0')))
        .ok_or(NotDecimal::TooLarge)?;
    let fraction_digits = i32::try_from(fraction.len()).map_err(|_| NotDecimal::TooLarge)?;
    let power = exponent.saturating_add(shift).saturating_sub(fraction_digits);
    let scaled = scale(magnitude, power)?;
    let signed = if text.starts_with('-') { -scaled } else { scaled };
    i64::try_from(signed).map_err(|_| NotDecimal::TooLarge)
}

fn scale(magnitude: i128, power: i32) -> Result<i128, NotDecimal> {
    let factor = 10_i128.checked_pow(power.unsigned_abs());
    match (magnitude, power >= 0, factor) {
        (0, _, _) => Ok(0),
        (_, true, Some(factor)) => magnitude.checked_mul(factor).ok_or(NotDecimal::TooLarge),
        (_, true, None) => Err(NotDecimal::TooLarge),
        // Doubling the remainder must not overflow inside the division.
        (_, false, Some(factor)) if factor < i128::MAX / 4 => Ok(divide_half_even(magnitude, factor)),
        (_, false, _) => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_every_digit_and_rounds_halves_to_even() {
        assert_eq!(parse_scaled("1469.250000", 4), Ok(14_692_500));
        assert_eq!(parse_scaled("1.07083", 4), Ok(10_708));
        assert_eq!(parse_scaled("1.00005", 4), Ok(10_000));
        assert_eq!(parse_scaled("1.00015", 4), Ok(10_002));
        assert_eq!(parse_scaled("-.5", 0), Ok(0));
        assert_eq!(parse_scaled("9.318e8", 0), Ok(931_800_000));
        assert_eq!(parse_scaled("1e-40", 4), Ok(0));
    }

    #[test]
    fn says_why_a_text_is_no_number() {
        for text in ["", "-", ".", "1,000", "$5", "0x1", "1e", "--1", "1.2.3"] {
            assert_eq!(parse_scaled(text, 4), Err(NotDecimal::Malformed), "{text}");
        }
        for text in ["NaN", "inf", "-Infinity"] {
            assert_eq!(parse_scaled(text, 4), Err(NotDecimal::NotFinite), "{text}");
        }
        for text in ["1e30", "99999999999999999999", "9".repeat(60).as_str(), "1e999999999"] {
            assert_eq!(parse_scaled(text, 4), Err(NotDecimal::TooLarge), "{text}");
        }
    }
}
