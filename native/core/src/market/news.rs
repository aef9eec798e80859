//! What happens to one company alone: reports on scheduled nights, and surprises at any moment of a session.

use super::process::STEPS;
use super::random::Random;

/// Sessions from one report to the next.
const QUARTER: i64 = 63;
/// Deviation of the jumps, in deviations of the noise of the stock's own calm session.
const REPORT_SIZE: f64 = 6.0;
const SURPRISE_SIZE: f64 = 6.0;
/// About one surprise in 60 sessions.
const SURPRISE_CHANCE: f64 = 1.0 / (60.0 * STEPS as f64);
/// Multiplies trading and own movement for the rest of a session after news.
const EXCITED: f64 = 2.0;

/// A company's calendar and the excitement about its news.
#[derive(Debug, Clone)]
pub(super) struct News {
    own_daily: f64,
    /// `None` for what is no company.
    nights_to_report: Option<i64>,
    excitement: f64,
}

impl News {
    /// Draws the company's place in the calendar.
    pub(super) fn new(own_daily: f64, is_company: bool, random: &mut Random) -> Self {
        let nights_to_report = is_company.then(|| random.between(1, QUARTER));
        Self { own_daily, nights_to_report, excitement: 1.0 }
    }

    /// Multiplies trading and the stock's own movement: 1, or 2 after news.
    pub(super) fn excitement(&self) -> f64 {
        self.excitement
    }

    /// The jump of a step: nearly always 0.
    pub(super) fn step(&mut self, random: &mut Random) -> f64 {
        if self.nights_to_report.is_none() || !random.chance(SURPRISE_CHANCE) {
            return 0.0;
        }
        self.excitement = EXCITED;
        random.normal() * SURPRISE_SIZE * self.own_daily
    }

    /// The jump of a night: 0 unless the company reports.
    pub(super) fn night(&mut self, random: &mut Random) -> f64 {
        self.excitement = 1.0;
        let Some(nights) = &mut self.nights_to_report else { return 0.0 };
        *nights -= 1;
        if *nights > 0 {
            return 0.0;
        }
        *nights = QUARTER;
        self.excitement = EXCITED;
        random.normal() * REPORT_SIZE * self.own_daily
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_reports_once_a_quarter_and_a_fund_never() {
        let mut random = Random::seeded(1);
        let mut company = News::new(0.01, true, &mut random);
        let nights: Vec<usize> = (0..630).filter(|_| company.night(&mut random) != 0.0).collect();
        assert_eq!(nights.len(), 10);
        assert!(nights.windows(2).all(|pair| pair[1] - pair[0] == 63), "{nights:?}");
        let mut fund = News::new(0.01, false, &mut random);
        assert!((0..630).all(|_| fund.night(&mut random) == 0.0 && fund.step(&mut random) == 0.0));
    }

    #[test]
    fn news_excites_until_the_night() {
        let mut random = Random::seeded(1);
        let mut company = News::new(0.01, true, &mut random);
        while company.step(&mut random) == 0.0 {
            assert!(company.excitement() < 2.0);
        }
        assert!(company.excitement() > 1.0);
        let reported = company.night(&mut random) != 0.0;
        assert_eq!(company.excitement() > 1.0, reported);
    }
}
