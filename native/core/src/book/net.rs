//! Nets what the agents want into internal crosses and at most one order.

use std::collections::BTreeSet;

use super::allocate::apportion;
use super::{AgentId, BookError, Share, Side};
use crate::money::{PriceTicks, QtyNanos};

/// What one agent holds and what it wants to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentTarget<Id = String> {
    /// Whose target.
    pub agent_id: Id,
    /// Signed; where the agent wants to be.
    pub target: QtyNanos,
    /// Signed; where the agent is.
    pub position: QtyNanos,
}

/// An agent's change of position in trades between agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cross<Id = String> {
    /// Whose position changes.
    pub agent_id: Id,
    /// Signed, never zero.
    pub delta: QtyNanos,
}

/// The one order that is left when the agents have traded among themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetOrder<Id = String> {
    /// Which way it trades.
    pub side: Side,
    /// Positive.
    pub qty: QtyNanos,
    /// Sum to `qty`.
    pub shares: Vec<Share<Id>>,
}

/// What is to be done in one symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Netting<Id = String> {
    /// Sum to zero.
    pub crosses: Vec<Cross<Id>>,
    /// Absent when the agents' wishes cancel out, or something still works.
    pub order: Option<NetOrder<Id>>,
}

impl<Id> Default for Netting<Id> {
    fn default() -> Self {
        Self { crosses: Vec::new(), order: None }
    }
}

/// Nets the agents' wishes in one symbol. Agents that want opposite changes trade with each other first, each
/// in proportion to what it wants, at the middle of the quote; one order on one side is left.
///
/// - While anything works in the symbol (`working` is not zero) nothing is done: whose shares are on their way
///   is not known here, and ordering or crossing now could deliver them twice.
/// - Without a middle price (`mid` is not positive) there is nothing to cross at: only the net is ordered, for
///   the larger side, and the smaller side waits.
pub fn net_targets<Id: AgentId>(
    agents: &[AgentTarget<Id>],
    working: QtyNanos,
    mid: PriceTicks,
) -> Result<Netting<Id>, BookError> {
    if let [agent] = agents {
        return net_one(agent, working);
    }
    let (buyers, sellers) = split(agents)?;
    if working != 0 {
        return Ok(Netting::default());
    }
    let (bought, sold) = (total(&buyers), total(&sellers));
    if bought.max(sold) > i128::from(QtyNanos::MAX) {
        return Err(BookError::Overflow);
    }
    let (side, larger, smaller) =
        if bought >= sold { (Side::Buy, &buyers, &sellers) } else { (Side::Sell, &sellers, &buyers) };
    let weights: Vec<QtyNanos> = larger.iter().map(|wish| wish.qty).collect();
    let inside = apportion(&weights, bought.min(sold));
    let left = larger.iter().zip(&inside).map(|(wish, crossed)| share(&wish.agent_id, wish.qty - crossed));
    let order = one_order(side, left.filter(|part| part.qty > 0).collect())?;
    if mid <= 0 {
        return Ok(Netting { crosses: Vec::new(), order });
    }
    let crossed = larger.iter().zip(inside).map(|(wish, qty)| share(&wish.agent_id, qty)).collect();
    Ok(Netting { crosses: crosses(side, crossed, smaller), order })
}

/// With one agent there is nobody to trade with: its wish is the order. Spares the sorting and splitting.
fn net_one<Id: AgentId>(agent: &AgentTarget<Id>, working: QtyNanos) -> Result<Netting<Id>, BookError> {
    let wish = i128::from(agent.target) - i128::from(agent.position);
    let qty = QtyNanos::try_from(wish.abs()).map_err(|_| BookError::Overflow)?;
    if working != 0 || qty == 0 {
        return Ok(Netting::default());
    }
    let side = if wish > 0 { Side::Buy } else { Side::Sell };
    let order = NetOrder { side, qty, shares: vec![share(&agent.agent_id, qty)] };
    Ok(Netting { crosses: Vec::new(), order: Some(order) })
}

type Wishes<Id> = Vec<Share<Id>>;

/// Buyers and sellers by agent id, so that the order of the input does not matter; unsigned wishes.
fn split<Id: AgentId>(agents: &[AgentTarget<Id>]) -> Result<(Wishes<Id>, Wishes<Id>), BookError> {
    let mut seen = BTreeSet::new();
    let (mut buyers, mut sellers) = (Vec::new(), Vec::new());
    for agent in agents {
        if !seen.insert(&agent.agent_id) {
            return Err(BookError::AgentRepeated(agent.agent_id.to_string()));
        }
        let wish = i128::from(agent.target) - i128::from(agent.position);
        let qty = QtyNanos::try_from(wish.abs()).map_err(|_| BookError::Overflow)?;
        match wish.signum() {
            1 => buyers.push(share(&agent.agent_id, qty)),
            -1 => sellers.push(share(&agent.agent_id, qty)),
            _ => {}
        }
    }
    for wishes in [&mut buyers, &mut sellers] {
        wishes.sort_by(|a, b| a.agent_id.cmp(&b.agent_id));
    }
    Ok((buyers, sellers))
}

fn one_order<Id: AgentId>(side: Side, shares: Vec<Share<Id>>) -> Result<Option<NetOrder<Id>>, BookError> {
    if shares.is_empty() {
        return Ok(None);
    }
    let qty = QtyNanos::try_from(total(&shares)).map_err(|_| BookError::Overflow)?;
    Ok(Some(NetOrder { side, qty, shares }))
}

/// The larger side trades the crossed quantity, the smaller side all it wants.
fn crosses<Id: AgentId>(side: Side, larger: Vec<Share<Id>>, smaller: &[Share<Id>]) -> Vec<Cross<Id>> {
    let sign = if side == Side::Buy { 1 } else { -1 };
    let taken = larger.into_iter().map(|part| Cross { agent_id: part.agent_id, delta: sign * part.qty });
    let given = smaller.iter().map(|part| Cross { agent_id: part.agent_id.clone(), delta: -sign * part.qty });
    taken.chain(given).filter(|cross| cross.delta != 0).collect()
}

fn share<Id: AgentId>(agent_id: &Id, qty: QtyNanos) -> Share<Id> {
    Share { agent_id: agent_id.clone(), qty }
}

fn total<Id>(shares: &[Share<Id>]) -> i128 {
    shares.iter().map(|share| i128::from(share.qty)).sum()
}
