//! What the runner writes: one JSON document a line.

use serde::Serialize;
use serde_json::Number;

/// The longest reason that the host accepts, in UTF-16 units.
pub const REASON_LIMIT: usize = 400;

/// A message of the link protocol. The ones that the outbox sends carry a number besides.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Message<'a> {
    /// Answers `hello`.
    Ready { runner_id: &'a str, version: &'static str, last_n: u64, agents: Vec<&'a str> },
    /// Written every two seconds.
    Heartbeat { at: u64, last_n: u64, agents: Vec<AgentBeat<'a>>, silent: bool },
    /// What an agent made of a bar.
    Decision {
        agent_id: &'a str,
        symbol: &'a str,
        bar_at: i64,
        sent_at: &'a Number,
        took_us: f64,
        action: &'static str,
        reason: &'a str,
    },
    /// What an agent has learnt of a symbol up to a bar, for `recall`.
    Learnt { agent_id: &'a str, symbol: &'a str, bar_at: i64, state: &'a str },
    /// A position that an agent wants from now on. Numbered.
    Target {
        agent_id: &'a str,
        symbol: &'a str,
        qty_nanos: i64,
        price_ticks: i64,
        bar_at: i64,
        sent_at: &'a Number,
        reason: &'a str,
    },
    /// An agent has panicked or could not be built. Numbered.
    AgentFailed { agent_id: &'a str, reason: &'a str },
    /// An agent has left. Numbered.
    Removed { agent_id: &'a str },
    /// A line or a bar could not be used. Numbered.
    Refused { reason: &'a str },
    /// Nothing is decided until the host acknowledges.
    Overflow { unacknowledged: usize },
}

/// One agent in a heartbeat.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentBeat<'a> {
    /// The agent.
    pub agent_id: &'a str,
    /// Bars taken in, history included.
    pub bars_seen: u64,
    /// Whether the next bar of every symbol will be decided on.
    pub warm: bool,
    /// Live bars answered by a decision.
    pub decisions: u64,
    /// `running`, `paused` or `failed`.
    pub state: &'static str,
}

/// Writes a message as one line, without the line's end.
pub fn line(message: &impl Serialize) -> String {
    // Plain structs with string keys always serialise; were that to change, the host would name the broken line.
    serde_json::to_string(message).unwrap_or_else(|error| error.to_string())
}

/// Cuts text to at most `limit` UTF-16 units, which is how the host counts.
pub fn cut(text: &str, limit: usize) -> &str {
    let mut units = 0;
    for (at, char) in text.char_indices() {
        units += char.len_utf16();
        if units > limit {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_between_characters_by_the_hosts_count() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("a\u{1F600}b", 2), "a");
        assert_eq!(cut("a\u{1F600}b", 3), "a\u{1F600}");
    }
}
