//! Collects what one frame makes the runner say; the numbered part goes through the outbox.

use crate::messages::{Message, REASON_LIMIT, cut, line};
use crate::outbox::{NeverWritten, Outbox};

const REFUSED_LINE_LIMIT: usize = 200;

/// Lines waiting to be written, in order.
#[derive(Debug, Default)]
pub struct Writer {
    outbox: Outbox,
    lines: Vec<String>,
}

impl Writer {
    /// Writes a message that may get lost.
    pub fn say(&mut self, message: &Message<'_>) {
        self.lines.push(line(message));
    }

    /// Writes a message that must arrive.
    pub fn send(&mut self, message: &Message<'_>) {
        self.lines.push(self.outbox.push(message));
    }

    /// Says that something could not be used, unless so much is unacknowledged that `overflow` has to do.
    pub fn refuse(&mut self, what: &str, why: &str) {
        if self.is_full() {
            return self.say_overflow();
        }
        let reason = format!("{}: {}", cut(why, REASON_LIMIT - 2), cut(what, REFUSED_LINE_LIMIT));
        self.send(&Message::Refused { reason: &reason });
    }

    /// Says that an agent does nothing any more.
    pub fn fail(&mut self, agent_id: &str, reason: &str) {
        self.send(&Message::AgentFailed { agent_id, reason: cut(reason, REASON_LIMIT) });
    }

    /// Says that nothing is decided until the host acknowledges.
    pub fn say_overflow(&mut self) {
        let unacknowledged = self.outbox.unacknowledged();
        self.say(&Message::Overflow { unacknowledged });
    }

    /// Writes again everything numbered above `after`.
    pub fn resume(&mut self, after: u64) {
        self.lines.extend(self.outbox.after(after).map(str::to_owned));
    }

    /// Forgets everything up to `through`.
    pub fn acknowledge(&mut self, through: u64) -> Result<(), NeverWritten> {
        self.outbox.acknowledge(through)
    }

    /// Whether so much is unacknowledged that nothing may be decided.
    pub fn is_full(&self) -> bool {
        self.outbox.is_full()
    }

    /// The number of the last message that must arrive.
    pub fn last_n(&self) -> u64 {
        self.outbox.last_n()
    }

    /// Hands over the lines collected so far.
    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }
}
