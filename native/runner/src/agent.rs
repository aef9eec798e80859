//! An agent: a strategy for each of its symbols, and the wall that keeps its panics to itself.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use desk_core::bars::Bar;
use desk_core::strategy::{self, BarRefused, Decision, Strategy};
use serde_json::Number;

use crate::frames::LinkAgent;

/// Why an agent is not built.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// It has nothing to trade.
    #[error("the agent has no symbols")]
    NoSymbols,
    /// Its strategy or a parameter is not known or not allowed.
    #[error(transparent)]
    Strategy(#[from] strategy::StrategyError),
}

/// What came of one bar.
#[derive(Debug, PartialEq)]
pub enum Outcome<T> {
    /// The strategy has taken it in.
    Done(T),
    /// The strategy refused it and is unchanged.
    Refused(BarRefused),
    /// The strategy panicked; the agent has failed. Holds the panic's message.
    Failed(String),
}

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

/// What the host was told that an agent wants of a symbol.
#[derive(Debug, Clone)]
pub struct Told {
    /// Signed; negative is short.
    pub qty_nanos: i64,
    /// The close that decided.
    pub price_ticks: i64,
    /// Start of the bar that decided.
    pub bar_at: i64,
    /// Echoed from the frame of that bar.
    pub sent_at: Number,
}

struct Followed {
    strategy: Box<dyn Strategy>,
    is_warm: bool, // asked behind the wall, after each bar
    told: Option<Told>,
}

/// One agent of the runner.
pub struct Agent {
    id: String,
    followed: BTreeMap<String, Followed>, // by symbol
    state: State,
    bars_seen: u64,
    decisions: u64,
}

impl Agent {
    /// Builds the agent, cold and flat.
    pub fn build(agent: LinkAgent) -> Result<Self, AgentError> {
        if agent.symbols.is_empty() {
            return Err(AgentError::NoSymbols);
        }
        let mut strategies = Vec::new();
        for symbol in agent.symbols {
            let built = strategy::build(&agent.strategy, &agent.params, agent.max_position_micros)?;
            strategies.push((symbol, built));
        }
        Ok(Self::of(agent.agent_id, strategies))
    }

    /// Makes an agent of strategies that are built already, one a symbol.
    pub fn of(id: String, strategies: Vec<(String, Box<dyn Strategy>)>) -> Self {
        let followed = strategies
            .into_iter()
            .map(|(symbol, strategy)| (symbol, Followed { strategy, is_warm: false, told: None }));
        Self { id, followed: followed.collect(), state: State::Running, bars_seen: 0, decisions: 0 }
    }

    /// Takes a bar in without deciding. `None` when the agent has failed or does not follow the symbol.
    pub fn observe(&mut self, symbol: &str, bar: &Bar) -> Option<Outcome<()>> {
        self.take(symbol, |strategy| strategy.observe(bar))
    }

    /// Takes a live bar in and decides, if it may and is not paused. `None` as in [`Agent::observe`].
    pub fn hear(&mut self, symbol: &str, bar: &Bar, may_decide: bool) -> Option<Outcome<Option<Decision>>> {
        if self.state == State::Paused || !may_decide {
            return self.take(symbol, |strategy| strategy.observe(bar).map(|()| None));
        }
        let outcome = self.take(symbol, |strategy| strategy.decide(bar).map(Some));
        self.decisions += u64::from(matches!(outcome, Some(Outcome::Done(_))));
        outcome
    }

    /// Notes what is wanted now and tells whether that is news to the host.
    pub fn tell(&mut self, symbol: &str, told: Told) -> bool {
        let Some(followed) = self.followed.get_mut(symbol) else { return false };
        let before = followed.told.as_ref().map_or(0, |told| told.qty_nanos);
        let is_news = before != told.qty_nanos;
        if is_news {
            followed.told = Some(told);
        }
        is_news
    }

    /// The positions that the host was told to hold, by symbol.
    pub fn wanted(&self) -> impl Iterator<Item = (&str, &Told)> {
        let told = self
            .followed
            .iter()
            .filter_map(|(symbol, followed)| Some((symbol.as_str(), followed.told.as_ref()?)));
        told.filter(|(_, told)| told.qty_nanos != 0)
    }

    fn take<T>(
        &mut self,
        symbol: &str,
        step: impl FnOnce(&mut dyn Strategy) -> Result<T, BarRefused>,
    ) -> Option<Outcome<T>> {
        if self.state == State::Failed {
            return None;
        }
        let followed = self.followed.get_mut(symbol)?;
        let strategy = followed.strategy.as_mut();
        // What a panic leaves half done is never used again: the agent has failed.
        Some(match catch_unwind(AssertUnwindSafe(|| step(strategy).map(|done| (done, strategy.is_warm())))) {
            Ok(Ok((done, is_warm))) => {
                followed.is_warm = is_warm;
                self.bars_seen += 1;
                Outcome::Done(done)
            }
            Ok(Err(refused)) => Outcome::Refused(refused),
            Err(panic) => {
                self.state = State::Failed;
                Outcome::Failed(panic_text(panic.as_ref()))
            }
        })
    }

    /// Pauses or resumes; a failed agent stays failed.
    pub fn set_paused(&mut self, paused: bool) {
        if self.state != State::Failed {
            self.state = if paused { State::Paused } else { State::Running };
        }
    }

    /// The agent's name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is doing.
    pub fn state(&self) -> State {
        self.state
    }

    /// Bars taken in, over all symbols.
    pub fn bars_seen(&self) -> u64 {
        self.bars_seen
    }

    /// Bars answered by a decision, over all symbols.
    pub fn decisions(&self) -> u64 {
        self.decisions
    }

    /// Whether it will decide on the next bar of every symbol.
    pub fn is_warm(&self) -> bool {
        self.state != State::Failed && self.followed.values().all(|followed| followed.is_warm)
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("the agent panicked without a message").to_owned()
}
