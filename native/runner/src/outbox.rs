//! Numbers the messages that must arrive, and keeps them until they are acknowledged.

use std::collections::VecDeque;

use serde::Serialize;

use crate::messages::{Message, line};

/// Numbered messages kept before the runner stops deciding.
pub const CAPACITY: usize = 10_000;

/// The unacknowledged messages, each as the line that was written.
#[derive(Debug, Default)]
pub struct Outbox {
    last_n: u64,
    kept: VecDeque<String>, // numbered last_n - len + 1 ..= last_n
}

/// An acknowledgement of a message that was never written.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("message {through} was never written, the last one is {last_n}")]
pub struct NeverWritten {
    through: u64,
    last_n: u64,
}

#[derive(Serialize)]
struct Numbered<'a> {
    n: u64,
    #[serde(flatten)]
    message: &'a Message<'a>,
}

impl Outbox {
    /// Numbers a message, keeps it and gives its line.
    pub fn push(&mut self, message: &Message<'_>) -> String {
        self.last_n += 1;
        let line = line(&Numbered { n: self.last_n, message });
        self.kept.push_back(line.clone());
        line
    }

    /// Forgets everything up to `through`.
    pub fn acknowledge(&mut self, through: u64) -> Result<(), NeverWritten> {
        if through > self.last_n {
            return Err(NeverWritten { through, last_n: self.last_n });
        }
        let left = (self.last_n - through) as usize;
        self.kept.drain(..self.kept.len().saturating_sub(left));
        Ok(())
    }

    /// The kept lines numbered above `after`, in order.
    pub fn after(&self, after: u64) -> impl Iterator<Item = &str> {
        let wanted = self.last_n.saturating_sub(after) as usize;
        self.kept.iter().skip(self.kept.len().saturating_sub(wanted)).map(String::as_str)
    }

    /// The number of the last message; 0 before the first.
    pub fn last_n(&self) -> u64 {
        self.last_n
    }

    /// How many messages wait for their acknowledgement.
    pub fn unacknowledged(&self) -> usize {
        self.kept.len()
    }

    /// Whether so many wait that nothing more may be decided.
    pub fn is_full(&self) -> bool {
        self.kept.len() >= CAPACITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(messages: usize) -> Outbox {
        let mut outbox = Outbox::default();
        for _ in 0..messages {
            outbox.push(&Message::Removed { agent_id: "a" });
        }
        outbox
    }

    fn numbers(outbox: &Outbox, after: u64) -> Vec<u64> {
        let number =
            |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["n"].as_u64().unwrap();
        outbox.after(after).map(number).collect()
    }

    #[test]
    fn numbers_from_one_and_writes_the_number_into_the_message() {
        let mut outbox = Outbox::default();
        let line = outbox.push(&Message::Removed { agent_id: "a" });
        assert_eq!(line, r#"{"n":1,"kind":"removed","agentId":"a"}"#);
        assert_eq!(outbox.last_n(), 1);
    }

    #[test]
    fn resends_exactly_what_is_not_acknowledged() {
        let mut outbox = outbox(5);
        outbox.acknowledge(2).unwrap();
        assert_eq!(numbers(&outbox, 0), [3, 4, 5]);
        assert_eq!(numbers(&outbox, 3), [4, 5]);
        assert_eq!(numbers(&outbox, 5), [0; 0]);
        assert_eq!(numbers(&outbox, 99), [0; 0]);
    }

    #[test]
    fn takes_late_and_repeated_acknowledgements_and_refuses_early_ones() {
        let mut outbox = outbox(3);
        outbox.acknowledge(2).unwrap();
        outbox.acknowledge(1).unwrap();
        assert_eq!(outbox.acknowledge(4), Err(NeverWritten { through: 4, last_n: 3 }));
        assert_eq!(numbers(&outbox, 0), [3]);
        outbox.acknowledge(3).unwrap();
        assert_eq!(outbox.unacknowledged(), 0);
    }

    #[test]
    fn is_full_at_its_capacity_and_free_again_after_an_acknowledgement() {
        let mut outbox = outbox(CAPACITY);
        assert!(outbox.is_full());
        outbox.acknowledge(1).unwrap();
        assert!(!outbox.is_full());
    }
}
