//! What holds for every book: nothing is lost, nothing is invented.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::money::{NANOS_PER_SHARE, notional_micros};

/// Whole shares, broken shares, or single nanos; unsigned.
fn quantity() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => (1..500_i64).prop_map(|shares| shares * NANOS_PER_SHARE),
        2 => 1..5_000_000_000_000_i64,
        1 => 1..9_i64,
    ]
}

fn signed() -> impl Strategy<Value = i64> {
    (quantity(), -1..=1_i64).prop_map(|(qty, sign)| qty * sign)
}

fn named(positions: Vec<(i64, i64)>) -> Vec<AgentTarget> {
    let numbered = positions.into_iter().enumerate();
    numbered
        .map(|(at, (target, position))| AgentTarget { agent_id: format!("agent-{at:02}"), target, position })
        .collect()
}

fn whole_agents() -> impl Strategy<Value = Vec<AgentTarget>> {
    let shares = || (-50..50_i64).prop_map(|shares| shares * NANOS_PER_SHARE);
    prop::collection::vec((shares(), shares()), 0..12).prop_map(named)
}

fn agents() -> impl Strategy<Value = Vec<AgentTarget>> {
    prop_oneof![whole_agents(), prop::collection::vec((signed(), signed()), 0..12).prop_map(named)]
}

fn order() -> impl Strategy<Value = Vec<Share>> {
    prop_oneof![
        prop::collection::vec((1..40_i64).prop_map(|shares| shares * NANOS_PER_SHARE), 1..12),
        prop::collection::vec(quantity(), 1..12),
        prop::collection::vec(1..=i64::MAX / 12, 1..12),
    ]
    .prop_map(|parts| {
        let named = parts.into_iter().enumerate();
        named.map(|(at, qty)| Share { agent_id: format!("agent-{at:02}"), qty }).collect()
    })
}

fn is_whole(qty: i64) -> bool {
    qty % NANOS_PER_SHARE == 0
}

fn sum<'a>(shares: impl IntoIterator<Item = &'a Share>) -> i128 {
    shares.into_iter().map(|share| i128::from(share.qty)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn crosses_and_the_order_bring_every_agent_to_its_target(agents in agents()) {
        let netting = net_targets(&agents, 0, 100).unwrap();
        let mut positions: BTreeMap<_, _> =
            agents.iter().map(|agent| (agent.agent_id.clone(), i128::from(agent.position))).collect();
        for cross in &netting.crosses {
            prop_assert!(cross.delta != 0);
            *positions.get_mut(&cross.agent_id).unwrap() += i128::from(cross.delta);
        }
        if let Some(order) = &netting.order {
            prop_assert_eq!(sum(&order.shares), i128::from(order.qty));
            for share in &order.shares {
                prop_assert!(share.qty > 0);
                *positions.get_mut(&share.agent_id).unwrap() += order.side.sign() * i128::from(share.qty);
            }
        }
        for agent in &agents {
            prop_assert_eq!(positions[&agent.agent_id], i128::from(agent.target));
        }
    }

    #[test]
    fn crosses_sum_to_zero_and_the_order_is_the_account_s_change(agents in agents()) {
        let netting = net_targets(&agents, 0, 100).unwrap();
        prop_assert_eq!(netting.crosses.iter().map(|cross| i128::from(cross.delta)).sum::<i128>(), 0);
        let change: i128 =
            agents.iter().map(|agent| i128::from(agent.target) - i128::from(agent.position)).sum();
        let ordered = netting.order.map_or(0, |order| order.side.sign() * i128::from(order.qty));
        prop_assert_eq!(ordered, change);
    }

    #[test]
    fn without_a_price_the_order_is_still_the_net_and_overshoots_nobody(agents in agents()) {
        let netting = net_targets(&agents, 0, 0).unwrap();
        prop_assert!(netting.crosses.is_empty());
        let change: i128 =
            agents.iter().map(|agent| i128::from(agent.target) - i128::from(agent.position)).sum();
        let order = netting.order;
        prop_assert_eq!(order.as_ref().map_or(0, |order| order.side.sign() * i128::from(order.qty)), change);
        for share in order.iter().flat_map(|order| &order.shares) {
            let agent = agents.iter().find(|agent| agent.agent_id == share.agent_id).unwrap();
            let wish = i128::from(agent.target) - i128::from(agent.position);
            prop_assert_eq!(wish.signum(), change.signum());
            prop_assert!(i128::from(share.qty) <= wish.abs());
        }
    }

    #[test]
    fn whole_wishes_make_whole_crosses_and_shares(agents in whole_agents()) {
        let netting = net_targets(&agents, 0, 100).unwrap();
        prop_assert!(netting.crosses.iter().all(|cross| is_whole(cross.delta)));
        prop_assert!(netting.order.iter().flat_map(|order| &order.shares).all(|share| is_whole(share.qty)));
    }

    #[test]
    fn the_order_of_the_agents_does_not_matter(agents in agents(), seed in any::<usize>()) {
        let mut turned = agents.clone();
        turned.rotate_left(seed.checked_rem(agents.len()).unwrap_or(0));
        prop_assert_eq!(net_targets(&turned, 0, 100), net_targets(&agents, 0, 100));
    }

    #[test]
    fn an_order_filled_in_any_parts_gives_each_agent_exactly_its_share(
        order in order(), cuts in prop::collection::vec(0.0..1.0_f64, 0..10),
    ) {
        let total = i64::try_from(sum(&order)).unwrap();
        let mut marks: Vec<i64> = cuts.iter().map(|cut| (cut * total as f64) as i64).collect();
        marks.extend([0, total]);
        marks.sort_unstable();
        let mut held: BTreeMap<String, i64> = BTreeMap::new();
        for pair in marks.windows(2) {
            let parts = allocate_fill(&order, pair[0], pair[1] - pair[0]).unwrap();
            prop_assert_eq!(sum(&parts), i128::from(pair[1] - pair[0]));
            for part in parts {
                prop_assert!(part.qty > 0);
                *held.entry(part.agent_id).or_default() += part.qty;
            }
        }
        let given: Vec<i64> = order.iter().map(|share| held[&share.agent_id]).collect();
        let owed: Vec<i64> = order.iter().map(|share| share.qty).collect();
        prop_assert_eq!(given, owed);
    }

    #[test]
    fn a_split_of_equal_shares_differs_by_at_most_one_unit(
        count in 1..40_usize, each in 1..40_i64, part in 0.0..=1.0_f64, whole in any::<bool>(),
    ) {
        let unit = if whole { NANOS_PER_SHARE } else { 1 };
        let weights = vec![each * unit; count];
        let total = (part * (each * count as i64) as f64) as i64 * unit;
        let given = allocate::apportion(&weights, i128::from(total));
        let (least, most) = (given.iter().min().unwrap(), given.iter().max().unwrap());
        prop_assert!(most - least <= unit);
    }

    #[test]
    fn two_agents_are_never_more_than_half_a_unit_off(a in 1..1_000_i64, b in 1..1_000_i64, part in 0.0..=1.0_f64) {
        let total = (part * (a + b) as f64) as i64;
        let given = allocate::apportion(&[a, b], i128::from(total));
        let exact = i128::from(total) * i128::from(a);
        let off = (i128::from(given[0]) * i128::from(a + b) - exact).abs();
        prop_assert!(off * 2 <= i128::from(a + b));
    }

    #[test]
    fn no_micro_dollar_is_lost_over_any_series_of_fills(
        fills in prop::collection::vec((signed(), 1..5_000_000_i64), 1..40),
    ) {
        let (mut position, mut paid, mut realised, mut held) = (Position::default(), 0_i128, 0_i128, 0_i128);
        for (delta, price) in fills {
            let applied = apply_fill(position, delta, price).unwrap();
            paid += i128::from(notional_micros(delta, price).unwrap());
            held += i128::from(delta);
            realised += i128::from(applied.realised);
            position = applied.position;
            prop_assert_eq!(i128::from(position.qty), held);
            prop_assert_eq!(i128::from(position.cost) - realised, paid);
            prop_assert!(position.qty != 0 || position.cost == 0);
        }
    }

    #[test]
    fn buying_and_selling_back_at_the_same_price_earns_nothing(delta in signed(), price in 1..5_000_000_i64) {
        let opened = apply_fill(Position::default(), delta, price).unwrap();
        let closed = apply_fill(opened.position, -delta, price).unwrap();
        prop_assert_eq!((closed.position, closed.realised), (Position::default(), 0));
        prop_assert_eq!(closed.paid, -opened.paid);
    }

    #[test]
    fn a_position_keeps_the_sign_of_its_cost_and_a_close_takes_no_more_than_all(
        open in quantity(), price in 1..5_000_000_i64, part in 0.0..=1.0_f64, at in 1..5_000_000_i64,
    ) {
        let long = apply_fill(Position::default(), open, price).unwrap().position;
        let closing = ((part * open as f64) as i64).min(open);
        let left = apply_fill(long, -closing, at).unwrap().position;
        prop_assert!(0 <= left.cost && left.cost <= long.cost);
    }

    #[test]
    fn any_integers_give_a_result_or_an_error(
        qty in any::<i64>(), cost in any::<i64>(), delta in any::<i64>(), price in any::<i64>(),
        weights in prop::collection::vec(any::<i64>(), 0..6),
    ) {
        let shares: Vec<Share> =
            weights.iter().map(|qty| Share { agent_id: qty.to_string(), qty: *qty }).collect();
        // Debug builds panic on any overflow that is not handled.
        apply_fill(Position { qty, cost }, delta, price).ok();
        allocate_fill(&shares, qty, delta).ok();
        let agents: Vec<AgentTarget> = weights
            .iter()
            .enumerate()
            .map(|(at, target)| AgentTarget { agent_id: at.to_string(), target: *target, position: cost })
            .collect();
        net_targets(&agents, 0, price).ok();
    }
}
