//! Reserve, then post what was used, then the rest is free again.

use std::collections::BTreeMap;

use super::accounts::{Account, Accounts};
use super::reservation::{Purpose, Reservation, SpendError, checked};
use crate::money::Micros;

const MOST: Micros = SpendError::MAX_AMOUNT;

/// The answer to a request for money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserved {
    /// Whether the whole amount is set aside; a refusal changes nothing.
    pub accepted: bool,
    /// What the same purpose may still reserve, in micro-dollars.
    pub available: Micros,
}

/// How a reservation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posted {
    /// Used, in micro-dollars.
    pub posted: Micros,
    /// Given back, in micro-dollars.
    pub released: Micros,
}

/// Where the day stands, in micro-dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// The day's limit.
    pub budget: Micros,
    /// The part of it that only winding down may use.
    pub exit_reserve: Micros,
    /// Used today.
    pub posted: Micros,
    /// Reserved and not yet used.
    pub pending: Micros,
    /// What an entry may still reserve; never negative.
    pub available: Micros,
}

/// The ledger of one budget day after another.
///
/// No entry touches the exit reserve, and none takes posted + pending above the budget. An exit may use all that is
/// free and then the exit reserve: a budget that is used up, or overdrawn by adoption, never blocks winding down.
#[derive(Debug, Clone)]
pub struct SpendLedger {
    accounts: Accounts,
    open: BTreeMap<String, Reservation>,
    budget: Micros,       // 0..=MOST
    exit_reserve: Micros, // 0..=budget
}

impl SpendLedger {
    /// Opens a ledger on a fresh day. Refuses negative amounts and a reserve above the budget.
    pub fn new(budget: Micros, exit_reserve: Micros) -> Result<Self, SpendError> {
        let mut ledger =
            Self { accounts: Accounts::default(), open: BTreeMap::new(), budget: 0, exit_reserve: 0 };
        ledger.start_day(budget, exit_reserve)?;
        Ok(ledger)
    }

    /// Starts a day: nothing is posted, open reservations stay and count against the new budget.
    pub fn start_day(&mut self, budget: Micros, exit_reserve: Micros) -> Result<(), SpendError> {
        let budget = checked("the budget", budget, MOST)?;
        let exit_reserve = checked("the exit reserve", exit_reserve, budget)?;
        (self.budget, self.exit_reserve) = (budget, exit_reserve);
        for account in [Account::Posted, Account::Budget, Account::ExitReserve] {
            self.accounts.transfer(account, Account::Grant, self.balance(account));
        }
        let free = budget - exit_reserve;
        self.accounts.transfer(
            Account::Grant,
            Account::Budget,
            free.saturating_sub(self.balance(Account::Pending)),
        );
        self.accounts.transfer(Account::Grant, Account::ExitReserve, exit_reserve);
        // The new reserve is whole, so nothing flows back into it.
        for reservation in self.open.values_mut() {
            *reservation = Reservation { from_budget: reservation.amount(), from_exit_reserve: 0 };
        }
        Ok(())
    }

    /// Sets an amount aside under a new id if the purpose has that much left.
    pub fn reserve(&mut self, id: &str, amount: Micros, purpose: Purpose) -> Result<Reserved, SpendError> {
        self.check_new(id, amount)?;
        let accepted = amount <= self.available(purpose);
        if accepted {
            // What is free goes first: the exit reserve is the last resort.
            let from_budget = amount.min(self.available(Purpose::Entry));
            self.set_aside(id, Reservation { from_budget, from_exit_reserve: amount - from_budget });
        }
        Ok(Reserved { accepted, available: self.available(purpose) })
    }

    /// Adopts a reservation that was made before a restart; never refused for lack of budget.
    pub fn restore(&mut self, id: &str, amount: Micros) -> Result<(), SpendError> {
        self.check_new(id, amount)?;
        self.set_aside(id, Reservation { from_budget: amount, from_exit_reserve: 0 });
        Ok(())
    }

    /// Adopts what was posted today before a restart; never refused for lack of budget.
    pub fn restore_posted(&mut self, amount: Micros) -> Result<(), SpendError> {
        let amount = checked("the posted amount", amount, MOST)?;
        self.accounts.transfer(Account::Budget, Account::Posted, amount);
        Ok(())
    }

    /// Ends a reservation: `used` of it is posted, the rest is free again.
    pub fn post(&mut self, id: &str, used: Micros) -> Result<Posted, SpendError> {
        let used = checked("the used amount", used, MOST)?;
        let reserved = self.find(id)?.amount();
        if used > reserved {
            return Err(SpendError::PostExceedsReservation { id: id.to_owned(), reserved, used });
        }
        self.accounts.transfer(Account::Pending, Account::Posted, used);
        Ok(Posted { posted: used, released: self.give_back(id, reserved - used)? })
    }

    /// Ends a reservation unused and gives what was set aside.
    pub fn release(&mut self, id: &str) -> Result<Micros, SpendError> {
        let amount = self.find(id)?.amount();
        self.give_back(id, amount)
    }

    /// Where the day stands.
    pub fn totals(&self) -> Totals {
        Totals {
            budget: self.budget,
            exit_reserve: self.exit_reserve,
            posted: self.balance(Account::Posted),
            pending: self.balance(Account::Pending),
            available: self.available(Purpose::Entry),
        }
    }

    /// Whether debits equal credits over all accounts.
    pub fn is_balanced(&self) -> bool {
        self.accounts.is_balanced()
    }

    fn available(&self, purpose: Purpose) -> Micros {
        let free = self.balance(Account::Budget).max(0);
        match purpose {
            Purpose::Entry => free,
            Purpose::Exit => free.saturating_add(self.balance(Account::ExitReserve)),
        }
    }

    fn set_aside(&mut self, id: &str, reservation: Reservation) {
        self.accounts.transfer(Account::Budget, Account::Pending, reservation.from_budget);
        self.accounts.transfer(Account::ExitReserve, Account::Pending, reservation.from_exit_reserve);
        self.open.insert(id.to_owned(), reservation);
    }

    /// Closes a reservation; what is left of it refills the exit reserve first.
    fn give_back(&mut self, id: &str, left: Micros) -> Result<Micros, SpendError> {
        let to_exit_reserve = left.min(self.find(id)?.from_exit_reserve);
        self.accounts.transfer(Account::Pending, Account::ExitReserve, to_exit_reserve);
        self.accounts.transfer(Account::Pending, Account::Budget, left - to_exit_reserve);
        self.open.remove(id);
        Ok(left)
    }

    fn check_new(&self, id: &str, amount: Micros) -> Result<(), SpendError> {
        checked("the amount", amount, MOST)?;
        if self.open.contains_key(id) {
            return Err(SpendError::ReservationExists(id.to_owned()));
        }
        Ok(())
    }

    fn find(&self, id: &str) -> Result<Reservation, SpendError> {
        self.open.get(id).copied().ok_or_else(|| SpendError::ReservationUnknown(id.to_owned()))
    }

    fn balance(&self, account: Account) -> Micros {
        self.accounts.balance(account)
    }
}
