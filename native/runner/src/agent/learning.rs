//! What an agent has learnt, on its way to the host and back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use desk_core::strategy::StateRefused;

use super::{Agent, State, panic_text};

/// What was learnt of a symbol.
#[derive(Debug, PartialEq)]
pub struct Learnt<'a> {
    /// The symbol.
    pub symbol: &'a str,
    /// Start of the last bar that was learnt from.
    pub bar_at: i64,
    /// As the strategy saves it.
    pub state: Vec<u8>,
}

/// Why nothing is recalled.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// The agent has failed or does not follow the symbol.
    #[error("the agent has failed or does not follow this symbol")]
    NotFollowed,
    /// The strategy refused it and is unchanged.
    #[error(transparent)]
    Refused(#[from] StateRefused),
    /// The strategy panicked; the agent has failed.
    #[error("the agent panicked: {0}")]
    Panicked(String),
}

impl Agent {
    /// The bar up to which the host knows what was learnt of the symbol that it is furthest behind on; `None` when no
    /// bar has come since it was told, or the agent has failed.
    pub fn learnt_due(&self) -> Option<Option<i64>> {
        let due = self.followed.iter().filter(|followed| followed.bar_at != followed.learnt_told_at);
        due.map(|followed| followed.learnt_told_at).min().filter(|_| self.state != State::Failed)
    }

    /// What was learnt of that symbol; it counts as told. `None` when the strategy learns nothing.
    pub fn tell_learnt(&mut self) -> Option<Learnt<'_>> {
        let due = self.learnt_due()?;
        let place = self
            .followed
            .iter()
            .position(|followed| followed.learnt_told_at == due && followed.bar_at != due)?;
        let strategy = self.strategy.as_ref();
        let state = catch_unwind(AssertUnwindSafe(|| strategy.learnt(place))).ok()?;
        let followed = &mut self.followed[place];
        followed.learnt_told_at = followed.bar_at;
        Some(Learnt { symbol: &followed.symbol, bar_at: followed.bar_at?, state: state? })
    }

    /// Takes up what was learnt of a symbol up to the bar at `bar_at`. A recall that is not of a later bar than the one
    /// before came twice and changes nothing.
    pub fn recall(&mut self, symbol: &str, bar_at: i64, state: &[u8]) -> Result<(), RecallError> {
        let place = self.followed.iter().position(|followed| followed.symbol == symbol);
        let place = place.filter(|_| self.state != State::Failed).ok_or(RecallError::NotFollowed)?;
        if self.followed[place].recalled_at.is_some_and(|before| before >= bar_at) {
            return Ok(());
        }
        let strategy = self.strategy.as_mut();
        catch_unwind(AssertUnwindSafe(|| strategy.recall(place, state))).map_err(|panic| {
            self.state = State::Failed;
            RecallError::Panicked(panic_text(panic.as_ref()))
        })??;
        self.followed[place].recalled_at = Some(bar_at);
        Ok(())
    }
}
