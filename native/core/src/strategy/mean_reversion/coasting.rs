//! The short way over bars at which nothing is to be done, which are most: what only a decision or its reason needs is left
//! out.

use super::last::Reading;
use super::{BarRefused, MeanReversion, SymbolStrategy};
use crate::bars::Bar;

impl MeanReversion {
    /// Decides on bars until the target changes; see [`SymbolStrategy::run_ahead`].
    pub(super) fn coast(&mut self, bars: &[Bar]) -> Result<usize, BarRefused> {
        let before = self.target_qty_nanos();
        let (mut taken, mut passed) = (0, None);
        for bar in bars {
            let reading = match self.take(bar) {
                Ok(reading) => reading,
                Err(refused) if taken == 0 => return Err(refused),
                Err(_) => break,
            };
            taken += 1;
            passed = reading.filter(|reading| self.is_quiet(bar, reading));
            if passed.is_none() {
                self.conclude(bar, reading);
                if self.target_qty_nanos() != before {
                    return Ok(taken);
                }
            }
        }
        if let (Some(_), Some(last)) = (passed, bars[..taken].last()) {
            self.conclude(last, passed); // which does nothing, and says why
        }
        Ok(taken)
    }

    /// Whether nothing is to be done at a bar that was taken in.
    #[inline]
    fn is_quiet(&self, bar: &Bar, reading: &Reading) -> bool {
        let z = reading.z.abs();
        let Some(held) = self.position.held() else { return z <= self.rules.entry_z };
        let awaits_mean = z >= self.rules.exit_z && reading.z * held.shares.signum() as f64 <= 0.0;
        awaits_mean && z <= self.rules.stop_z && self.position.forced_out(bar.close_ticks).is_none()
    }
}
