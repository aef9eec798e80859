//! Worked examples, each checkable by hand.

use super::*;
use crate::money::{MICROS_PER_USD as USD, NANOS_PER_SHARE as SHARE, TICKS_PER_USD as PRICE_USD};

fn wants(agent_id: &str, target: i64, position: i64) -> AgentTarget {
    AgentTarget { agent_id: agent_id.to_owned(), target, position }
}

fn parts(shares: &[Share]) -> Vec<(&str, i64)> {
    shares.iter().map(|share| (share.agent_id.as_str(), share.qty)).collect()
}

fn crossed(netting: &Netting) -> Vec<(&str, i64)> {
    netting.crosses.iter().map(|cross| (cross.agent_id.as_str(), cross.delta)).collect()
}

fn shares(of: &[(&str, i64)]) -> Vec<Share> {
    of.iter().map(|(agent_id, qty)| Share { agent_id: (*agent_id).to_owned(), qty: *qty }).collect()
}

#[test]
fn opposite_wishes_are_crossed_first_and_the_rest_is_one_order() {
    let agents = [wants("c", 5 * SHARE, 0), wants("a", 20 * SHARE, 5 * SHARE), wants("b", 0, 4 * SHARE)];
    let netting = net_targets(&agents, 0, 100).unwrap();
    assert_eq!(crossed(&netting), [("a", 3 * SHARE), ("c", SHARE), ("b", -4 * SHARE)]);
    let order = netting.order.unwrap();
    assert_eq!((order.side, order.qty), (Side::Buy, 16 * SHARE));
    assert_eq!(parts(&order.shares), [("a", 12 * SHARE), ("c", 4 * SHARE)]);
}

#[test]
fn wishes_that_cancel_out_need_no_order() {
    let netting = net_targets(&[wants("a", SHARE, 0), wants("b", -SHARE, 0)], 0, 100).unwrap();
    assert_eq!(crossed(&netting), [("a", SHARE), ("b", -SHARE)]);
    assert_eq!(netting.order, None);
}

#[test]
fn the_larger_side_may_be_the_sellers() {
    let netting = net_targets(&[wants("a", SHARE, 0), wants("b", -3 * SHARE, 0)], 0, 100).unwrap();
    assert_eq!(crossed(&netting), [("b", -SHARE), ("a", SHARE)]);
    let order = netting.order.unwrap();
    assert_eq!(
        (order.side, order.qty, parts(&order.shares)),
        (Side::Sell, 2 * SHARE, vec![("b", 2 * SHARE)])
    );
}

#[test]
fn nothing_is_netted_while_an_order_works() {
    let agents = [wants("a", SHARE, 0), wants("b", -SHARE, 0), wants("c", SHARE, 0)];
    for working in [-1, 1] {
        assert_eq!(net_targets(&agents, working, 100), Ok(Netting::default()));
    }
}

#[test]
fn without_a_middle_price_only_the_net_is_ordered() {
    let netting = net_targets(&[wants("a", 3 * SHARE, 0), wants("b", -SHARE, 0)], 0, 0).unwrap();
    assert_eq!(netting.crosses, []);
    let order = netting.order.unwrap();
    assert_eq!((order.side, parts(&order.shares)), (Side::Buy, vec![("a", 2 * SHARE)]));
}

#[test]
fn a_broken_share_goes_to_one_agent_and_leaves_the_others_whole() {
    let agents = [wants("a", 10 * SHARE, 0), wants("c", 3 * SHARE, 0), wants("b", -SHARE / 2, 0)];
    let netting = net_targets(&agents, 0, 100).unwrap();
    assert_eq!(parts(&netting.order.unwrap().shares), [("a", 10 * SHARE - SHARE / 2), ("c", 3 * SHARE)]);
}

#[test]
fn an_agent_listed_twice_is_refused() {
    let twice = net_targets(&[wants("a", 1, 0), wants("a", 2, 0)], 0, 100);
    assert_eq!(twice, Err(BookError::AgentRepeated("a".to_owned())));
}

#[test]
fn wishes_beyond_the_integers_are_refused() {
    assert_eq!(net_targets(&[wants("a", i64::MAX, -1)], 0, 100), Err(BookError::Overflow));
    let sum = [wants("a", i64::MAX, 0), wants("b", 1, 0)];
    assert_eq!(net_targets(&sum, 0, 100), Err(BookError::Overflow));
}

#[test]
fn whole_shares_are_handed_out_whole() {
    let ordered = shares(&[("a", 3 * SHARE), ("b", 3 * SHARE), ("c", 4 * SHARE)]);
    let first = allocate_fill(&ordered, 0, 5 * SHARE).unwrap();
    assert_eq!(parts(&first), [("a", 2 * SHARE), ("b", SHARE), ("c", 2 * SHARE)]);
    let second = allocate_fill(&ordered, 5 * SHARE, 5 * SHARE).unwrap();
    assert_eq!(parts(&second), [("a", SHARE), ("b", 2 * SHARE), ("c", 2 * SHARE)]);
}

#[test]
fn growing_fills_never_take_back_where_largest_remainder_would() {
    // With 6 : 6 : 2, largest remainder gives the last agent 2 of 10 seats but 1 of 11 (Alabama).
    let ordered = shares(&[("a", 6 * SHARE), ("b", 6 * SHARE), ("c", 2 * SHARE)]);
    let mut held = [0; 3];
    for filled in 0..14 {
        for part in allocate_fill(&ordered, filled * SHARE, SHARE).unwrap() {
            held[usize::from(part.agent_id.as_bytes()[0] - b'a')] += part.qty / SHARE;
        }
    }
    assert_eq!(held, [6, 6, 2]);
}

#[test]
fn a_fill_that_does_not_fit_the_order_is_refused() {
    let ordered = shares(&[("a", 3), ("b", 3)]);
    for (already, fill) in [(0, 7), (6, 1), (-1, 1), (0, -1), (i64::MAX, i64::MAX)] {
        let refused = allocate_fill(&ordered, already, fill);
        assert_eq!(refused, Err(BookError::FillInvalid { already, fill, ordered: 6 }));
    }
    assert!(matches!(allocate_fill(&shares(&[("a", 0)]), 0, 0), Err(BookError::ShareInvalid { .. })));
    assert_eq!(allocate_fill(&shares(&[("a", i64::MAX), ("b", 1)]), 0, 1), Err(BookError::Overflow));
}

fn apply(qty: i64, cost: i64, delta: i64, price: i64) -> (i64, i64, i64) {
    let applied = apply_fill(Position { qty, cost }, delta, price).unwrap();
    (applied.position.qty, applied.position.cost, applied.realised)
}

#[test]
fn a_long_position_is_opened_grown_reduced_and_closed() {
    assert_eq!(apply(0, 0, 10 * SHARE, 100 * PRICE_USD), (10 * SHARE, 1_000 * USD, 0));
    assert_eq!(apply(10 * SHARE, 1_000 * USD, 10 * SHARE, 110 * PRICE_USD), (20 * SHARE, 2_100 * USD, 0));
    assert_eq!(
        apply(20 * SHARE, 2_100 * USD, -5 * SHARE, 120 * PRICE_USD),
        (15 * SHARE, 1_575 * USD, 75 * USD)
    );
    assert_eq!(apply(15 * SHARE, 1_575 * USD, -15 * SHARE, 100 * PRICE_USD), (0, 0, -75 * USD));
}

#[test]
fn a_short_position_has_a_negative_cost() {
    assert_eq!(apply(0, 0, -10 * SHARE, 100 * PRICE_USD), (-10 * SHARE, -1_000 * USD, 0));
    assert_eq!(
        apply(-10 * SHARE, -1_000 * USD, 4 * SHARE, 90 * PRICE_USD),
        (-6 * SHARE, -600 * USD, 40 * USD)
    );
    assert_eq!(apply(-6 * SHARE, -600 * USD, 6 * SHARE, 110 * PRICE_USD), (0, 0, -60 * USD));
}

#[test]
fn a_flip_realises_all_and_opens_the_rest_at_the_price() {
    assert_eq!(
        apply(10 * SHARE, 1_000 * USD, -15 * SHARE, 120 * PRICE_USD),
        (-5 * SHARE, -600 * USD, 200 * USD)
    );
    assert_eq!(
        apply(-10 * SHARE, -1_000 * USD, 15 * SHARE, 120 * PRICE_USD),
        (5 * SHARE, 600 * USD, -200 * USD)
    );
}

#[test]
fn a_fill_of_nothing_changes_nothing() {
    assert_eq!(apply(3 * SHARE, 7, 0, 1), (3 * SHARE, 7, 0));
    assert_eq!(apply(0, 0, 0, 1), (0, 0, 0));
}

#[test]
fn impossible_fills_are_refused() {
    let flat = Position::default();
    assert_eq!(apply_fill(flat, 1, 0), Err(BookError::PriceInvalid(0)));
    assert_eq!(apply_fill(Position { qty: 0, cost: 5 }, 1, 1), Err(BookError::FlatWithCost(5)));
    assert_eq!(apply_fill(Position { qty: i64::MAX, cost: 1 }, 1, 1), Err(BookError::Overflow));
    assert_eq!(apply_fill(flat, i64::MAX, i64::MAX), Err(BookError::Overflow));
}
