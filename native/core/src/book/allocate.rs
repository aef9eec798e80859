//! Splits a quantity over agents in proportion to their shares.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use smallvec::smallvec;

use super::{AgentId, BookError, Share, Shares};
use crate::money::{NANOS_PER_SHARE, QtyNanos};

/// Hands one fill of an order to the agents: what each gets out of the next `fill` nanos after the first
/// `already`. Agents that get nothing are left out. However an order is filled, in one part or in many, each
/// agent ends with exactly its share.
pub fn allocate_fill<Id: AgentId>(
    shares: &[Share<Id>],
    already: QtyNanos,
    fill: QtyNanos,
) -> Result<Shares<Id>, BookError> {
    if let Some(share) = shares.iter().find(|share| share.qty <= 0) {
        return Err(BookError::ShareInvalid { agent_id: share.agent_id.to_string(), qty: share.qty });
    }
    let ordered: i128 = shares.iter().map(|share| i128::from(share.qty)).sum();
    if ordered > i128::from(QtyNanos::MAX) {
        return Err(BookError::Overflow);
    }
    let after = i128::from(already) + i128::from(fill);
    if already < 0 || fill < 0 || after > ordered {
        return Err(BookError::FillInvalid { already, fill, ordered });
    }
    if let [share] = shares {
        let part = Share { agent_id: share.agent_id.clone(), qty: fill };
        return Ok(if fill > 0 { smallvec![part] } else { Shares::new() });
    }
    let weights: Vec<QtyNanos> = shares.iter().map(|share| share.qty).collect();
    let before = apportion(&weights, i128::from(already));
    let now = apportion(&weights, after);
    let parts = shares
        .iter()
        .zip(before)
        .zip(now)
        .map(|((share, before), now)| Share { agent_id: share.agent_id.clone(), qty: now - before });
    Ok(parts.filter(|part| part.qty > 0).collect())
}

/// Splits `total` in proportion to positive `weights`; `0 <= total <= sum of weights <= i64::MAX`.
///
/// Every part is the exact proportion rounded, the parts sum to `total`, and no part exceeds its weight.
/// Ties go to the earlier weight. If all weights are whole shares, all parts are, except that a broken share
/// in `total` goes to one agent.
///
/// The rounding units are handed out by the divisor method of Webster (each next unit to whoever is furthest
/// behind its proportion). Plain largest remainder is not usable for fills: its parts can shrink while
/// the total grows (the Alabama paradox), which would take back what was already filled.
pub(super) fn apportion(weights: &[QtyNanos], total: i128) -> Vec<QtyNanos> {
    let whole = weights.iter().all(|weight| weight % NANOS_PER_SHARE == 0);
    let unit = if whole { NANOS_PER_SHARE } else { 1 };
    let seats: Vec<i64> = weights.iter().map(|weight| weight / unit).collect();
    let (units, broken) = (total / i128::from(unit), total % i128::from(unit));
    let mut given = hand_out(&seats, units);
    let next = if broken > 0 { next_in_line(&seats, &given) } else { None };
    for part in &mut given {
        *part *= unit;
    }
    if let (Some(next), Ok(broken)) = (next, i64::try_from(broken)) {
        given[next] += broken;
    }
    given
}

/// Gives `units` to the agents, each unit to the next in line. Starts at the rounded proportions, which are
/// at most one unit per two agents away from the sum, and walks the rest.
fn hand_out(seats: &[i64], units: i128) -> Vec<i64> {
    let all: i128 = seats.iter().map(|seat| i128::from(*seat)).sum();
    if all == 0 {
        return vec![0; seats.len()];
    }
    let mut given: Vec<i64> = seats.iter().map(|seat| rounded_part(*seat, units, all)).collect();
    let sum: i128 = given.iter().map(|part| i128::from(*part)).sum();
    if sum < units {
        give_more(seats, &mut given, units - sum);
    } else if sum > units {
        take_back(seats, &mut given, sum - units);
    }
    given
}

fn give_more(seats: &[i64], given: &mut [i64], units: i128) {
    let open = (0..seats.len()).filter(|at| given[*at] < seats[*at]);
    let mut line: BinaryHeap<_> = open.map(|at| Reverse(Turn::of(seats, given, at, 1))).collect();
    for _ in 0..units {
        let Some(Reverse(Turn { at, .. })) = line.pop() else { return };
        given[at] += 1;
        if given[at] < seats[at] {
            line.push(Reverse(Turn::of(seats, given, at, 1)));
        }
    }
}

fn take_back(seats: &[i64], given: &mut [i64], units: i128) {
    let held = (0..seats.len()).filter(|at| given[*at] > 0);
    let mut line: BinaryHeap<_> = held.map(|at| Turn::of(seats, given, at, -1)).collect();
    for _ in 0..units {
        let Some(Turn { at, .. }) = line.pop() else { return };
        given[at] -= 1;
        if given[at] > 0 {
            line.push(Turn::of(seats, given, at, -1));
        }
    }
}

/// `seat * units / all`, rounded half up, for `0 <= units <= all`: never more than `seat`.
fn rounded_part(seat: i64, units: i128, all: i128) -> i64 {
    let scaled = i128::from(seat) * units;
    // Shares by the thousand fit 64 bits, whose division costs a fraction.
    let (part, rest) = match (u64::try_from(scaled), u64::try_from(all)) {
        (Ok(scaled), Ok(all)) => (i128::from(scaled / all), i128::from(scaled % all)),
        _ => (scaled / all, scaled % all),
    };
    let up = i128::from(rest * 2 >= all);
    i64::try_from(part + up).unwrap_or(seat)
}

/// An agent's place in the line: the smaller `(2 * given + half) / seat`, and of equals the earlier, comes first.
#[derive(Clone, Copy)]
struct Turn {
    key: i128,
    seat: i64,
    at: usize,
}

impl Turn {
    fn of(seats: &[i64], given: &[i64], at: usize, half: i128) -> Self {
        Self { key: 2 * i128::from(given[at]) + half, seat: seats[at], at }
    }
}

impl Ord for Turn {
    /// By cross-multiplication; both products fit `i128` because `given <= seat < 2^63`.
    fn cmp(&self, other: &Self) -> Ordering {
        let (ours, theirs) = (self.key * i128::from(other.seat), other.key * i128::from(self.seat));
        ours.cmp(&theirs).then(self.at.cmp(&other.at))
    }
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Turn {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Turn {}

/// The agent that receives the next unit: the smallest `(given + 1/2) / seat`, the earliest on ties.
fn next_in_line(seats: &[i64], given: &[i64]) -> Option<usize> {
    let open = (0..seats.len()).filter(|at| given[*at] < seats[*at]);
    open.map(|at| Turn::of(seats, given, at, 1)).min().map(|turn| turn.at)
}
