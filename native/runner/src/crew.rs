//! All agents of the runner: what reaches them, and what they say.

use std::collections::BTreeMap;
use std::time::Duration;

use desk_core::bars::Bar;
use desk_core::strategy::BarRefused;
use serde_json::Number;

use crate::agent::{Agent, Learnt, Made, Outcome, RecallError, Told};
use crate::frames::{LinkAgent, LinkBar};
use crate::hex;
use crate::messages::{AgentBeat, Message, REASON_LIMIT, cut};
use crate::writer::Writer;

/// Agents that one runner carries at most.
pub const MOST_AGENTS: usize = 25;

/// A live bar on its way through the agents.
struct Live<'a> {
    symbol: &'a str,
    bar: Bar,
    sent_at: &'a Number,
}

/// The agents, by name.
#[derive(Default)]
pub struct Crew(BTreeMap<String, Agent>);

impl Crew {
    /// Takes agents aboard; one that cannot be built fails alone.
    pub fn enlist(&mut self, agents: Vec<LinkAgent>, out: &mut Writer) {
        for agent in agents {
            let agent_id = agent.agent_id.clone();
            match Agent::build(agent) {
                Ok(agent) => self.join(agent),
                Err(error) => out.fail(&agent_id, &error.to_string()),
            }
        }
    }

    /// Takes one built agent aboard.
    pub fn join(&mut self, agent: Agent) {
        self.0.insert(agent.id().to_owned(), agent);
    }

    /// Takes history in. Bars that an agent knows already are skipped; absurd ones are refused, once a frame.
    pub fn warm_up(&mut self, symbol: &str, bars: &[LinkBar], out: &mut Writer) {
        let mut refusals = Vec::new();
        for bar in bars.iter().map(LinkBar::bar) {
            for agent in self.0.values_mut() {
                match agent.observe(symbol, &bar) {
                    Some(Outcome::Refused(BarRefused::NotNewer { .. }) | Outcome::Done(())) | None => {}
                    Some(Outcome::Refused(refused)) => refusals.push(refused),
                    Some(Outcome::Failed(panic)) => out.fail(agent.id(), &panic),
                }
            }
        }
        if let Some(first) = refusals.first() {
            out.refuse(&format!("warmup of {symbol}, {} times", refusals.len()), &first.to_string());
        }
    }

    /// Takes live bars in; the running agents that follow a bar's symbol decide if they may.
    pub fn hear(
        &mut self,
        bars: &[LinkBar],
        sent_at: &Number,
        may_decide: bool,
        clock: &dyn Fn() -> Duration,
        out: &mut Writer,
    ) {
        for bar in bars {
            let live = Live { symbol: &bar.symbol, bar: bar.bar(), sent_at };
            let refusals = self.0.values_mut().filter_map(|agent| live.reach(agent, may_decide, clock, out));
            // The bar is as absurd to one agent as to the next.
            if let Some(refused) = refusals.last() {
                out.refuse(&format!("bar of {}", live.symbol), &refused.to_string());
            }
        }
        if may_decide && out.is_full() {
            out.say_overflow();
        }
    }

    /// Says what one agent has learnt of one symbol: of all the one that has waited longest. One at a time, as a state
    /// may be long.
    pub fn tell_learnt(&mut self, out: &mut Writer) {
        let mut due: Vec<_> =
            self.0.values_mut().filter_map(|agent| Some((agent.learnt_due()?, agent))).collect();
        due.sort_by_key(|(known, _)| *known);
        let told = due.into_iter().find_map(|(_, agent)| {
            let agent_id = agent.id().to_owned();
            agent.tell_learnt().map(|learnt| (agent_id, learnt))
        });
        if let Some((agent_id, Learnt { symbol, bar_at, state })) = told {
            out.say(&Message::Learnt { agent_id: &agent_id, symbol, bar_at, state: &hex::encode(&state) });
        }
    }

    /// Gives an agent back what it has learnt of a symbol; what it does not take up is refused.
    pub fn recall(&mut self, agent_id: &str, symbol: &str, bar_at: i64, state: &str, out: &mut Writer) {
        let what = format!("recall {agent_id} {symbol}");
        let Some(agent) = self.0.get_mut(agent_id) else {
            return out.refuse(&what, "this runner has no such agent");
        };
        let Some(state) = hex::decode(state) else {
            return out.refuse(&what, "the state is not written in pairs of hexadecimal digits");
        };
        match agent.recall(symbol, bar_at, &state) {
            Ok(()) => {}
            Err(RecallError::Panicked(panic)) => out.fail(agent_id, &panic),
            Err(error) => out.refuse(&what, &error.to_string()),
        }
    }

    /// Pauses or resumes an agent; false when there is none of this name.
    pub fn set_paused(&mut self, agent_id: &str, paused: bool) -> bool {
        self.0.get_mut(agent_id).map(|agent| agent.set_paused(paused)).is_some()
    }

    /// Takes an agent out and tells the host to hold nothing for it; false when there is none of this name.
    pub fn remove(&mut self, agent_id: &str, out: &mut Writer) -> bool {
        let Some(agent) = self.0.remove(agent_id) else { return false };
        for (symbol, told) in agent.wanted() {
            send_target(agent_id, symbol, &Told { qty_nanos: 0, ..told.clone() }, "removed", out);
        }
        out.send(&Message::Removed { agent_id });
        true
    }

    /// The names of all agents.
    pub fn ids(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// How each agent is doing.
    pub fn beats(&self) -> Vec<AgentBeat<'_>> {
        let beat = |agent| AgentBeat {
            agent_id: Agent::id(agent),
            bars_seen: agent.bars_seen(),
            warm: agent.is_warm(),
            decisions: agent.decisions(),
            state: agent.state().name(),
        };
        self.0.values().map(beat).collect()
    }
}

impl Live<'_> {
    /// Shows the bar to one agent and writes what comes of it; gives the refusal if it refused the bar.
    fn reach(
        &self,
        agent: &mut Agent,
        may_decide: bool,
        clock: &dyn Fn() -> Duration,
        out: &mut Writer,
    ) -> Option<BarRefused> {
        let started = clock();
        match agent.hear(self.symbol, &self.bar, may_decide && !out.is_full())? {
            Outcome::Done(made) => {
                let took = clock().saturating_sub(started);
                for made in &made {
                    self.announce(agent, made, took, out);
                }
                None
            }
            Outcome::Refused(refused) => Some(refused),
            Outcome::Failed(panic) => {
                out.fail(agent.id(), &panic);
                None
            }
        }
    }

    fn announce(&self, agent: &mut Agent, made: &Made, took: Duration, out: &mut Writer) {
        let (symbol, price_ticks) = agent.at(made.place);
        let text = made.reason.to_string();
        let reason = cut(&text, REASON_LIMIT);
        out.say(&Message::Decision {
            agent_id: agent.id(),
            symbol,
            bar_at: self.bar.at_ms,
            sent_at: self.sent_at,
            took_us: took.as_nanos() as f64 / 1_000.0,
            action: made.decision.action.name(),
            reason,
        });
        let told = Told {
            qty_nanos: made.decision.target_qty_nanos,
            price_ticks,
            bar_at: self.bar.at_ms,
            sent_at: self.sent_at.clone(),
        };
        if agent.tell(made.place, told.clone()) {
            send_target(agent.id(), agent.at(made.place).0, &told, reason, out);
        }
    }
}

fn send_target(agent_id: &str, symbol: &str, told: &Told, reason: &str, out: &mut Writer) {
    out.send(&Message::Target {
        agent_id,
        symbol,
        qty_nanos: told.qty_nanos,
        price_ticks: told.price_ticks,
        bar_at: told.bar_at,
        sent_at: &told.sent_at,
        reason,
    });
}
