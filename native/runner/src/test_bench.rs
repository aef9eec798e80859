//! A runner under test, on a clock of its own, and the frames that it is told.

use std::cell::Cell;
use std::time::Duration;

use serde_json::{Value, json};

use crate::runner::{Next, Runner};

/// What a runner says that has nothing to say.
pub const NOTHING: [&str; 0] = [];

/// The silence that the greeting allows.
pub const SILENCE_MS: u64 = 10_000;

/// A runner on a clock of its own: every look at it takes 5 us.
pub struct Bench {
    pub runner: Runner,
    pub at: Duration,
}

impl Bench {
    pub fn cold() -> Self {
        let looks = Cell::new(0);
        let clock = move || Duration::from_micros(5 * looks.replace(looks.get() + 1));
        Self { runner: Runner::new(Box::new(clock)), at: Duration::ZERO }
    }

    /// Greeted, with one nimble agent on AAPL that will decide on its fourth bar.
    pub fn greeted() -> Self {
        let mut bench = Self::cold();
        bench.say(&hello(&["agent-1"]));
        bench
    }

    pub fn line(&mut self, line: &str) -> Vec<Value> {
        assert_eq!(self.runner.receive(line.as_bytes(), self.at), Next::GoOn);
        self.read()
    }

    pub fn say(&mut self, frame: &Value) -> Vec<Value> {
        self.line(&frame.to_string())
    }

    pub fn heartbeat(&mut self) -> Value {
        self.runner.beat(self.at);
        self.read().pop().unwrap()
    }

    pub fn read(&mut self) -> Vec<Value> {
        self.runner.take_lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Live bars with these closes, one a minute from `minute` on.
    pub fn bars(&mut self, minute: i64, closes: &[i64]) -> Vec<Value> {
        (minute..).zip(closes).flat_map(|(minute, close)| self.say(&live(minute, *close))).collect()
    }
}

pub fn hello(agents: &[&str]) -> Value {
    let agent = |id: &&str| {
        json!({
            "agentId": id, "strategy": "momentum", "symbols": ["AAPL"], "maxPositionMicros": 5_000_000_000_i64,
            "params": {"fast": 2, "slow": 4, "roc": 2, "adxPeriod": 2, "atrPeriod": 3, "adxFloor": 0},
        })
    };
    let agents: Vec<Value> = agents.iter().map(agent).collect();
    json!({"kind": "hello", "runnerId": "slot-1", "hostSilenceMs": SILENCE_MS, "agents": agents})
}

/// A bar of one dollar's height around a close in whole dollars.
pub fn bar(minute: i64, close: i64) -> Value {
    let close = close * 10_000;
    json!({
        "symbol": "AAPL", "at": minute * 60_000, "openTicks": close, "highTicks": close + 5_000,
        "lowTicks": close - 5_000, "closeTicks": close, "volume": 100,
    })
}

pub fn live(minute: i64, close: i64) -> Value {
    json!({"kind": "bars", "sentAt": 1_700_000_000_000_i64 + minute, "bars": [bar(minute, close)]})
}

pub fn warmup(closes: &[i64]) -> Value {
    let bars: Vec<Value> = (0..).zip(closes).map(|(minute, close)| bar(minute, *close)).collect();
    json!({"kind": "warmup", "symbol": "AAPL", "bars": bars})
}

pub fn kinds(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["kind"].as_str().unwrap()).collect()
}

pub fn reason(messages: &[Value]) -> &str {
    messages[0]["reason"].as_str().unwrap()
}
