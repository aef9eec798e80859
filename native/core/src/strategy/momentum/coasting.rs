//! The fast way over the bars at which nothing is to be done, which are most: their state stays in registers, and what
//! only a decision or its reason needs is left out.

use super::Momentum;
use super::holding::Side;
use crate::bars::Bar;

impl Momentum {
    /// Takes in bars up to the first at which something is to be done, does it, and gives how many. None before it is warm,
    /// nor when the first is not sane.
    pub(super) fn coast(&mut self, bars: &[Bar]) -> usize {
        let (adx_floor, stop_atr, last_at_ms) = (self.adx_floor, self.stop_atr, self.last_at_ms);
        let Some(steady) = self.signals.steady() else { return 0 };
        let (taken, reading) = match &mut self.holding {
            None => {
                let mut stopped = self.stopped;
                let coasted = steady.coast(bars, last_at_ms, |_, reading| {
                    stopped = stopped.filter(|side| reading.leans(*side));
                    let enters = |side| reading.enters(side, adx_floor) & (stopped != Some(side));
                    !(enters(Side::Long) | enters(Side::Short))
                });
                self.stopped = stopped;
                coasted
            }
            Some(holding) => {
                let mut held = *holding;
                let coasted = steady.coast(bars, last_at_ms, |bar, reading| {
                    held.trail(bar, reading.atr * stop_atr);
                    !(reading.leans(held.side.opposite()) | held.is_stopped(bar.close_ticks))
                });
                *holding = held;
                coasted
            }
        };
        if let (Some(reading), Some(last)) = (reading, bars[..taken].last()) {
            self.last_at_ms = Some(last.at_ms);
            self.bars_seen += taken;
            self.act(last.close_ticks, Some(reading));
        }
        taken
    }
}
