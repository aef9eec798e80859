//! One resolution of the past: slots of one length, kept for one window, then folded into the next level.

use std::collections::BTreeMap;

use super::frozen::FrozenTally;

#[derive(Debug)]
pub struct Level {
    pub slot_ms: i64,
    keep_ms: i64,
    folded_ms: i64, // length of the slots that this level is folded into; a multiple of `slot_ms`
    slots: BTreeMap<i64, FrozenTally>, // by start
}

impl Level {
    pub fn new(slot_ms: i64, keep_ms: i64, folded_ms: i64) -> Self {
        Self { slot_ms, keep_ms, folded_ms, slots: BTreeMap::new() }
    }

    /// The oldest moment that still belongs here when the newest slot of all starts at `newest_ms`.
    pub fn horizon_ms(&self, newest_ms: i64) -> i64 {
        floor_to(newest_ms.saturating_sub(self.keep_ms), self.folded_ms)
    }

    pub fn absorb(&mut self, at_ms: i64, tally: &FrozenTally) {
        self.slots.entry(floor_to(at_ms, self.slot_ms)).or_default().absorb(tally);
    }

    /// Takes out the slots that are over the horizon, oldest first.
    pub fn expire(&mut self, newest_ms: i64) -> BTreeMap<i64, FrozenTally> {
        let kept = self.slots.split_off(&self.horizon_ms(newest_ms));
        std::mem::replace(&mut self.slots, kept)
    }

    pub fn clear(&mut self) {
        self.slots.clear();
    }

    /// Slots that reach into (`from_ms`, `through_ms`], oldest first, with their start.
    pub fn between(&self, from_ms: i64, through_ms: i64) -> impl Iterator<Item = (i64, &FrozenTally)> {
        let first = from_ms.saturating_sub(self.slot_ms).saturating_add(1);
        self.slots.range(first..=through_ms.max(first)).map(|(start, tally)| (*start, tally))
    }
}

/// The last multiple of `step_ms` at or before `at_ms`.
pub fn floor_to(at_ms: i64, step_ms: i64) -> i64 {
    at_ms.saturating_sub(at_ms.rem_euclid(step_ms))
}
