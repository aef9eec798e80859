//! Bollinger bands and the distance from the mean in standard deviations.

use super::guard::usable;
use super::moments::{Divisor, RollingMoments, Spread};

/// The bands at one value, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// The mean less the width.
    pub lower: f64,
    /// The mean of the period.
    pub middle: f64,
    /// The mean plus the width.
    pub upper: f64,
    /// The population standard deviation of the period.
    pub deviation: f64,
}

impl Bands {
    /// How many deviations the value lies above the mean; `None` when nothing varied.
    pub fn z_score(&self, value: f64) -> Option<f64> {
        (self.deviation > 0.0).then(|| (value - self.middle) / self.deviation)
    }
}

/// The mean of a period and bands `width` population standard deviations around it.
#[derive(Debug, Clone)]
pub struct Bollinger {
    moments: RollingMoments,
    width: f64,
}

impl Bollinger {
    /// Makes bands over `period` values (0 is taken as 1), `width` deviations to either side.
    pub fn new(period: usize, width: f64) -> Self {
        Self { moments: RollingMoments::new(period), width }
    }

    /// Takes in the next value and gives the bands, `None` for the first `period - 1` values.
    pub fn push(&mut self, value: f64) -> Option<Bands> {
        self.moments.push(value).map(|spread| self.bands(&spread))
    }

    /// The current bands, `None` until warm.
    pub fn value(&self) -> Option<Bands> {
        self.moments.value().map(|spread| self.bands(&spread))
    }

    /// How many values pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.moments.warm_up()
    }

    fn bands(&self, spread: &Spread) -> Bands {
        let deviation = spread.deviation(Divisor::Population);
        let (middle, reach) = (spread.mean, self.width * deviation);
        Bands { lower: middle - reach, middle, upper: middle + reach, deviation }
    }
}

/// How many standard deviations the newest value lies above the mean of the last `period` values, itself among them.
#[derive(Debug, Clone)]
pub struct ZScore {
    moments: RollingMoments,
    divisor: Divisor,
    newest: f64,
}

impl ZScore {
    /// Makes a score over `period` values. A period of 0 is taken as 1.
    pub fn new(period: usize, divisor: Divisor) -> Self {
        Self { moments: RollingMoments::new(period), divisor, newest: 0.0 }
    }

    /// Takes in the next value and gives its score, `None` for the first `period - 1` values and when nothing varied.
    pub fn push(&mut self, value: f64) -> Option<f64> {
        if !usable(value) {
            return None;
        }
        self.moments.push(value);
        self.newest = value;
        self.value()
    }

    /// The score of the newest value, `None` until warm and when nothing varied.
    pub fn value(&self) -> Option<f64> {
        let spread = self.moments.value()?;
        let deviation = spread.deviation(self.divisor);
        (deviation > 0.0).then(|| (self.newest - spread.mean) / deviation)
    }

    /// How many values pass before the first result.
    pub fn warm_up(&self) -> usize {
        self.moments.warm_up()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_the_bands_in_population_deviations() {
        let mut bollinger = Bollinger::new(2, 1.5);
        assert_eq!(bollinger.push(1.0), None);
        let bands = bollinger.push(3.0);
        assert_eq!(bands, Some(Bands { lower: 0.5, middle: 2.0, upper: 3.5, deviation: 1.0 }));
        assert_eq!(bands.and_then(|bands| bands.z_score(4.0)), Some(2.0));
    }

    #[test]
    fn gives_no_score_where_nothing_varies() {
        let mut score = ZScore::new(2, Divisor::Population);
        let scores: Vec<Option<f64>> = [5.0, 5.0, 7.0].iter().map(|value| score.push(*value)).collect();
        assert_eq!(scores, [None, None, Some(1.0)]);
    }
}
