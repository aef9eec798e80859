//! Which symbols make pairs, found in the formation period.

use super::spread::{Method, Spread};
use crate::statistics::{Cointegration, Lags, cointegration};

/// What makes a pair.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub method: Method,
    /// Pairs at most; no symbol is in two.
    pub most: usize,
    /// Cointegrated when a lack of it is less likely than this.
    pub coint_p: f64,
    pub delta: f64,
    pub noise: f64,
}

/// A pair and how well it ranks: the lower the better.
#[derive(Debug, Clone)]
pub struct Formed {
    pub y: usize,
    pub x: usize,
    pub rank: f64,
    pub spread: Spread,
}

/// The best pairs of the values that spreads are made of, by symbol; of equal ones the first in the list. By cointegration the better of the two
/// directions counts.
pub fn form(past: &[&[f64]], rules: &Rules) -> Vec<Formed> {
    let mut found: Vec<Formed> = Vec::new();
    for first in 0..past.len() {
        for second in first + 1..past.len() {
            found.extend(candidate(past, first, second, rules));
        }
    }
    found.sort_by(|left, right| left.rank.total_cmp(&right.rank));
    let mut chosen: Vec<Formed> = Vec::new();
    for pair in found {
        let is_taken = |symbol: usize| chosen.iter().any(|other| other.y == symbol || other.x == symbol);
        if chosen.len() < rules.most && !is_taken(pair.y) && !is_taken(pair.x) {
            chosen.push(pair);
        }
    }
    chosen
}

fn candidate(past: &[&[f64]], first: usize, second: usize, rules: &Rules) -> Option<Formed> {
    let (y, x) = (past[first], past[second]);
    let formed = |spread: Spread| Formed { y: first, x: second, rank: squares_apart(y, x), spread };
    match rules.method {
        Method::Distance => Spread::distance(y, x).map(formed),
        Method::Kalman => Spread::kalman(y, x, rules.delta, rules.noise).map(formed),
        Method::Cointegration => {
            let one_way = cointegrated(y, x, rules.coint_p).map(|found| (first, second, found));
            let other_way = cointegrated(x, y, rules.coint_p).map(|found| (second, first, found));
            let better = match (one_way, other_way) {
                (Some(one), Some(other)) if other.2.statistic < one.2.statistic => other,
                (Some(one), _) => one,
                (None, other) => other?,
            };
            let (y, x, found) = better;
            Some(Formed { y, x, rank: found.statistic, spread: Spread::cointegration(&found)? })
        }
    }
}

/// The test of logarithms, when it is passed.
pub fn cointegrated(y: &[f64], x: &[f64], most_p: f64) -> Option<Cointegration> {
    let found = cointegration(y, x, false, Lags::Fixed(1)).ok()?;
    (found.p_value <= most_p).then_some(found)
}

fn squares_apart(y: &[f64], x: &[f64]) -> f64 {
    y.iter().zip(x).map(|(now_y, now_x)| (now_y / y[0] - now_x / x[0]).powi(2)).sum()
}
