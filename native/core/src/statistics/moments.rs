//! Moments of a sample.

use super::error::{StatisticsError, all_finite, at_least};

/// The mean of at least one value.
pub fn mean(values: &[f64]) -> Result<f64, StatisticsError> {
    at_least(1, values.len())?;
    all_finite(values)?;
    Ok(plain_mean(values))
}

/// The variance divided by n - `ddof`, of more than `ddof` values.
pub fn variance(values: &[f64], ddof: usize) -> Result<f64, StatisticsError> {
    let mean = mean(values)?;
    at_least(ddof + 1, values.len())?;
    Ok(power_sum(values, mean, 2) / (values.len() - ddof) as f64)
}

/// The skewness g1 = m3 / m2^1.5 of values that vary; 0 for a symmetric sample. Not corrected for bias.
pub fn skewness(values: &[f64]) -> Result<f64, StatisticsError> {
    let (second, third) = (central(values, 2)?, central(values, 3)?);
    Ok(third / (second * second.sqrt()))
}

/// The kurtosis m4 / m2^2 of values that vary; 3 for the normal distribution. Not corrected for bias.
pub fn kurtosis(values: &[f64]) -> Result<f64, StatisticsError> {
    let (second, fourth) = (central(values, 2)?, central(values, 4)?);
    Ok(fourth / (second * second))
}

/// The mean of finite values; NaN for none.
pub(super) fn plain_mean(values: &[f64]) -> f64 {
    // Twice: the second pass takes back what the first lost to a large offset.
    let count = values.len() as f64;
    let rough = values.iter().sum::<f64>() / count;
    rough + values.iter().map(|value| value - rough).sum::<f64>() / count
}

fn power_sum(values: &[f64], mean: f64, power: i32) -> f64 {
    values.iter().map(|value| (value - mean).powi(power)).sum()
}

/// The central moment; refuses values that do not vary.
fn central(values: &[f64], power: i32) -> Result<f64, StatisticsError> {
    let mean = mean(values)?;
    let moment = |power| power_sum(values, mean, power) / values.len() as f64;
    if moment(2) > 0.0 { Ok(moment(power)) } else { Err(StatisticsError::Degenerate) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_moments_of_a_small_sample() {
        let values = [1.0, 2.0, 3.0, 10.0];
        assert_eq!(mean(&values), Ok(4.0));
        assert_eq!((variance(&values, 0), variance(&values, 1)), (Ok(12.5), Ok(50.0 / 3.0)));
        // m3 = (-27 - 8 - 1 + 216) / 4 = 45, m4 = (81 + 16 + 1 + 1296) / 4 = 348.5
        assert!((skewness(&values).unwrap() - 45.0 / 12.5_f64.powf(1.5)).abs() < 1e-15);
        assert!((kurtosis(&values).unwrap() - 348.5 / 156.25).abs() < 1e-15);
    }

    #[test]
    fn refuses_what_has_no_moments() {
        assert_eq!(mean(&[]), Err(StatisticsError::TooFew { needed: 1, given: 0 }));
        assert_eq!(mean(&[1.0, f64::NAN]), Err(StatisticsError::NotFinite { at: 1 }));
        assert_eq!(variance(&[1.0], 1), Err(StatisticsError::TooFew { needed: 2, given: 1 }));
        assert_eq!(skewness(&[2.0, 2.0]), Err(StatisticsError::Degenerate));
    }
}
