//! However the bars are taken together, the result is that of bar after bar.

use proptest::prelude::*;
use proptest::strategy::Strategy as _;

use super::*;
use crate::market::Random;
use crate::strategy::{Momentum, Strategy};

/// Keeps a strategy from running ahead.
struct InOrder<S>(S);

impl<S: Strategy> Strategy for InOrder<S> {
    fn observe(&mut self, symbol: usize, bar: &Bar) -> Result<(), BarRefused> {
        self.0.observe(symbol, bar)
    }

    fn decide(
        &mut self,
        symbol: usize,
        bar: &Bar,
        decisions: &mut Vec<(usize, Decision)>,
    ) -> Result<(), BarRefused> {
        self.0.decide(symbol, bar, decisions)
    }

    fn is_warm(&self) -> bool {
        self.0.is_warm()
    }

    fn target_qty_nanos(&self, symbol: usize) -> i64 {
        self.0.target_qty_nanos(symbol)
    }

    fn reason(&self, symbol: usize) -> Reason {
        self.0.reason(symbol)
    }
}

/// Minutes of a wild walk, some of which are missing when `gaps` is above 0.
fn walk(seed: u64, count: i64, gaps: f64) -> Vec<Bar> {
    let mut random = Random::seeded(seed);
    let mut close = 50.0;
    let mut bars = Vec::new();
    for minute in 0..count {
        let open = close;
        close = (close * (1.0 + 0.03 * random.normal())).clamp(1.0, 1e4);
        let [open_ticks, close_ticks] = [open, close].map(|usd| (usd * TICKS_PER_USD as f64) as i64);
        let bar = Bar {
            at_ms: (minute / 390 * 1_440 + minute % 390) * 60_000,
            open_ticks,
            high_ticks: open_ticks.max(close_ticks) + 500,
            low_ticks: open_ticks.min(close_ticks) - 500,
            close_ticks,
            volume: 1_000,
        };
        if random.unit() >= gaps || minute == 0 {
            bars.push(bar);
        }
    }
    bars
}

fn momentum(symbols: usize, limit: Micros) -> Each<Momentum> {
    let given = [("fast", 2.0), ("slow", 5.0), ("roc", 2.0), ("adxPeriod", 3.0), ("stopAtr", 1.0)];
    let params = given.map(|(name, value)| (name.to_owned(), value)).into();
    Each::build(symbols, || Momentum::new(&params, limit)).unwrap()
}

fn follow<S>(id: &str, symbols: usize, strategy: S) -> Agent<S> {
    Agent { id: id.to_owned(), strategy, symbols: (0..symbols).collect(), sizing: Sizing::Targets }
}

fn setups() -> impl proptest::strategy::Strategy<Value = Setup> {
    let costs = Costs { commission_e9: 200_000, half_spread_e9: 300_000, ..Costs::default() };
    let lent = Costs { borrow_e9: 50_000_000, ..costs };
    let fills = [FillRule::NextOpen, FillRule::Quote, FillRule::Limit { offset_e9: 2_000_000 }];
    let costs = prop::sample::select(vec![Costs::default(), costs, lent]);
    // The smaller cash is lost in some of the runs.
    (costs, prop::sample::select(fills.to_vec()), prop::sample::select(vec![2_000, 100_000])).prop_map(
        |(costs, fill, cash)| Setup { costs, fill, leverage_pct: 1_000, curve_points: 80, ..keep(cash) },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn strategies_that_run_ahead_trade_as_they_would_bar_by_bar(seed: u64, gaps in 0..2, setup in setups()) {
        let column = |symbol: u64| (format!("S{symbol}"), walk(seed ^ symbol, 900, 0.1 * f64::from(gaps)));
        let panel = Panel::new((1..=2).map(column).collect()).unwrap();
        let ahead = ["a", "b"].map(|id| follow(id, 2, momentum(2, usd(9_000)))).into();
        let in_order = ["a", "b"].map(|id| follow(id, 2, InOrder(momentum(2, usd(9_000))))).into();
        let ahead = run(&panel, ahead, &setup, &mut onward).unwrap();
        let in_order = run(&panel, in_order, &setup, &mut onward).unwrap();
        prop_assert!(ahead.record.trade_count() > 0);
        prop_assert_eq!((ahead.hash, ahead.metrics, ahead.trades), (in_order.hash, in_order.metrics, in_order.trades));
        prop_assert_eq!((ahead.curve, ahead.denials), (in_order.curve, in_order.denials));
    }

    #[test]
    fn runs_without_a_trade_are_recorded_as_instant_after_instant(seed: u64, setup in setups()) {
        let traded = |symbol: u64| (format!("S{symbol}"), walk(seed ^ symbol, 900, 0.0));
        let mut columns: Vec<_> = (1..=2).map(traded).collect();
        let together = Panel::new(columns.clone()).unwrap();
        // One more symbol that nobody trades and that misses instants: then all are gone through one by one.
        columns.push(("S3".to_owned(), walk(seed, 900, 0.5)));
        let apart = Panel::new(columns).unwrap();
        let go = |panel| run(panel, vec![follow("a", 2, momentum(2, usd(9_000)))], &setup, &mut onward).unwrap();
        let (together, apart) = (go(&together), go(&apart));
        prop_assert_eq!((together.hash, together.ruined_at_ms), (apart.hash, apart.ruined_at_ms));
        prop_assert_eq!((together.curve, together.trades), (apart.curve, apart.trades));
        let of_equity = |outcome: &[crate::metrics::Metric]| {
            let of_market = ["beta", "alphaPct", "buyAndHoldReturnPct"];
            let own = outcome.iter().filter(|metric| !of_market.contains(&metric.name));
            own.map(|metric| (metric.name, metric.value)).collect::<Vec<_>>()
        };
        prop_assert_eq!(of_equity(&together.metrics), of_equity(&apart.metrics));
    }
}
