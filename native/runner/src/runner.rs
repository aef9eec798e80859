//! The runner without its pipes: frames in, lines out. Time is given, so every run can be repeated.

use std::time::Duration;

use serde_json::Number;

use crate::crew::{Crew, MOST_AGENTS};
use crate::frames::{Frame, LinkAgent, LinkBar};
use crate::messages::Message;
use crate::writer::Writer;

/// The version that `ready` and `--version` name.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whether the program goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// There is more to do.
    GoOn,
    /// The host has asked it to end.
    Stop,
}

/// What the first `hello` said.
struct Identity {
    runner_id: String,
    host_silence: Duration,
}

/// The state of the program.
pub struct Runner {
    /// Uptime; only reads what deciding takes.
    clock: Box<dyn Fn() -> Duration>,
    identity: Option<Identity>,
    crew: Crew,
    out: Writer,
    last_frame_at: Duration, // uptime
}

impl Runner {
    /// Starts without agents; `clock` gives the uptime.
    pub fn new(clock: Box<dyn Fn() -> Duration>) -> Self {
        Self {
            clock,
            identity: None,
            crew: Crew::default(),
            out: Writer::default(),
            last_frame_at: Duration::ZERO,
        }
    }

    /// Takes in one line that arrived at the uptime `at`. What cannot be used is answered with `refused`.
    pub fn receive(&mut self, line: &[u8], at: Duration) -> Next {
        if line.trim_ascii().is_empty() {
            return Next::GoOn;
        }
        match serde_json::from_slice(line) {
            Ok(frame) => {
                let was_silent = self.is_silent(at);
                self.last_frame_at = at;
                self.apply(frame, was_silent)
            }
            Err(error) => {
                self.out.refuse(&String::from_utf8_lossy(line), &error.to_string());
                Next::GoOn
            }
        }
    }

    /// Says that a line could not even be read.
    pub fn refuse(&mut self, what: &str, why: &str) {
        self.out.refuse(what, why);
    }

    /// Says how everything is at the uptime `at`, and what was learnt since.
    pub fn beat(&mut self, at: Duration) {
        let heartbeat = Message::Heartbeat {
            at: at.as_millis() as u64,
            last_n: self.out.last_n(),
            agents: self.crew.beats(),
            silent: self.is_silent(at),
        };
        self.out.say(&heartbeat);
        self.crew.tell_learnt(&mut self.out);
    }

    /// Hands over the lines to be written, in order.
    pub fn take_lines(&mut self) -> Vec<String> {
        self.out.take()
    }

    fn apply(&mut self, frame: Frame, was_silent: bool) -> Next {
        match frame {
            Frame::Hello { runner_id, host_silence_ms, agents } => {
                self.greet(runner_id, Duration::from_millis(host_silence_ms), agents);
            }
            Frame::Warmup { symbol, bars } => self.warm_up(&symbol, &bars),
            Frame::Bars { sent_at, bars } => self.hear(&sent_at, &bars, was_silent),
            Frame::Recall { agent_id, symbol, bar_at, state } => {
                if self.is_greeted("recall") {
                    self.crew.recall(&agent_id, &symbol, bar_at, &state, &mut self.out);
                }
            }
            Frame::Ack { through } => {
                if let Err(error) = self.out.acknowledge(through) {
                    self.out.refuse("ack", &error.to_string());
                }
            }
            Frame::Resume { after } => self.out.resume(after),
            Frame::Beat => {}
            Frame::PauseAgent { agent_id } => self.set_paused(&agent_id, true),
            Frame::ResumeAgent { agent_id } => self.set_paused(&agent_id, false),
            Frame::RemoveAgent { agent_id } => {
                let known = self.crew.remove(&agent_id, &mut self.out);
                self.require(known, "removeAgent", &agent_id);
            }
            Frame::Stop => return Next::Stop,
        }
        Next::GoOn
    }

    fn greet(&mut self, runner_id: String, host_silence: Duration, agents: Vec<LinkAgent>) {
        if self.identity.is_none() {
            if let Err(why) = check_crew(&agents) {
                return self.out.refuse("hello", &why);
            }
            self.crew.enlist(agents, &mut self.out);
            self.identity = Some(Identity { runner_id, host_silence });
        }
        if let Some(identity) = &self.identity {
            let ready = Message::Ready {
                runner_id: &identity.runner_id,
                version: VERSION,
                last_n: self.out.last_n(),
                agents: self.crew.ids(),
            };
            self.out.say(&ready);
        }
    }

    fn warm_up(&mut self, symbol: &str, bars: &[LinkBar]) {
        if self.is_greeted("warmup") {
            self.crew.warm_up(symbol, bars, &mut self.out);
        }
    }

    fn hear(&mut self, sent_at: &Number, bars: &[LinkBar], was_silent: bool) {
        if self.is_greeted("bars") {
            // A bar that ends a silence may have waited in a stalled stream: it is no ground for new risk.
            self.crew.hear(bars, sent_at, !was_silent, &self.clock, &mut self.out);
        }
    }

    fn set_paused(&mut self, agent_id: &str, paused: bool) {
        let known = self.crew.set_paused(agent_id, paused);
        self.require(known, if paused { "pauseAgent" } else { "resumeAgent" }, agent_id);
    }

    fn require(&mut self, known: bool, frame: &str, agent_id: &str) {
        if !known {
            self.out.refuse(&format!("{frame} {agent_id}"), "this runner has no such agent");
        }
    }

    fn is_greeted(&mut self, frame: &str) -> bool {
        if self.identity.is_none() {
            self.out.refuse(frame, "the first frame must be hello");
        }
        self.identity.is_some()
    }

    fn is_silent(&self, at: Duration) -> bool {
        let silence = at.saturating_sub(self.last_frame_at);
        self.identity.as_ref().is_some_and(|identity| silence > identity.host_silence)
    }
}

fn check_crew(agents: &[LinkAgent]) -> Result<(), String> {
    if !(1..=MOST_AGENTS).contains(&agents.len()) {
        return Err(format!("{} agents; a runner carries 1 to {MOST_AGENTS}", agents.len()));
    }
    for (at, agent) in agents.iter().enumerate() {
        if agents[..at].iter().any(|other| other.agent_id == agent.agent_id) {
            return Err(format!("agent {} is named twice", agent.agent_id));
        }
    }
    Ok(())
}
