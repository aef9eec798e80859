//! Nets what the agents want into internal crosses and at most one order.

use smallvec::smallvec;

use super::allocate::apportion;
use super::{AgentId, BookError, Share, Shares, Side};
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
    pub shares: Shares<Id>,
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
    let order = one_order(side, larger, &inside)?;
    if mid <= 0 {
        return Ok(Netting { crosses: Vec::new(), order });
    }
    Ok(Netting { crosses: crosses(side, larger, &inside, smaller), order })
}

/// With one agent there is nobody to trade with: its wish is the order. Spares the sorting and splitting.
fn net_one<Id: AgentId>(agent: &AgentTarget<Id>, working: QtyNanos) -> Result<Netting<Id>, BookError> {
    let wish = i128::from(agent.target) - i128::from(agent.position);
    let qty = QtyNanos::try_from(wish.abs()).map_err(|_| BookError::Overflow)?;
    if working != 0 || qty == 0 {
        return Ok(Netting::default());
    }
    let side = if wish > 0 { Side::Buy } else { Side::Sell };
    let order = NetOrder { side, qty, shares: smallvec![share(&agent.agent_id, qty)] };
    Ok(Netting { crosses: Vec::new(), order: Some(order) })
}

/// What an agent wants to buy or to sell; unsigned. Borrows the name: most wishes are copied once, into the answer.
struct Wish<'a, Id> {
    agent_id: &'a Id,
    qty: QtyNanos,
}

type Wishes<'a, Id> = Vec<Wish<'a, Id>>;

/// Buyers and sellers by agent id, so that the order of the input does not matter.
fn split<Id: AgentId>(agents: &[AgentTarget<Id>]) -> Result<(Wishes<'_, Id>, Wishes<'_, Id>), BookError> {
    let mut by_id: Vec<&AgentTarget<Id>> = agents.iter().collect();
    by_id.sort_by(|a, b| a.agent_id.cmp(&b.agent_id));
    if let Some(pair) = by_id.windows(2).find(|pair| pair[0].agent_id == pair[1].agent_id) {
        return Err(BookError::AgentRepeated(pair[0].agent_id.to_string()));
    }
    let (mut buyers, mut sellers) = (Vec::new(), Vec::new());
    for agent in by_id {
        let wish = i128::from(agent.target) - i128::from(agent.position);
        let qty = QtyNanos::try_from(wish.abs()).map_err(|_| BookError::Overflow)?;
        match wish.signum() {
            1 => buyers.push(Wish { agent_id: &agent.agent_id, qty }),
            -1 => sellers.push(Wish { agent_id: &agent.agent_id, qty }),
            _ => {}
        }
    }
    Ok((buyers, sellers))
}

/// What is left of the larger side once a part of it is crossed inside.
fn one_order<Id: AgentId>(
    side: Side,
    larger: &[Wish<'_, Id>],
    inside: &[QtyNanos],
) -> Result<Option<NetOrder<Id>>, BookError> {
    let left = larger.iter().zip(inside).filter(|(wish, crossed)| wish.qty > **crossed);
    let shares: Shares<Id> = left.map(|(wish, crossed)| share(wish.agent_id, wish.qty - crossed)).collect();
    if shares.is_empty() {
        return Ok(None);
    }
    let ordered: i128 = shares.iter().map(|share| i128::from(share.qty)).sum();
    let qty = QtyNanos::try_from(ordered).map_err(|_| BookError::Overflow)?;
    Ok(Some(NetOrder { side, qty, shares }))
}

/// The larger side trades the crossed quantity, the smaller side all it wants.
fn crosses<Id: AgentId>(
    side: Side,
    larger: &[Wish<'_, Id>],
    inside: &[QtyNanos],
    smaller: &[Wish<'_, Id>],
) -> Vec<Cross<Id>> {
    let sign = if side == Side::Buy { 1 } else { -1 };
    let taken = larger.iter().zip(inside).map(|(wish, crossed)| (wish.agent_id, sign * crossed));
    let given = smaller.iter().map(|wish| (wish.agent_id, -sign * wish.qty));
    let moved = taken.chain(given).filter(|(_, delta)| *delta != 0);
    moved.map(|(agent_id, delta)| Cross { agent_id: agent_id.clone(), delta }).collect()
}

fn share<Id: AgentId>(agent_id: &Id, qty: QtyNanos) -> Share<Id> {
    Share { agent_id: agent_id.clone(), qty }
}

fn total<Id>(wishes: &[Wish<'_, Id>]) -> i128 {
    wishes.iter().map(|wish| i128::from(wish.qty)).sum()
}
