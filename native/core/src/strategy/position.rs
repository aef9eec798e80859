//! One symbol's position: from weights to shares, under the exits that all strategies share.

use super::exits::{ATR_PERIOD, Drawdown, Forced};
use super::sizing::Sizing;
use super::{Action, BarRefused, Reason, Unit, bar_guard};
use crate::bars::Bar;
use crate::indicators::Atr;
use crate::money::{NANOS_PER_SHARE, PriceTicks, QtyNanos};

/// When a position is left whatever the signal says.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExitRules {
    /// Distance of the stop in ATR; 0 for none.
    pub stop_atr: f64,
    /// Largest loss at the stop, in hundredths of the limit.
    pub max_loss_pct: f64,
    /// Bars that a position is held at most; 0 for any.
    pub most_bars: usize,
}

/// What is known of a position that is held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Held {
    pub shares: i64, // not 0
    pub entry: PriceTicks,
    /// In ticks; stays where it was at the entry.
    pub stop: Option<f64>,
    pub bars: usize,
    pub most_bars: usize, // 0 for any
}

/// The position wanted, marked at every close.
#[derive(Debug, Clone)]
pub(super) struct Position {
    sizing: Sizing,
    rules: ExitRules,
    drawdown: Drawdown,
    atr: Atr,
    last: Option<(i64, PriceTicks)>, // start and close of the last bar
    held: Option<Held>,
}

impl Position {
    /// Starts flat.
    pub fn new(sizing: Sizing, rules: ExitRules, drawdown_pct: f64, rearm_bars: usize) -> Self {
        let drawdown = Drawdown::new(sizing.limit_ticks(), drawdown_pct, rearm_bars);
        Self { sizing, rules, drawdown, atr: Atr::new(ATR_PERIOD), last: None, held: None }
    }

    /// Checks a bar and brings range, equity and holding time up to date.
    #[inline(always)] // it is asked at every bar, and left to itself the compiler makes it a call
    pub fn take(&mut self, bar: &Bar) -> Result<(), BarRefused> {
        bar_guard::check(bar, self.last.map(|(at_ms, _)| at_ms))?;
        self.atr.push(bar);
        let before = self.last.replace((bar.at_ms, bar.close_ticks));
        if let Some(held) = &mut self.held {
            held.bars += 1;
            let moved = before.map_or(0, |(_, close)| bar.close_ticks - close);
            self.drawdown.mark(held.shares as f64 * moved as f64);
        } else {
            self.drawdown.pass();
        }
        Ok(())
    }

    /// Why the position must be left at this close, whatever the signal says.
    #[inline]
    pub fn forced_out(&self, close: PriceTicks) -> Option<Forced> {
        let held = self.held?;
        let close = close as f64;
        let is_beyond = |stop: f64| if held.shares > 0 { close <= stop } else { close >= stop };
        if self.drawdown.is_resting() {
            Some(Forced::DrawnDown)
        } else if held.stop.is_some_and(is_beyond) {
            Some(Forced::Stopped)
        } else if held.most_bars > 0 && held.bars >= held.most_bars {
            Some(Forced::TimedOut)
        } else {
            None
        }
    }

    /// Whether nothing may be entered for now.
    pub fn is_resting(&self) -> bool {
        self.drawdown.is_resting()
    }

    /// Holds a new position for at most this many bars; 0 for any. Counts from the next entry.
    pub fn hold_at_most(&mut self, bars: usize) {
        self.rules.most_bars = bars;
    }

    /// Goes toward a weight, within the limit and the largest loss at the stop; whole shares.
    pub fn aim(&mut self, weight: f64, close: PriceTicks) -> Action {
        let distance = self.stop_distance();
        let most = distance.map_or(self.sizing.most_weight(), |distance| {
            self.sizing.weight_within_loss(self.rules.max_loss_pct / 100.0, distance, close)
        });
        // A stop that cannot be placed yet lets nothing in.
        let most = if self.rules.stop_atr > 0.0 && distance.is_none() { 0.0 } else { most };
        let before = self.shares();
        let shares = self.sizing.settle(before, weight.clamp(-most, most), close);
        self.held = match self.held {
            _ if shares == 0 => None,
            Some(held) if held.shares.signum() == shares.signum() => Some(Held { shares, ..held }),
            _ => Some(self.open(shares, close, distance)),
        };
        Action::between(before, shares)
    }

    /// Leaves the position.
    pub fn leave(&mut self) -> Action {
        let before = self.shares();
        self.held = None;
        Action::between(before, 0)
    }

    pub fn held(&self) -> Option<&Held> {
        self.held.as_ref()
    }

    pub fn qty_nanos(&self) -> QtyNanos {
        self.shares() * NANOS_PER_SHARE
    }

    /// A reason of [`Self::measures`].
    pub fn reason(&self, rule: &'static str, stop: Option<f64>) -> Reason {
        Reason::of(rule, self.measures(stop))
    }

    /// The close, the stop of a position and the equity's depth below its peak.
    pub fn measures(&self, stop: Option<f64>) -> impl Iterator<Item = (&'static str, f64, Unit)> {
        let close = self.last.map_or(0, |(_, close)| close);
        let stop = stop.map(|stop| ("stop", stop, Unit::Ticks));
        let drawdown = ("drawdown", 100.0 * self.drawdown.depth(), Unit::Percent);
        [("close", close as f64, Unit::Ticks)].into_iter().chain(stop).chain([drawdown])
    }

    fn shares(&self) -> i64 {
        self.held.map_or(0, |held| held.shares)
    }

    fn stop_distance(&self) -> Option<f64> {
        let atr = self.atr.value().filter(|_| self.rules.stop_atr > 0.0)?;
        Some(atr * self.rules.stop_atr)
    }

    fn open(&self, shares: i64, entry: PriceTicks, distance: Option<f64>) -> Held {
        let side = shares.signum() as f64;
        let stop = distance.map(|distance| entry as f64 - side * distance);
        Held { shares, entry, stop, bars: 0, most_bars: self.rules.most_bars }
    }
}
