//! The hours of a session: the shapes that volume, moves and spreads have over the day.

use super::process::STEPS;

/// What the hour of the day does; each averages about 1 over a session.
pub(super) struct Hour {
    pub(super) moving: f64,
    pub(super) trading: f64,
    pub(super) spread: f64,
}

impl Hour {
    /// Volume is a U over the session; moves and spreads are a J reversed: largest at the opening, least after noon.
    pub(super) fn of(done: u32) -> Self {
        // -1 at the opening, 0 at noon, 1 at the close.
        let hour = 2.0 * f64::from(done) / f64::from(STEPS) - 1.0;
        let square = hour * hour;
        let opening = if hour < 0.0 { square * square } else { 0.0 };
        Self {
            moving: 0.78 + 0.5 * square + 0.5 * opening,
            trading: 0.6 + 1.2 * square,
            spread: 0.85 + 0.3 * square + 0.6 * opening,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_averages_about_one() {
        let mean =
            |of: fn(Hour) -> f64| (0..STEPS).map(|done| of(Hour::of(done))).sum::<f64>() / f64::from(STEPS);
        for mean in [mean(|hour| hour.moving), mean(|hour| hour.trading), mean(|hour| hour.spread)] {
            assert!((mean - 1.0).abs() < 0.02, "{mean}");
        }
    }
}
