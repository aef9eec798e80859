//! What is decided at the close of a bar.

use crate::money::QtyNanos;

/// What a strategy does at the close of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Keeps its target.
    Hold,
    /// Goes from flat to a position.
    Enter,
    /// Goes flat.
    Exit,
    /// Goes from one side to the other.
    Reverse,
    /// Holds more or less on the same side.
    Resize,
    /// Cannot decide yet.
    Warming,
}

impl Action {
    /// What it is to go from one position to another.
    pub(super) fn between(before: QtyNanos, after: QtyNanos) -> Self {
        if before == after {
            Self::Hold
        } else if before == 0 {
            Self::Enter
        } else if after == 0 {
            Self::Exit
        } else if before.signum() == after.signum() {
            Self::Resize
        } else {
            Self::Reverse
        }
    }

    /// The action's name on the link.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Enter => "enter",
            Self::Exit => "exit",
            Self::Reverse => "reverse",
            Self::Resize => "resize",
            Self::Warming => "warming",
        }
    }
}

/// What is decided on one symbol at the close of a bar. Why is asked for apart: most bars change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// What is done.
    pub action: Action,
    /// The position wanted after this bar; whole shares, negative is short.
    pub target_qty_nanos: QtyNanos,
}
