//! What the host sends: one JSON document a line.

use std::collections::BTreeMap;

use desk_core::bars::Bar;
use serde::Deserialize;
use serde_json::Number;

/// A frame of the link protocol.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Frame {
    /// Names the runner and its agents; the first frame.
    Hello { runner_id: String, host_silence_ms: u64, agents: Vec<LinkAgent> },
    /// History of one symbol, oldest bar first.
    Warmup { symbol: String, bars: Vec<LinkBar> },
    /// Completed live bars.
    Bars { sent_at: Number, bars: Vec<LinkBar> },
    /// What an agent has learnt of a symbol, as `learnt` told it after the bar at `bar_at`.
    Recall { agent_id: String, symbol: String, bar_at: i64, state: String },
    /// Everything numbered up to `through` has arrived.
    Ack { through: u64 },
    /// Asks for everything numbered above `after` again.
    Resume { after: u64 },
    /// The host is alive.
    Beat,
    /// Stops an agent's targets; its indicators stay current.
    PauseAgent { agent_id: String },
    /// Ends a pause.
    ResumeAgent { agent_id: String },
    /// Takes an agent out, flat.
    RemoveAgent { agent_id: String },
    /// Ends the program.
    Stop,
}

/// An agent as it is deployed.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkAgent {
    /// Unique in the runner.
    pub agent_id: String,
    /// Name of the strategy.
    pub strategy: String,
    /// What it trades; at least one.
    pub symbols: Vec<String>,
    /// Parameters of the strategy; those left out take their defaults.
    pub params: BTreeMap<String, f64>,
    /// Largest position in one symbol, in micro-dollars.
    pub max_position_micros: i64,
}

/// A bar as it travels.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkBar {
    /// As the exchange lists it.
    pub symbol: String,
    at: i64,
    open_ticks: i64,
    high_ticks: i64,
    low_ticks: i64,
    close_ticks: i64,
    volume: i64,
}

impl LinkBar {
    /// The bar as strategies take it; nothing is checked yet.
    pub fn bar(&self) -> Bar {
        Bar {
            at_ms: self.at,
            open_ticks: self.open_ticks,
            high_ticks: self.high_ticks,
            low_ticks: self.low_ticks,
            close_ticks: self.close_ticks,
            volume: self.volume,
        }
    }
}
