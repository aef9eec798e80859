//! The account, and the books of the agents inside it.

use std::sync::Arc;

use crate::book::{Applied, BookError, Position, apply_fill};
use crate::money::{Micros, PriceTicks, QtyNanos, notional_micros};

/// The account. `cash + cost of all positions = initial + realised - commission - borrowing` after every step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Cash at the start.
    pub initial: Micros,
    /// Cash now.
    pub cash: Micros,
    /// By symbol.
    pub positions: Vec<Position>,
    /// PnL realised, before fees.
    pub realised: Micros,
    /// Commission paid.
    pub commission: Micros,
    /// Paid for borrowing shares.
    pub borrowing: Micros,
}

impl Account {
    pub(super) fn new(cash: Micros, symbols: usize) -> Self {
        let positions = vec![Position::default(); symbols];
        Self { initial: cash, cash, positions, realised: 0, commission: 0, borrowing: 0 }
    }

    /// Applies a fill and gives its value: cash paid, negative when it was received.
    pub(super) fn fill(
        &mut self,
        symbol: usize,
        delta: QtyNanos,
        price: PriceTicks,
        fee: Micros,
    ) -> Result<Micros, BookError> {
        let Applied { position, realised, paid } = apply_fill(self.positions[symbol], delta, price)?;
        self.cash = left(self.cash, paid, fee)?;
        self.positions[symbol] = position;
        self.realised += realised;
        self.commission += fee;
        Ok(paid)
    }

    /// Whether the identity above holds.
    pub fn is_balanced(&self) -> bool {
        let held: i128 = self.positions.iter().map(|position| i128::from(position.cost)).sum();
        let earned = i128::from(self.initial) + i128::from(self.realised);
        i128::from(self.cash) + held == earned - i128::from(self.commission) - i128::from(self.borrowing)
    }

    /// Cash and the value of all positions. `None` outside the range.
    pub fn equity(&self, marks: impl Iterator<Item = PriceTicks>) -> Option<Micros> {
        let mut equity = i128::from(self.cash);
        for (position, mark) in self.positions.iter().zip(marks) {
            equity += i128::from(notional_micros(position.qty, mark)?);
        }
        Micros::try_from(equity).ok()
    }
}

/// What one agent has in one symbol, cash included. All books sum to the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Whose.
    pub agent_id: Arc<str>,
    /// In what.
    pub symbol: Arc<str>,
    /// Cash at the start.
    pub initial: Micros,
    /// Cash now.
    pub cash: Micros,
    /// What is held.
    pub position: Position,
    /// PnL realised, before fees.
    pub realised: Micros,
    /// Commission and borrowing paid.
    pub fees: Micros,
}

impl Book {
    /// Applies a fill and gives what it realised.
    pub(super) fn fill(
        &mut self,
        delta: QtyNanos,
        price: PriceTicks,
        fee: Micros,
    ) -> Result<Micros, BookError> {
        let Applied { position, realised, paid } = apply_fill(self.position, delta, price)?;
        self.cash = left(self.cash, paid, fee)?;
        self.position = position;
        self.realised += realised;
        self.fees += fee;
        Ok(realised)
    }
}

fn left(cash: Micros, paid: Micros, fee: Micros) -> Result<Micros, BookError> {
    cash.checked_sub(paid).and_then(|left| left.checked_sub(fee)).ok_or(BookError::Overflow)
}
