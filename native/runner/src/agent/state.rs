//! Whether an agent decides.

/// What an agent is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It decides.
    Running,
    /// It keeps its indicators current and decides nothing.
    Paused,
    /// It has panicked and does nothing any more.
    Failed,
}

impl State {
    /// The state's name on the link.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Failed => "failed",
        }
    }
}
