//! What can go wrong, each with the code that the desk's contract knows.

use std::path::PathBuf;

/// A failure of the journal or of the instance lock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// Files cannot be created where the journal should be.
    #[error("cannot write in {}: {reason}. Check that the folder exists and belongs to you", folder.display())]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// An event failed its check. Nothing from there on can be trusted.
    #[error("event {seq} is damaged: {reason}. Restart the desk to recover what comes before it")]
    Corrupt {
        /// The first event that cannot be trusted.
        seq: i64,
        /// What is wrong with it.
        reason: String,
    },
    /// The journal could not be read or written.
    #[error("the journal failed: {reason}")]
    Failed {
        /// What happened.
        reason: String,
    },
    /// Another process holds the lock.
    #[error("{holder}")]
    Locked {
        /// The text that the holder left.
        holder: String,
    },
}

impl JournalError {
    /// The code that programs go by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unwritable { .. } => "DATA_DIR_UNWRITABLE",
            Self::Corrupt { .. } => "JOURNAL_CORRUPT",
            Self::Failed { .. } => "JOURNAL_FAILED",
            Self::Locked { .. } => "LOCKED",
        }
    }

    pub(crate) fn failed(doing: &str, cause: impl std::fmt::Display) -> Self {
        Self::Failed { reason: format!("{doing}: {cause}") }
    }
}
