//! What one agent, and all agents of one strategy, may still open.

use super::denial::{Code, Denial};
use super::exposure::{sum, value};
use super::facts::{Agent, Limits};
use super::losses::check_loss;
use super::pace::at_most;

/// Passes an agent's wish, or refuses it with exactly one reason. A wish that only shrinks what it holds always passes.
pub fn check_agent(agent: &Agent, limits: &Limits) -> Result<(), Denial> {
    let known = agent.position.zip(agent.target);
    let (position, target) = known.ok_or(Denial::plain(Code::PositionUnknown))?;
    let shrinks = target == 0 || target.signum() == position.signum();
    if shrinks && target.unsigned_abs() <= position.unsigned_abs() {
        return Ok(());
    }
    check_loss(Code::AgentDailyLoss, agent.day_result, limits.agent_daily_loss)?;
    check_loss(Code::StrategyDailyLoss, agent.strategy_day_result, limits.strategy_daily_loss)?;
    let ask = agent.ask.filter(|ask| *ask > 0).ok_or(Denial::plain(Code::QuoteMissing))?;
    let wanted = value(i128::from(target).abs(), ask)?;
    at_most(Code::AgentExposure, sum(agent.other_exposure, wanted)?, limits.agent_exposure)?;
    at_most(Code::StrategyExposure, sum(agent.strategy_other_exposure, wanted)?, limits.strategy_exposure)
}
