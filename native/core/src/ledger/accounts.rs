//! The accounts and the only way to change them.

use crate::money::Micros;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// Where a day's money comes from and goes back to; its balance is minus the sum of the others.
    Grant,
    /// Free for any purpose. Negative when more was adopted than the day allows.
    Budget,
    /// Free for winding down only.
    ExitReserve,
    /// Reserved and not yet used.
    Pending,
    /// Used.
    Posted,
}

const COUNT: usize = 5;

#[derive(Debug, Clone, Copy, Default)]
struct Sides {
    debits: i128,
    credits: i128,
}

#[derive(Debug, Clone, Default)]
pub struct Accounts([Sides; COUNT]);

impl Accounts {
    /// Moves an amount; a negative one moves the other way.
    pub fn transfer(&mut self, from: Account, to: Account, amount: Micros) {
        let (from, to) = if amount < 0 { (to, from) } else { (from, to) };
        let amount = i128::from(amount).abs();
        self.0[from as usize].debits += amount;
        self.0[to as usize].credits += amount;
        debug_assert!(self.is_balanced());
    }

    /// What lies in an account, in micro-dollars; at the end of `i64` it stays there.
    pub fn balance(&self, account: Account) -> Micros {
        let sides = self.0[account as usize];
        (sides.credits - sides.debits).clamp(Micros::MIN.into(), Micros::MAX.into()) as Micros
    }

    /// Whether all debits equal all credits.
    pub fn is_balanced(&self) -> bool {
        self.0.iter().map(|sides| sides.debits).sum::<i128>()
            == self.0.iter().map(|sides| sides.credits).sum::<i128>()
    }
}
