//! An agent: a strategy over its symbols, and the wall that keeps its panics to itself.

mod learning;
mod state;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use desk_core::bars::Bar;
use desk_core::strategy::{self, BarRefused, Decision, Reason, Strategy};
use serde_json::Number;

pub use self::learning::{Learnt, RecallError};
pub use self::state::State;
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

/// What an agent decided on one of its symbols, and why.
#[derive(Debug, PartialEq)]
pub struct Made {
    /// The symbol's place in the agent's list.
    pub place: usize,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: Reason,
}

/// One symbol of the agent.
struct Followed {
    symbol: String,
    close_ticks: i64,
    bar_at: Option<i64>,
    told: Option<Told>,
    learnt_told_at: Option<i64>, // the bar up to which the host knows what was learnt
    recalled_at: Option<i64>,    // the bar of the last recall
}

/// One agent of the runner.
pub struct Agent {
    id: String,
    followed: Vec<Followed>,
    strategy: Box<dyn Strategy>,
    is_warm: bool, // asked behind the wall, after each bar
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
        let symbols = agent.symbols.len();
        let strategy = strategy::build(&agent.strategy, symbols, &agent.params, agent.max_position_micros)?;
        Ok(Self::of(agent.agent_id, agent.symbols, strategy))
    }

    /// Makes an agent of a strategy that is built already over these symbols.
    pub fn of(id: String, symbols: Vec<String>, strategy: Box<dyn Strategy>) -> Self {
        let unheard = |symbol| Followed {
            symbol,
            close_ticks: 0,
            bar_at: None,
            told: None,
            learnt_told_at: None,
            recalled_at: None,
        };
        let followed = symbols.into_iter().map(unheard).collect();
        Self { id, followed, strategy, is_warm: false, state: State::Running, bars_seen: 0, decisions: 0 }
    }

    /// Takes a bar in without deciding. `None` when the agent has failed or does not follow the symbol.
    pub fn observe(&mut self, symbol: &str, bar: &Bar) -> Option<Outcome<()>> {
        self.take(symbol, bar, |strategy, place| strategy.observe(place, bar))
    }

    /// Takes a live bar in and decides, if it may and is not paused: on no symbol, or on one or more of its own.
    /// `None` as in [`Agent::observe`].
    pub fn hear(&mut self, symbol: &str, bar: &Bar, may_decide: bool) -> Option<Outcome<Vec<Made>>> {
        if self.state == State::Paused || !may_decide {
            return self
                .take(symbol, bar, |strategy, place| strategy.observe(place, bar).map(|()| Vec::new()));
        }
        let outcome = self.take(symbol, bar, |strategy, place| {
            let mut decisions = Vec::new();
            strategy.decide(place, bar, &mut decisions)?;
            let made = |(place, decision): (usize, Decision)| Made {
                place,
                decision,
                reason: strategy.reason(place),
            };
            Ok(decisions.into_iter().map(made).collect::<Vec<_>>())
        });
        self.decisions += u64::from(matches!(&outcome, Some(Outcome::Done(made)) if !made.is_empty()));
        outcome
    }

    /// The symbol at a place of the agent's list, and its last close in ticks.
    pub fn at(&self, place: usize) -> (&str, i64) {
        let followed = &self.followed[place];
        (&followed.symbol, followed.close_ticks)
    }

    /// Notes what is wanted now and tells whether that is news to the host.
    pub fn tell(&mut self, place: usize, told: Told) -> bool {
        let followed = &mut self.followed[place];
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
            .filter_map(|followed| Some((followed.symbol.as_str(), followed.told.as_ref()?)));
        told.filter(|(_, told)| told.qty_nanos != 0)
    }

    fn take<T>(
        &mut self,
        symbol: &str,
        bar: &Bar,
        step: impl FnOnce(&mut dyn Strategy, usize) -> Result<T, BarRefused>,
    ) -> Option<Outcome<T>> {
        if self.state == State::Failed {
            return None;
        }
        let place = self.followed.iter().position(|followed| followed.symbol == symbol)?;
        let strategy = self.strategy.as_mut();
        // What a panic leaves half done is never used again: the agent has failed.
        let stepped =
            catch_unwind(AssertUnwindSafe(|| step(strategy, place).map(|done| (done, strategy.is_warm()))));
        Some(match stepped {
            Ok(Ok((done, is_warm))) => {
                self.is_warm = is_warm;
                self.followed[place].close_ticks = bar.close_ticks;
                self.followed[place].bar_at = Some(bar.at_ms);
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

    /// Whether it will decide on the next bars.
    pub fn is_warm(&self) -> bool {
        self.state != State::Failed && self.is_warm
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("the agent panicked without a message").to_owned()
}
