//! Bindings of the spend ledger. Amounts are micro-dollars; one that is not a whole number of 0 or more throws
//! AMOUNT_INVALID.

use desk_core::ledger::{Purpose, SpendError, SpendLedger as Ledger};
use napi_derive::napi;

use crate::errors::{INVALID_INPUT, Result, coded};
use crate::numbers::{integer, number};

/// The answer to a request for money; a refusal changes nothing.
#[napi(object)]
pub struct SpendReserved {
    pub accepted: bool,
    /// What the same purpose may still reserve.
    pub available_micros: f64,
}

/// How a reservation ended.
#[napi(object)]
pub struct SpendPosted {
    pub posted_micros: f64,
    pub released_micros: f64,
}

/// Where the day stands.
#[napi(object)]
pub struct SpendTotals {
    pub budget_micros: f64,
    pub exit_reserve_micros: f64,
    pub posted_micros: f64,
    pub pending_micros: f64,
    /// What an entry may still reserve; never negative.
    pub available_micros: f64,
}

/// A double-entry ledger that admits spending within a day's budget.
#[napi]
pub struct SpendLedger(Ledger);

#[napi]
impl SpendLedger {
    /// Opens a ledger on a fresh day. Throws AMOUNT_INVALID, also when the reserve is above the budget.
    #[napi(constructor, catch_unwind)]
    pub fn new(budget_micros: f64, exit_reserve_micros: f64) -> Result<Self> {
        let (budget, reserve) = (amount(budget_micros)?, amount(exit_reserve_micros)?);
        Ledger::new(budget, reserve).map(Self).map_err(spend_error)
    }

    /// Sets an amount aside under a new id if it fits; exits may use the exit reserve. Throws RESERVATION_EXISTS.
    #[napi(catch_unwind)]
    pub fn reserve(
        &mut self,
        id: String,
        amount_micros: f64,
        #[napi(ts_arg_type = "'entry' | 'exit'")] purpose: String,
    ) -> Result<SpendReserved> {
        let answer =
            self.0.reserve(&id, amount(amount_micros)?, purpose_of(&purpose)?).map_err(spend_error)?;
        Ok(SpendReserved {
            accepted: answer.accepted,
            available_micros: number("availableMicros", answer.available)?,
        })
    }

    /// Ends a reservation: what was used is posted, the rest is free. Throws RESERVATION_UNKNOWN,
    /// POST_EXCEEDS_RESERVATION.
    #[napi(catch_unwind)]
    pub fn post(&mut self, id: String, used_micros: f64) -> Result<SpendPosted> {
        let ended = self.0.post(&id, amount(used_micros)?).map_err(spend_error)?;
        Ok(SpendPosted {
            posted_micros: number("postedMicros", ended.posted)?,
            released_micros: number("releasedMicros", ended.released)?,
        })
    }

    /// Ends a reservation unused and gives what it held. Throws RESERVATION_UNKNOWN.
    #[napi(catch_unwind)]
    pub fn release(&mut self, id: String) -> Result<f64> {
        number("releasedMicros", self.0.release(&id).map_err(spend_error)?)
    }

    /// Adopts a reservation that was open before a restart, whatever the budget. Throws RESERVATION_EXISTS.
    #[napi(catch_unwind)]
    pub fn restore(&mut self, id: String, amount_micros: f64) -> Result<()> {
        self.0.restore(&id, amount(amount_micros)?).map_err(spend_error)
    }

    /// Adopts what was posted today before a restart, whatever the budget.
    #[napi(catch_unwind)]
    pub fn restore_posted(&mut self, micros: f64) -> Result<()> {
        self.0.restore_posted(amount(micros)?).map_err(spend_error)
    }

    /// Starts a day: nothing is posted, open reservations stay and count against the new budget.
    #[napi(catch_unwind)]
    pub fn start_day(&mut self, budget_micros: f64, exit_reserve_micros: f64) -> Result<()> {
        let (budget, reserve) = (amount(budget_micros)?, amount(exit_reserve_micros)?);
        self.0.start_day(budget, reserve).map_err(spend_error)
    }

    /// Where the day stands.
    #[napi(catch_unwind)]
    pub fn totals(&self) -> Result<SpendTotals> {
        let totals = self.0.totals();
        Ok(SpendTotals {
            budget_micros: number("budgetMicros", totals.budget)?,
            exit_reserve_micros: number("exitReserveMicros", totals.exit_reserve)?,
            posted_micros: number("postedMicros", totals.posted)?,
            pending_micros: number("pendingMicros", totals.pending)?,
            available_micros: number("availableMicros", totals.available)?,
        })
    }
}

fn amount(micros: f64) -> Result<i64> {
    let message = || format!("the amount is {micros}; it must be a whole number of micro-dollars, 0 or more");
    integer(micros).ok_or_else(|| coded("AMOUNT_INVALID", message()))
}

fn purpose_of(purpose: &str) -> Result<Purpose> {
    match purpose {
        "entry" => Ok(Purpose::Entry),
        "exit" => Ok(Purpose::Exit),
        _ => Err(coded(INVALID_INPUT, format!("the purpose is \"{purpose}\"; it must be entry or exit"))),
    }
}

fn spend_error(error: SpendError) -> napi::Error<&'static str> {
    coded(error.code(), error)
}
