//! Who trades in a backtest.

use super::BacktestError;

/// What an agent's targets mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sizing {
    /// They are the positions wanted.
    Targets,
    /// Only their signs count: each change buys, or sells short, as many whole shares as the cash at the open allows.
    AllIn,
}

/// One agent of a backtest.
#[derive(Debug)]
pub struct Agent<S> {
    /// Its name; each once.
    pub id: String,
    /// Its strategy, cold, over as many symbols as it follows.
    pub strategy: S,
    /// The symbols it follows, by their numbers, in its own order.
    pub symbols: Vec<usize>,
    /// What its targets mean.
    pub sizing: Sizing,
}

/// Passes agents whose ids and symbols are possible.
pub fn check_agents<S>(symbols: &[String], agents: &[Agent<S>]) -> Result<(), BacktestError> {
    if agents.is_empty() {
        return Err(BacktestError::NoAgents);
    }
    for (at, agent) in agents.iter().enumerate() {
        let last = symbols.len().saturating_sub(1);
        let missing = agent.symbols.iter().copied().find(|symbol| *symbol >= symbols.len());
        if let Some(symbol) = missing {
            return Err(BacktestError::NoSuchSymbol { agent_id: agent.id.clone(), symbol, last });
        }
        let mut own = agent.symbols.clone();
        own.sort_unstable();
        own.dedup();
        if own.len() != agent.symbols.len() || agents[..at].iter().any(|other| other.id == agent.id) {
            return Err(BacktestError::AgentRepeated(agent.id.clone()));
        }
    }
    Ok(())
}
