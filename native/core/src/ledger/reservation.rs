//! One reservation, and what can be wrong with a request.

use crate::money::Micros;

/// What a reservation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// New or prolonged running; never touches the exit reserve.
    Entry,
    /// Winding down: uses what is free, then the exit reserve.
    Exit,
}

/// Why the ledger was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpendError {
    /// A reservation is known by this id; choose another.
    #[error("reservation {0} exists already; each id is used once at a time")]
    ReservationExists(String),
    /// No reservation is open under this id; it never was, or it has ended.
    #[error("reservation {0} is not open; it has ended or never was")]
    ReservationUnknown(String),
    /// More was used than was reserved; reserve the difference first.
    #[error("reservation {id} holds {reserved} micro-dollars; {used} cannot be posted from it")]
    PostExceedsReservation {
        /// The reservation.
        id: String,
        /// What it holds in micro-dollars.
        reserved: Micros,
        /// What was to be posted in micro-dollars.
        used: Micros,
    },
    /// The amount is negative or above [`SpendError::MAX_AMOUNT`], or an exit reserve above its budget.
    #[error("{what} is {amount} micro-dollars; it must be 0 to {most}")]
    AmountInvalid {
        /// The name of the amount.
        what: &'static str,
        /// The amount that was given.
        amount: Micros,
        /// The largest amount allowed.
        most: Micros,
    },
}

impl SpendError {
    /// The largest amount: what a JavaScript number holds exactly.
    pub const MAX_AMOUNT: Micros = 9_007_199_254_740_991;

    /// The code by which callers tell the failures apart.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ReservationExists(_) => "RESERVATION_EXISTS",
            Self::ReservationUnknown(_) => "RESERVATION_UNKNOWN",
            Self::PostExceedsReservation { .. } => "POST_EXCEEDS_RESERVATION",
            Self::AmountInvalid { .. } => "AMOUNT_INVALID",
        }
    }
}

/// Passes an amount of 0 to `most`.
pub fn checked(what: &'static str, amount: Micros, most: Micros) -> Result<Micros, SpendError> {
    if (0..=most).contains(&amount) {
        Ok(amount)
    } else {
        Err(SpendError::AmountInvalid { what, amount, most })
    }
}

/// Money set aside, and the accounts it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reservation {
    pub from_budget: Micros,       // at least 0
    pub from_exit_reserve: Micros, // at least 0; 0 for entries
}

impl Reservation {
    pub fn amount(self) -> Micros {
        self.from_budget + self.from_exit_reserve
    }
}
