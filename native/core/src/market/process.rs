//! One source of returns: noise with fat tails around a regime that now trends and now ranges.

use super::random::Random;

/// Quote updates in a session.
pub(super) const STEPS: u32 = 4_680;
/// Return of a usual night against that of a whole session's noise, and how often and by how much a night is unusual.
const NIGHT: f64 = 1.0;
const NEWS_CHANCE: f64 = 0.05;
const NEWS_SIZE: f64 = 4.0;
/// A shock: once in about two hours, eight times the usual size.
const SHOCK_CHANCE: f64 = 1.0 / 1_500.0;
const SHOCK_SIZE: f64 = 8.0;

/// How returns behave for a quarter of an hour to an hour and three quarters.
#[derive(Debug, Clone)]
struct Regime {
    /// Mean return of a step, in standard deviations.
    drift: f64,
    /// Part of the distance to the regime's start that is undone in a step.
    pull: f64,
    /// Multiplies the noise.
    noise: f64,
    steps_left: i64,
}

impl Regime {
    fn draw(random: &mut Random) -> Self {
        let noise = [0.6, 1.0, 1.7][usize::try_from(random.between(0, 2)).unwrap_or(1)];
        let steps_left = random.between(180, 1_260);
        let (drift, pull) = if random.chance(0.45) {
            (0.0, 1.0 / 240.0)
        } else {
            let size = 0.04 + 0.06 * random.unit();
            (if random.chance(0.5) { size } else { -size }, 0.0)
        };
        Self { drift, pull, noise, steps_left }
    }
}

/// A factor or a stock's own part.
#[derive(Debug, Clone)]
pub(super) struct Process {
    step_deviation: f64,
    regime: Regime,
    /// Sum of returns since the regime began.
    travelled: f64,
}

impl Process {
    /// Starts a process whose noise alone would have this standard deviation over a session.
    pub(super) fn new(daily_deviation: f64, random: &mut Random) -> Self {
        let step_deviation = daily_deviation / f64::from(STEPS).sqrt();
        Self { step_deviation, regime: Regime::draw(random), travelled: 0.0 }
    }

    /// Draws the return of the next step; `activity` (about 1) multiplies its size.
    pub(super) fn step(&mut self, activity: f64, random: &mut Random) -> f64 {
        if self.regime.steps_left == 0 {
            self.regime = Regime::draw(random);
            self.travelled = 0.0;
        }
        self.regime.steps_left -= 1;
        let shock = if random.chance(SHOCK_CHANCE) { SHOCK_SIZE } else { 1.0 };
        let noise = random.normal() * self.regime.noise * shock;
        let moved = (noise + self.regime.drift) * activity * self.step_deviation;
        let change = moved - self.travelled * self.regime.pull;
        self.travelled += change;
        change
    }

    /// Draws the return between two sessions, and another regime for the morning.
    pub(super) fn night(&mut self, activity: f64, random: &mut Random) -> f64 {
        self.regime = Regime::draw(random);
        self.travelled = 0.0;
        let news = if random.chance(NEWS_CHANCE) { NEWS_SIZE } else { 1.0 };
        random.normal() * news * activity * self.step_deviation * f64::from(STEPS).sqrt() * NIGHT
    }
}
