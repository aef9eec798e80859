//! The reference strategy: two simple averages of the close, long after the fast one crosses above the slow one,
//! short after it crosses below. Its published results are what the backtester is checked against.
//!
//! A cross needs both sides: strictly below at one close and strictly above at the next. Averages that touch and
//! part again the same way have not crossed. Sums are kept in ticks, so that equal averages are exactly equal.

use std::collections::BTreeMap;

use super::params::{ParamSpec, StrategyError, parse};
use super::sizing::whole_shares;
use super::{
    Action, BarRefused, Decision, MOST_SYMBOLS, Reason, StrategySpec, SymbolStrategy, Unit, bar_guard,
};
use crate::bars::Bar;
use crate::money::{Micros, NANOS_PER_SHARE, PriceTicks, QtyNanos};

/// The parameters, in the order in which [`SmaCross::new`] reads them.
pub const PARAMS: &[ParamSpec; 2] = &[
    ParamSpec {
        name: "fast",
        default: 10.0,
        min: 1.0,
        max: 500.0,
        whole: true,
        unit: "bars",
        summary: "Period of the fast average.",
    },
    ParamSpec {
        name: "slow",
        default: 30.0,
        min: 2.0,
        max: 1_000.0,
        whole: true,
        unit: "bars",
        summary: "Period of the slow average; more than fast.",
    },
];

/// What it is.
pub(super) const SPEC: StrategySpec = StrategySpec {
    id: "sma-cross",
    title: "SMA cross",
    summary: "Long with all its cash after a fast average of the closes crosses above a slow one, short after it \
              crosses below. Checks the backtester against published results; it is not deployed.",
    source: "Its results on ten years of one stock are published with the backtesting.py library",
    symbols: (1, MOST_SYMBOLS),
    params: PARAMS,
    all_in: true,
};

/// The crossing of two simple averages on one symbol.
#[derive(Debug)]
pub struct SmaCross {
    closes: Box<[PriceTicks]>, // a ring of the last `slow` closes
    fast: usize,
    next: usize, // place of the next close in the ring
    bars_seen: usize,
    fast_sum: i64, // at most 500 x 10^13, as MAX_PRICE_TICKS bounds the closes
    slow_sum: i64,
    last_at_ms: Option<i64>,
    max_position: Micros, // positive
    target_shares: i64,
    last: Rule,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Warming,
    Holds,
    CrossedAbove,
    CrossedBelow,
    Unaffordable,
}

impl Rule {
    fn name(self) -> &'static str {
        match self {
            Self::Warming => "warming",
            Self::Holds => "holds",
            Self::CrossedAbove => "crossed above",
            Self::CrossedBelow => "crossed below",
            Self::Unaffordable => "the limit buys no share",
        }
    }
}

impl SmaCross {
    /// Builds the strategy, flat and cold. Refuses parameters outside [`PARAMS`] and a slow average that is not slower.
    pub fn new(params: &BTreeMap<String, f64>, max_position: Micros) -> Result<Self, StrategyError> {
        let [fast, slow] = parse(PARAMS, params)?;
        // Exact: the ranges only let small whole numbers through.
        let (fast, slow) = (fast as usize, slow as usize);
        if slow <= fast {
            return Err(StrategyError::SlowNotSlower { fast, slow });
        }
        if max_position <= 0 {
            return Err(StrategyError::MaxPositionInvalid(max_position));
        }
        Ok(Self {
            closes: vec![0; slow].into_boxed_slice(),
            fast,
            next: 0,
            bars_seen: 0,
            fast_sum: 0,
            slow_sum: 0,
            last_at_ms: None,
            max_position,
            target_shares: 0,
            last: Rule::Warming,
        })
    }

    /// Takes a bar in and gives the signs of fast - slow before and after it, `None` until both exist.
    fn take(&mut self, bar: &Bar) -> Result<Option<(i64, i64)>, BarRefused> {
        bar_guard::check(bar, self.last_at_ms)?;
        self.last_at_ms = Some(bar.at_ms);
        let slow = self.closes.len();
        let before = self.sign();
        let leaves_fast =
            if self.next >= self.fast { self.next - self.fast } else { self.next + slow - self.fast };
        self.fast_sum += bar.close_ticks - self.closes[leaves_fast];
        self.slow_sum += bar.close_ticks - self.closes[self.next];
        self.closes[self.next] = bar.close_ticks;
        self.next = if self.next + 1 == slow { 0 } else { self.next + 1 };
        self.bars_seen += 1;
        Ok((self.bars_seen > slow).then(|| (before, self.sign())))
    }

    /// The sign of the fast average minus the slow one: both sums brought to the same length.
    fn sign(&self) -> i64 {
        let (fast, slow) = (self.fast as i128, self.closes.len() as i128);
        (i128::from(self.fast_sum) * slow - i128::from(self.slow_sum) * fast).signum() as i64
    }

    fn cross(&mut self, side: i64, close: PriceTicks) -> (Action, Rule) {
        let before = self.target_shares;
        self.target_shares = side * whole_shares(self.max_position, close);
        let crossed = if side > 0 { Rule::CrossedAbove } else { Rule::CrossedBelow };
        match (before, self.target_shares) {
            (0, 0) => (Action::Hold, Rule::Unaffordable),
            (_, 0) => (Action::Exit, Rule::Unaffordable),
            (0, _) => (Action::Enter, crossed),
            _ => (Action::Reverse, crossed),
        }
    }
}

impl SymbolStrategy for SmaCross {
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused> {
        self.take(bar).map(drop)
    }

    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused> {
        let (action, rule) = match self.take(bar)? {
            None => (Action::Warming, Rule::Warming),
            // A cross to the side already held is possible after bars that were only observed.
            Some((-1, 1)) if self.target_shares <= 0 => self.cross(1, bar.close_ticks),
            Some((1, -1)) if self.target_shares >= 0 => self.cross(-1, bar.close_ticks),
            Some(_) => (Action::Hold, Rule::Holds),
        };
        self.last = rule;
        Ok(Decision { action, target_qty_nanos: self.target_qty_nanos() })
    }

    fn is_warm(&self) -> bool {
        self.bars_seen >= self.closes.len()
    }

    fn target_qty_nanos(&self) -> QtyNanos {
        self.target_shares * NANOS_PER_SHARE
    }

    fn reason(&self) -> Reason {
        let slow = self.closes.len();
        if self.last == Rule::Warming {
            let (seen, needed) = (self.bars_seen as f64, (slow + 1) as f64);
            return Reason::new(self.last.name(), &[("bar", seen, Unit::Count), ("of", needed, Unit::Count)]);
        }
        let mean = |sum: i64, period: usize| sum as f64 / period as f64;
        Reason::new(
            self.last.name(),
            &[
                ("fast", mean(self.fast_sum, self.fast), Unit::Ticks),
                ("slow", mean(self.slow_sum, slow), Unit::Ticks),
            ],
        )
    }
}
