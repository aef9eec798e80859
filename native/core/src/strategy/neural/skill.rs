//! Whether forecasts made before their outcome was known were worth anything, over the last of them.

/// The square of the normal quantile of 95 %, one-sided.
const QUANTILE_SQUARED: f64 = 1.644_853_626_951_472_2 * 1.644_853_626_951_472_2;

/// The last forecasts' errors and outcomes.
#[derive(Debug, Clone)]
pub struct Skill {
    errors: Box<[f64]>,
    outcomes: Box<[f64]>,
    hits: Box<[f64]>, // 1 for the right sign, 0 for the wrong one, -1 when either is 0
    seen: f64,        // at most as many as are judged
    next: f64,
    sums: Sums,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    error: f64,
    outcome: f64,
    squares: f64,
    right: f64,
    tried: f64,
}

impl Skill {
    /// Judges the last `count` forecasts, at least 1.
    pub fn over(count: usize) -> Self {
        let zeros = || vec![0.0; count.max(1)].into_boxed_slice();
        Self {
            errors: zeros(),
            outcomes: zeros(),
            hits: zeros(),
            seen: 0.0,
            next: 0.0,
            sums: Sums::default(),
        }
    }

    pub fn record(&mut self, forecast: f64, outcome: f64) {
        let at = self.next as usize;
        if self.is_full() {
            self.sums.add(self.errors[at], self.outcomes[at], self.hits[at], -1.0);
        } else {
            self.seen += 1.0;
        }
        let product = forecast * outcome;
        self.errors[at] = forecast - outcome;
        self.outcomes[at] = outcome;
        self.hits[at] = if product == 0.0 { -1.0 } else { f64::from(u8::from(product > 0.0)) };
        self.sums.add(self.errors[at], self.outcomes[at], self.hits[at], 1.0);
        self.next = if at + 1 == self.errors.len() { 0.0 } else { self.next + 1.0 };
        if self.next == 0.0 {
            self.resum(); // rounding gathers for one turn only
        }
    }

    /// Mean absolute error over that of the naive forecast, which expects no change. 1 until an outcome was not 0.
    pub fn mase(&self) -> f64 {
        if self.sums.outcome > 0.0 { self.sums.error / self.sums.outcome } else { 1.0 }
    }

    /// The share of right signs among the forecasts that had one.
    pub fn hit_rate(&self) -> f64 {
        if self.sums.tried > 0.0 { self.sums.right / self.sums.tried } else { 0.0 }
    }

    /// The mean squared error.
    pub fn variance(&self) -> f64 {
        self.sums.squares.max(0.0) / self.seen.max(1.0)
    }

    pub fn seen(&self) -> f64 {
        self.seen
    }

    /// Whether all that are judged had a smaller error than the naive one, and more right signs than a coin has in 95 of
    /// 100 cases: the normal approximation of the binomial, with the correction for whole numbers.
    pub fn is_proven(&self) -> bool {
        let lead = 2.0 * self.sums.right - self.sums.tried - 1.0;
        self.is_full() && self.mase() < 1.0 && lead > 0.0 && lead * lead > QUANTILE_SQUARED * self.sums.tried
    }

    /// Every number of its state, in one order.
    pub fn visit(&mut self, each: &mut dyn FnMut(&mut f64)) {
        self.errors.iter_mut().chain(&mut self.outcomes).chain(&mut self.hits).for_each(&mut *each);
        let Sums { error, outcome, squares, right, tried } = &mut self.sums;
        [&mut self.seen, &mut self.next, error, outcome, squares, right, tried].into_iter().for_each(each);
    }

    /// Whether its counts are within its window.
    pub fn is_sound(&self) -> bool {
        let judged = self.errors.len() as f64;
        let is_whole = |count: f64| count.fract() == 0.0 && count >= 0.0;
        is_whole(self.seen) && is_whole(self.next) && self.seen <= judged && self.next < judged
    }

    fn is_full(&self) -> bool {
        self.seen as usize == self.errors.len()
    }

    fn resum(&mut self) {
        self.sums = Sums::default();
        for at in 0..self.errors.len() {
            self.sums.add(self.errors[at], self.outcomes[at], self.hits[at], 1.0);
        }
    }
}

impl Sums {
    fn add(&mut self, error: f64, outcome: f64, hit: f64, sign: f64) {
        self.error += sign * error.abs();
        self.outcome += sign * outcome.abs();
        self.squares += sign * error * error;
        if hit >= 0.0 {
            self.right += sign * hit;
            self.tried += sign;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JUDGED: usize = 500;

    /// 500 forecasts of 0.1, right in so many of them; the outcomes are 1 in size.
    fn judged(right: usize) -> Skill {
        let mut skill = Skill::over(JUDGED);
        for at in 0..JUDGED {
            skill.record(0.1, if at < right { 1.0 } else { -1.0 });
        }
        skill
    }

    #[test]
    fn asks_for_as_many_hits_as_the_binomial_does() {
        // P(X >= 269) = 0.0488 and P(X >= 268) = 0.0587 for 500 throws of a coin.
        assert!(judged(269).is_proven() && !judged(268).is_proven());
        let skill = judged(300);
        assert!((skill.hit_rate() - 0.6).abs() < 1e-12);
        assert!((skill.mase() - (300.0 * 0.9 + 200.0 * 1.1) / 500.0).abs() < 1e-12);
        assert!((skill.variance() - (300.0 * 0.81 + 200.0 * 1.21) / 500.0).abs() < 1e-12);
    }

    #[test]
    fn asks_for_a_smaller_error_than_the_naive_forecast_and_forgets_the_old() {
        let mut skill = Skill::over(JUDGED);
        for _ in 0..JUDGED {
            skill.record(3.0, 1.0); // right each time, and far off
        }
        assert!(skill.mase() == 2.0 && !skill.is_proven());
        for _ in 0..JUDGED {
            skill.record(0.5, 1.0);
        }
        assert!(skill.mase() == 0.5 && skill.is_proven());
    }
}
