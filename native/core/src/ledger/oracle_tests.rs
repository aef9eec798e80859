//! The ledger against its rules in their plainest form.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::money::Micros;

#[derive(Debug, Clone)]
enum Step {
    Reserve(u8, Micros, Purpose),
    Post(u8, Micros),
    Release(u8),
    Restore(u8, Micros),
    RestorePosted(Micros),
    StartDay(Micros, Micros),
}

fn steps(adopting: bool) -> impl Strategy<Value = Vec<Step>> {
    let purpose = prop_oneof![3 => Just(Purpose::Entry), 1 => Just(Purpose::Exit)];
    let rare = if adopting { 1 } else { 0 };
    let step = prop_oneof![
        6 => (0..8_u8, 0..500_i64, purpose).prop_map(|(id, amount, purpose)| Step::Reserve(id, amount, purpose)),
        4 => (0..8_u8, 0..500_i64).prop_map(|(id, used)| Step::Post(id, used)),
        3 => (0..8_u8).prop_map(Step::Release),
        rare => (0..8_u8, 0..900_i64).prop_map(|(id, amount)| Step::Restore(id, amount)),
        rare => (0..300_i64).prop_map(Step::RestorePosted),
        rare => (0..1_500_i64, 0..200_i64).prop_map(|(budget, reserve)| Step::StartDay(budget, reserve.min(budget))),
    ];
    prop::collection::vec(step, 1..120)
}

/// A list of what is open, and two sums for what was used.
#[derive(Debug)]
struct Oracle {
    budget: Micros,
    exit_reserve: Micros,
    /// Open amounts as (all, of it from the exit reserve).
    open: BTreeMap<u8, (Micros, Micros)>,
    posted: Micros,
    posted_from_reserve: Micros,
}

impl Oracle {
    fn reserve_left(&self) -> Micros {
        self.exit_reserve
            - self.posted_from_reserve
            - self.open.values().map(|(_, reserve)| reserve).sum::<Micros>()
    }

    fn pending(&self) -> Micros {
        self.open.values().map(|(all, _)| all).sum()
    }

    fn free(&self) -> Micros {
        (self.budget - self.posted - self.pending() - self.reserve_left()).max(0)
    }

    /// Applies a step and tells whether it is granted.
    fn apply(&mut self, step: &Step) -> bool {
        match *step {
            Step::Reserve(id, amount, purpose) => {
                let limit =
                    if purpose == Purpose::Exit { self.free() + self.reserve_left() } else { self.free() };
                let granted = !self.open.contains_key(&id) && amount <= limit;
                if granted {
                    self.open.insert(id, (amount, (amount - self.free()).max(0)));
                }
                granted
            }
            Step::Post(id, used) => match self.open.get(&id).copied() {
                Some((all, reserve)) if used <= all => {
                    self.open.remove(&id);
                    self.posted += used;
                    self.posted_from_reserve += (used - (all - reserve)).max(0);
                    true
                }
                _ => false,
            },
            Step::Release(id) => self.open.remove(&id).is_some(),
            Step::Restore(id, amount) => {
                let granted = !self.open.contains_key(&id);
                if granted {
                    self.open.insert(id, (amount, 0));
                }
                granted
            }
            Step::RestorePosted(amount) => {
                self.posted += amount;
                true
            }
            Step::StartDay(budget, exit_reserve) => {
                (self.budget, self.exit_reserve) = (budget, exit_reserve);
                (self.posted, self.posted_from_reserve) = (0, 0);
                self.open.values_mut().for_each(|(_, reserve)| *reserve = 0);
                true
            }
        }
    }
}

fn apply(ledger: &mut SpendLedger, step: &Step) -> bool {
    let name = |id: u8| format!("lease-{id}");
    match *step {
        Step::Reserve(id, amount, purpose) => {
            ledger.reserve(&name(id), amount, purpose).is_ok_and(|answer| answer.accepted)
        }
        Step::Post(id, used) => ledger.post(&name(id), used).is_ok(),
        Step::Release(id) => ledger.release(&name(id)).is_ok(),
        Step::Restore(id, amount) => ledger.restore(&name(id), amount).is_ok(),
        Step::RestorePosted(amount) => ledger.restore_posted(amount).is_ok(),
        Step::StartDay(budget, reserve) => ledger.start_day(budget, reserve).is_ok(),
    }
}

proptest! {
    #[test]
    fn agrees_with_the_plain_rules_after_every_step(steps in steps(true)) {
        let mut ledger = SpendLedger::new(1_000, 100).unwrap();
        let mut oracle = Oracle { budget: 1_000, exit_reserve: 100, open: BTreeMap::new(), posted: 0, posted_from_reserve: 0 };
        for step in &steps {
            prop_assert_eq!(apply(&mut ledger, step), oracle.apply(step), "{:?}", step);
            prop_assert!(ledger.is_balanced());
            let expected = Totals {
                budget: oracle.budget,
                exit_reserve: oracle.exit_reserve,
                posted: oracle.posted,
                pending: oracle.pending(),
                available: oracle.free(),
            };
            prop_assert_eq!(ledger.totals(), expected, "{:?}", step);
        }
    }

    #[test]
    fn never_commits_more_than_the_budget_unless_it_adopts(steps in steps(false)) {
        let mut ledger = SpendLedger::new(1_000, 100).unwrap();
        for step in &steps {
            let before = ledger.totals();
            apply(&mut ledger, step);
            let after = ledger.totals();
            prop_assert!(after.posted + after.pending <= after.budget);
            prop_assert!(after.posted >= before.posted, "posted money does not come back");
        }
    }
}
