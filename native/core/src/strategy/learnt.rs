//! What a strategy knows beyond the bars that any start of it is shown, and why it is not taken up.

use thiserror::Error;

/// Why saved knowledge is not taken up. The strategy is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StateRefused {
    /// The strategy learns nothing that its history does not bring back.
    #[error("this strategy has no saved state; everything it knows comes with the history")]
    LearnsNothing,
    /// It was saved with other parameters, or is cut off.
    #[error(
        "the saved state has {given} bytes, this strategy's has {needed}; restore what the same one saved"
    )]
    Length {
        /// Bytes that were given.
        given: usize,
        /// Bytes of this strategy's state.
        needed: usize,
    },
    /// It does not begin as a saved state of this strategy does.
    #[error("this is no saved state of such a network")]
    Unknown,
    /// It holds a number that is not finite.
    #[error("number {0} of the saved state is not finite; it is damaged")]
    NotFinite(usize),
    /// Its counts contradict each other.
    #[error("the counts in the saved state contradict each other; it is damaged")]
    Contradictory,
}
