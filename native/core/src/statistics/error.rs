//! Why a statistic cannot be given.

use thiserror::Error;

/// Why a statistic cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum StatisticsError {
    /// The series is too short for what is asked.
    #[error("{given} values are too few; give at least {needed}")]
    TooFew {
        /// Values that would do.
        needed: usize,
        /// Values there were.
        given: usize,
    },
    /// Two series that belong together differ in length.
    #[error("series of {left} and {right} values do not belong together; give as many of each")]
    LengthsDiffer {
        /// Length of the first.
        left: usize,
        /// Length of the other.
        right: usize,
    },
    /// A value is NaN or infinite.
    #[error("value {at} is not finite; remove or fill it first")]
    NotFinite {
        /// Its place, from 0.
        at: usize,
    },
    /// A series does not vary, or one is a combination of others.
    #[error("the values do not vary independently; leave out constant or repeated series")]
    Degenerate,
    /// The series does not return to a mean.
    #[error("the series does not revert: each step keeps {kept} of the distance; it must be between 0 and 1")]
    NotReverting {
        /// The autoregressive coefficient found.
        kept: f64,
    },
    /// The matrix is not square and symmetric.
    #[error("the matrix is not symmetric; give n rows of n with equal mirrored values")]
    NotSymmetric,
}

/// Refuses values that are not finite.
pub(super) fn all_finite(values: &[f64]) -> Result<(), StatisticsError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(at) => Err(StatisticsError::NotFinite { at }),
        None => Ok(()),
    }
}

/// Refuses series of different lengths.
pub(super) fn same_length(left: &[f64], right: &[f64]) -> Result<(), StatisticsError> {
    if left.len() == right.len() {
        return Ok(());
    }
    Err(StatisticsError::LengthsDiffer { left: left.len(), right: right.len() })
}

/// Refuses fewer values than needed.
pub(super) fn at_least(needed: usize, given: usize) -> Result<(), StatisticsError> {
    if given >= needed { Ok(()) } else { Err(StatisticsError::TooFew { needed, given }) }
}
