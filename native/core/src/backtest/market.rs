//! What just holding the symbols would have given.

use crate::bars::Bar;

#[derive(Default)]
pub struct Market {
    base: Option<Vec<f64>>, // closes at the first instant when all symbols had one
    warm: Option<Vec<f64>>, // closes at the last instant before the first decision
}

impl Market {
    /// Whether it is known from where it is measured.
    pub fn is_warm(&self) -> bool {
        self.warm.is_some()
    }

    /// Takes in an instant at which every symbol has had a bar; `is_warm` when the next ones will be decided on.
    pub fn push(&mut self, last: &[Bar], is_warm: bool) {
        let closes = || last.iter().map(|bar| bar.close_ticks as f64).collect();
        self.base.get_or_insert_with(closes);
        if is_warm {
            self.warm = Some(closes());
        }
    }

    /// The mean of the symbols' closes, each over its first.
    pub fn level<'a>(&self, last: impl Iterator<Item = &'a Bar>) -> Option<f64> {
        self.base.as_deref().map(|base| mean_ratio(last, base))
    }

    /// What holding all symbols from the first decision on gave, as a part.
    pub fn held(&self, last: &[Bar]) -> Option<f64> {
        self.warm.as_deref().map(|warm| mean_ratio(last.iter(), warm) - 1.0)
    }
}

fn mean_ratio<'a>(last: impl Iterator<Item = &'a Bar>, base: &[f64]) -> f64 {
    let ratios = last.zip(base).map(|(bar, base)| bar.close_ticks as f64 / base);
    ratios.sum::<f64>() / base.len() as f64
}
