//! The laboratory from outside: requests as a program would send them.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use desk_core::backtest::{Agent, BacktestError, Panel, Sizing, check_look_ahead_while};
use desk_core::bars::Bar;
use desk_core::metrics::Metric;
use desk_core::strategy::build;
use desk_lab::*;

/// A made-up price that drifts in waves, so that crosses both gain and lose.
fn wave(days: i64) -> Vec<Bar> {
    let close = |day: i64| {
        let at = day as f64;
        (1_000_000.0 + at * 300.0 + 150_000.0 * (at / 17.0).sin() + 40_000.0 * (at / 3.3).sin()) as i64
    };
    let bar = |day: i64| {
        let (open, close) = (close(day - 1), close(day));
        Bar {
            at_ms: (day / 5 * 7 + day % 5 + 4) * 86_400_000,
            open_ticks: open,
            high_ticks: open.max(close) + 5_000,
            low_ticks: open.min(close) - 5_000,
            close_ticks: close,
            volume: 10_000,
        }
    };
    (0..days).map(bar).collect()
}

fn request(strategy: &str, days: i64) -> BacktestRequest {
    BacktestRequest {
        symbols: vec![SymbolRequest {
            symbol: "WAVE".to_owned(),
            bars: Bars::Columns(Columns::of(&wave(days))),
        }],
        agents: vec![AgentRequest {
            agent_id: "one".to_owned(),
            strategy: strategy.to_owned(),
            params: BTreeMap::new(),
            symbols: vec![],
            max_position_micros: None,
        }],
        setup: SetupRequest { commission_bps: 5.0, ..SetupRequest::default() },
        seed: 1,
        from_ms: None,
        to_ms: None,
    }
}

fn sweep(days: i64) -> SweepRequest {
    let axis = |param: &str, values: &[f64]| GridAxis { param: param.to_owned(), values: values.to_vec() };
    SweepRequest {
        backtest: request("sma-cross", days),
        grid: vec![axis("fast", &[2.0, 5.0, 10.0, 20.0]), axis("slow", &[10.0, 20.0, 40.0])],
        metric: "sharpe".to_owned(),
        threads: None,
    }
}

fn never() -> AtomicBool {
    AtomicBool::new(false)
}

fn value(metrics: &[Metric], name: &str) -> f64 {
    // NaN equals nothing and is on no side of anything.
    metrics.iter().find(|metric| metric.name == name).and_then(|metric| metric.value).unwrap_or(f64::NAN)
}

#[test]
fn reports_a_backtest_that_was_asked_for_in_json() {
    let asked = serde_json::to_string(&request("momentum", 600)).unwrap();
    let request: BacktestRequest = serde_json::from_str(&asked).unwrap();
    let report = run_backtest(&request, &|_, _| (), &never()).unwrap();
    assert!(report.passed, "{:?}", report.checks);
    assert_eq!(report.bars, 600);
    assert!(!report.trades.is_empty());
    let json = serde_json::to_value(&report).unwrap();
    assert!(json["metrics"][0]["definition"].is_string());
    assert!(json["trades"][0]["entryReason"]["measures"][0]["name"].is_string());
    assert_eq!(
        json["curve"]["atMs"].as_array().unwrap().len(),
        json["curve"]["equityMicros"].as_array().unwrap().len()
    );
}

#[test]
fn takes_every_setting_left_out_as_its_default() {
    let setup: SetupRequest = serde_json::from_str(r#"{"fill":{"kind":"limit","offsetBps":5}}"#).unwrap();
    let fill = FillRequest::Limit { offset_bps: 5.0 };
    assert_eq!(setup, SetupRequest { fill, ..SetupRequest::default() });
}

#[test]
fn gives_the_same_sweep_on_any_number_of_threads() {
    let on = |threads| {
        let report =
            run_sweep(&SweepRequest { threads: Some(threads), ..sweep(500) }, &|_, _| (), &never()).unwrap();
        let report_took = Report { took_ms: 0.0, ..report.report };
        SweepReport { took_ms: 0.0, report: report_took, ..report }
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(7));
}

#[test]
fn counts_only_the_variants_that_ran_and_chooses_the_best_of_them() {
    let report = run_sweep(&sweep(500), &|_, _| (), &never()).unwrap();
    let refused: Vec<&str> = report.rows.iter().filter_map(|row| row.refused.as_deref()).collect();
    assert_eq!(refused.len(), 3);
    assert_eq!(refused[0], "slow is 10 and fast is 10; slow must be more than fast");
    assert_eq!((report.rows.len(), report.trials), (12, 9));
    let sharpe = |row: &SweepRow| row.metrics.get("sharpe").copied().flatten();
    let highest = report.rows.iter().filter_map(sharpe).fold(f64::NEG_INFINITY, f64::max);
    assert_eq!(sharpe(&report.rows[report.best]), Some(highest));
    let metrics = &report.report.metrics;
    assert_eq!((value(metrics, "sharpe"), value(metrics, "trials")), (highest, 9.0));
    assert!(value(metrics, "deflatedSharpe") < value(metrics, "probabilisticSharpe"));
}

#[test]
fn tells_progress_and_stops_when_told_to() {
    let told = Mutex::new(Vec::new());
    run_sweep(&sweep(200), &|done, total| told.lock().unwrap().push((done, total)), &never()).unwrap();
    let mut told = told.into_inner().unwrap();
    told.sort_unstable();
    assert_eq!(told, (1..=12).map(|done| (done, 12)).collect::<Vec<_>>());
    let cancel = never();
    let stopped = run_sweep(&sweep(200), &|_, _| cancel.store(true, Ordering::Relaxed), &cancel);
    assert!(stopped.is_err_and(|error| error.is_cancelled()));
}

#[test]
fn breaks_the_look_ahead_check_off_inside_its_first_pass() {
    let panel = Panel::new(vec![("WAVE".to_owned(), wave(9_000))]).unwrap();
    let (built, asked) = (Cell::new(0), Cell::new(0));
    let make = |_: &Panel| {
        built.set(built.get() + 1);
        let strategy = build("momentum", 1, &BTreeMap::new(), 1_000_000_000)?;
        Ok(vec![Agent { id: "one".to_owned(), strategy, symbols: vec![0], sizing: Sizing::Targets }])
    };
    let five_times = || {
        asked.set(asked.get() + 1);
        if asked.get() < 5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let broken_off = check_look_ahead_while(&panel, &make, 1, &five_times);
    assert!(matches!(broken_off, Err(BacktestError::Cancelled)), "{broken_off:?}");
    assert_eq!((asked.get(), built.get()), (5, 1));
}

#[test]
fn walks_forward_over_bars_it_has_not_trained_on() {
    let request = WalkRequest { sweep: sweep(700), train_bars: 200, test_bars: 100, anchored: false };
    let report = walk_forward(&request, &|_, _| (), &never()).unwrap();
    assert!(report.passed, "{:?}", report.failed_checks);
    assert_eq!(report.steps.len(), 5);
    let bars = &report.metrics;
    assert_eq!(value(bars, "bars"), 500.0);
    assert_eq!(value(bars, "trials"), 45.0);
    for step in &report.steps {
        assert!(step.train_to_ms < step.test_from_ms);
        let inside = |trade: &&desk_core::backtest::Trade| {
            (step.test_from_ms..=step.test_to_ms).contains(&trade.entry_at_ms)
        };
        assert!(report.trades.iter().filter(inside).all(|trade| trade.exit_at_ms <= step.test_to_ms));
    }
    let growth: f64 = report.steps.iter().map(|step| 1.0 + step.test_return_pct / 100.0).product();
    assert!((value(bars, "returnPct") / 100.0 + 1.0 - growth).abs() < 1e-9);
    let pnl: i64 = report.trades.iter().map(|trade| trade.pnl_micros).sum();
    let gained = value(bars, "finalEquity") - value(bars, "initialCash");
    assert!((pnl as f64 / 1e6 - gained).abs() < 1e-6);
}

#[test]
fn tells_walks_apart_by_their_digests_and_counts_what_the_gate_refused_in_all_tests() {
    let walk = |order_notional_micros| {
        let mut swept = sweep(700);
        swept.metric = "returnPct".to_owned(); // also defined where nothing was traded
        swept.backtest.setup.order_notional_micros = order_notional_micros;
        let request = WalkRequest { sweep: swept, train_bars: 200, test_bars: 100, anchored: false };
        walk_forward(&request, &|_, _| (), &never()).unwrap()
    };
    let (free, again, held) = (walk(None), walk(None), walk(Some(1_000_000)));
    assert_eq!(free.hash, again.hash);
    assert_ne!(free.hash, held.hash);
    assert!(free.denials.is_empty());
    assert!(held.denials.get("ORDER_NOTIONAL").is_some_and(|count| *count >= 5), "{:?}", held.denials);
}

#[test]
fn runs_a_swarm_through_one_account() {
    let mut swarm = request("momentum", 600);
    swarm.agents.push(AgentRequest {
        agent_id: "two".to_owned(),
        strategy: "sma-cross".to_owned(),
        ..swarm.agents[0].clone()
    });
    let report = run_backtest(&swarm, &|_, _| (), &never()).unwrap();
    assert!(report.passed, "{:?}", report.checks);
    let traded = |agent: &str| report.trades.iter().any(|trade| &*trade.agent_id == agent);
    assert!(traded("one") && traded("two"));
}

#[test]
fn names_what_is_wrong_with_a_request() {
    let refusal = |change: fn(&mut BacktestRequest)| {
        let mut asked = request("momentum", 100);
        change(&mut asked);
        run_backtest(&asked, &|_, _| (), &never()).unwrap_err().to_string()
    };
    assert_eq!(
        refusal(|asked| asked.agents[0].strategy = "momentun".to_owned()),
        "there is no strategy \"momentun\"; did you mean \"momentum\"?"
    );
    assert_eq!(
        refusal(|asked| asked.agents[0].symbols = vec!["SEA".to_owned()]),
        "agent one follows SEA, which has no bars in the request"
    );
    assert_eq!(
        refusal(|asked| asked.setup.slippage_bps = f64::NAN),
        "slippageBps is NaN; it must be a number from 0 to 1000"
    );
    assert_eq!(
        refusal(
            |asked| asked.symbols[0].bars = Bars::Columns(Columns { at_ms: vec![1], ..Columns::default() })
        ),
        "WAVE: the columns have different lengths; each needs one value a bar"
    );
    let missing = refusal(|asked| asked.symbols[0].bars = Bars::File { path: "/nowhere.bars".to_owned() });
    assert!(missing.starts_with("/nowhere.bars: "), "{missing}");
    let unknown = run_sweep(&SweepRequest { metric: "luck".to_owned(), ..sweep(100) }, &|_, _| (), &never());
    assert!(unknown.unwrap_err().to_string().starts_with("there is no metric \"luck\""));
}
