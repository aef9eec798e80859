//! The checks find what they are for, and bad input is named.

use super::*;

/// Wants a share whenever the next close, which it was given with the data, is higher.
struct Cheat {
    closes: Vec<i64>,
    reach: usize,
    at: usize,
    wanted: i64,
}

impl SymbolStrategy for Cheat {
    fn observe(&mut self, _: &Bar) -> Result<(), BarRefused> {
        Ok(())
    }

    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused> {
        self.at += 1;
        let seen = self.closes.get(self.at + self.reach - 1);
        self.wanted = seen.map_or(0, |next| i64::from(*next > bar.close_ticks) * NANOS_PER_SHARE);
        Ok(Decision { action: Action::Hold, target_qty_nanos: self.wanted })
    }

    fn is_warm(&self) -> bool {
        true
    }

    fn target_qty_nanos(&self) -> i64 {
        self.wanted
    }

    fn reason(&self) -> Reason {
        Reason::new("knows", &[])
    }
}

fn cheat(reach: usize) -> impl Fn(&Panel) -> Result<Vec<Agent<Each<Cheat>>>, BacktestError> {
    move |panel| {
        let closes: Vec<i64> = panel.bars(0).iter().map(|bar| bar.close_ticks).collect();
        let strategy = Each::build(1, || Ok(Cheat { closes: closes.clone(), reach, at: 0, wanted: 0 }))?;
        Ok(vec![Agent { id: "cheat".to_owned(), strategy, symbols: vec![0], sizing: Sizing::Targets }])
    }
}

fn wave(days: i64) -> Vec<(i64, i64)> {
    (0..days).map(|day| (100 + day * 37 % 23, 100 + (day * day + 5) % 31)).collect()
}

#[test]
fn finds_a_strategy_that_knows_the_next_bar_and_the_bar_that_betrays_it() {
    let panel = panel(&wave(300));
    let checked = run_checked(&panel, &cheat(1), &keep(10_000), 1, &mut onward).unwrap();
    let failed: Vec<&Check> = checked.checks.iter().filter(|check| !check.passed).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].name, "lookAhead");
    let betrayed = failed[0].betrayed_at_ms.unwrap();
    assert!(panel.bars(0).iter().any(|bar| bar.at_ms == betrayed));
}

#[test]
fn passes_the_same_strategy_when_it_only_knows_the_present() {
    let honest = check_look_ahead(&panel(&wave(300)), &cheat(0), 1).unwrap();
    assert!(honest.passed, "{honest:?}");
}

#[test]
fn finds_the_cheat_in_a_long_run_through_its_windows() {
    let found = check_look_ahead(&panel(&wave(40_000)), &cheat(1), 1).unwrap();
    assert!(!found.passed);
}

/// Wants a share whenever a close that comes later in its run of bars is higher.
struct ReadsOn(Cheat);

impl SymbolStrategy for ReadsOn {
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused> {
        self.0.observe(bar)
    }

    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused> {
        self.0.decide(bar)
    }

    fn run_ahead(&mut self, bars: &[Bar]) -> Result<usize, BarRefused> {
        let is_higher = bars.get(1).is_some_and(|next| next.close_ticks > bars[0].close_ticks);
        self.0.wanted = i64::from(is_higher) * NANOS_PER_SHARE;
        Ok(1)
    }

    fn is_warm(&self) -> bool {
        true
    }

    fn target_qty_nanos(&self) -> i64 {
        self.0.wanted
    }

    fn reason(&self) -> Reason {
        self.0.reason()
    }
}

#[test]
fn finds_a_strategy_that_reads_on_in_the_bars_it_is_given_to_run_through() {
    let make = |_: &Panel| {
        let cheat = || Ok(ReadsOn(Cheat { closes: vec![], reach: 0, at: 0, wanted: 0 }));
        let strategy = Each::build(1, cheat)?;
        Ok(vec![Agent { id: "cheat".to_owned(), strategy, symbols: vec![0], sizing: Sizing::Targets }])
    };
    let found = check_look_ahead(&panel(&wave(300)), &make, 1).unwrap();
    assert!(!found.passed);
}

#[test]
fn tells_its_progress_and_stops_when_told_to() {
    let long = panel(&wave(140_000));
    let agents = || vec![agent("one", &[], Sizing::Targets)];
    let mut told = Vec::new();
    let mut listen = |done, total| {
        told.push((done, total));
        ControlFlow::Continue(())
    };
    run(&long, agents(), &keep(1_000), &mut listen).unwrap();
    // After the first bar, they are taken in by 512.
    assert_eq!(told, [(65_537, 140_000), (131_073, 140_000)]);
    let stopped = run(&long, agents(), &keep(1_000), &mut |_, _| ControlFlow::Break(()));
    assert_eq!(stopped.err(), Some(BacktestError::Cancelled));
}

#[test]
fn gives_the_same_whether_bars_come_from_a_panel_or_a_stream() {
    let prices = wave(300);
    let wishes: Vec<i64> = (0..300).map(|at| at % 7 - 3).collect();
    let from_panel = run_script(&prices, &wishes, &keep(10_000));
    let agents = vec![agent("one", &wishes, Sizing::Targets)];
    let streams = [bars(&prices).into_iter()].into_iter();
    let streamed =
        run_stream(&["GOOG".to_owned()], streams, 300, agents, &keep(10_000), &mut onward).unwrap();
    assert_eq!((streamed.hash, streamed.metrics), (from_panel.hash, from_panel.metrics));
}

#[test]
fn names_what_is_wrong_with_the_data() {
    let of = |columns: &[(&str, Vec<Bar>)]| {
        let columns = columns.iter().map(|(symbol, bars)| ((*symbol).to_owned(), bars.clone())).collect();
        Panel::new(columns).err().unwrap().to_string()
    };
    let good = bars(&[(10, 11), (11, 12)]);
    let later: Vec<Bar> = good.iter().map(|bar| Bar { at_ms: bar.at_ms + 864_000_000, ..*bar }).collect();
    assert_eq!(of(&[]), "the panel has no bars; a backtest needs at least two");
    assert_eq!(of(&[("A", vec![])]), "A has no bars; a backtest needs at least two");
    assert_eq!(
        of(&[("A", good[..1].to_vec())]),
        "A has one bar; a backtest needs at least two, as a signal is filled on the next"
    );
    assert_eq!(
        of(&[("A", good.clone()), ("A", good.clone())]),
        "A is listed twice; each symbol has one list of bars"
    );
    assert_eq!(
        of(&[("B", later), ("A", good.clone())]),
        "A ends before B starts; symbols must overlap in time"
    );
    let negative = vec![good[0], Bar { low_ticks: -1, ..good[1] }];
    assert_eq!(
        of(&[("A", negative)]),
        "A, bar at 86400000: a price is -1 ticks; prices are 1 to 10000000000000"
    );
    let backwards = vec![good[1], good[0]];
    assert_eq!(
        of(&[("A", backwards)]),
        "A, bar at 0: the bar starts at 0, the last one at 86400000; bars must come in order"
    );
}

#[test]
fn names_what_is_wrong_with_the_agents_and_settings() {
    let panel = panel(&[(10, 11), (11, 12)]);
    let refusal = |agents, setup: Setup| run(&panel, agents, &setup, &mut onward).err().unwrap().to_string();
    let one = || agent("one", &[], Sizing::Targets);
    assert_eq!(refusal(vec![], keep(1)), "there is no agent; a backtest needs at least one");
    assert_eq!(
        refusal(vec![one(), one()], keep(1)),
        "agent one is listed twice; each agent has one entry, with each symbol once"
    );
    assert_eq!(
        refusal(vec![Agent { symbols: vec![3], ..one() }], keep(1)),
        "agent one follows symbol 3, but the symbols are numbered 0 to 0"
    );
    assert_eq!(refusal(vec![one()], keep(0)), "cash (micro-dollars) is 0; it must be 1 to 1000000000000000");
}
