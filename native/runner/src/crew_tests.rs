use std::time::Duration;

use desk_core::bars::Bar;
use desk_core::strategy::{Action, BarRefused, Decision, Each, Reason, SymbolStrategy, Unit};
use serde_json::{Number, Value};

use crate::agent::Agent;
use crate::crew::Crew;
use crate::frames::LinkBar;
use crate::writer::Writer;

/// Wants one share more with every bar, and panics at the close that it cannot bear.
struct Climber {
    wanted: i64,
    unbearable_ticks: i64,
}

impl SymbolStrategy for Climber {
    fn observe(&mut self, bar: &Bar) -> Result<(), BarRefused> {
        self.decide(bar).map(drop)
    }

    fn decide(&mut self, bar: &Bar) -> Result<Decision, BarRefused> {
        assert_ne!(bar.close_ticks, self.unbearable_ticks, "a close of {} is unbearable", bar.close_ticks);
        self.wanted += 1;
        Ok(Decision { action: Action::Enter, target_qty_nanos: self.wanted })
    }

    fn is_warm(&self) -> bool {
        true
    }

    fn target_qty_nanos(&self) -> i64 {
        self.wanted
    }

    fn reason(&self) -> Reason {
        Reason::new("climbs", &[("on and on", 0.0, Unit::Number); 50])
    }
}

fn crew(unbearable: &[(&str, i64)]) -> Crew {
    let mut crew = Crew::default();
    for (id, unbearable_ticks) in unbearable {
        let climber =
            Each::build(1, || Ok(Climber { wanted: 0, unbearable_ticks: *unbearable_ticks })).unwrap();
        crew.join(Agent::of((*id).to_owned(), vec!["AAPL".to_owned()], Box::new(climber)));
    }
    crew
}

fn bar(close: i64) -> LinkBar {
    let text = format!(
        r#"{{"symbol":"AAPL","at":1,"openTicks":1,"highTicks":1,"lowTicks":1,"closeTicks":{close},"volume":0}}"#
    );
    serde_json::from_str(&text).unwrap()
}

fn hear(crew: &mut Crew, close: i64) -> Vec<Value> {
    let mut out = Writer::default();
    crew.hear(&[bar(close)], &Number::from(7), true, &|| Duration::ZERO, &mut out);
    out.take().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn who(messages: &[Value]) -> Vec<(&str, &str)> {
    messages
        .iter()
        .map(|message| (message["kind"].as_str().unwrap(), message["agentId"].as_str().unwrap()))
        .collect()
}

#[test]
fn keeps_one_agents_panic_from_the_others() {
    let mut crew = crew(&[("a", 0), ("b", 13), ("c", 0)]);
    assert_eq!(hear(&mut crew, 12).len(), 6);
    let messages = hear(&mut crew, 13);
    assert_eq!(
        who(&messages),
        [("decision", "a"), ("target", "a"), ("agentFailed", "b"), ("decision", "c"), ("target", "c")]
    );
    assert!(messages[2]["reason"].as_str().unwrap().contains("a close of 13 is unbearable"));
    assert_eq!(messages[4]["qtyNanos"], 2);
    let after = hear(&mut crew, 14);
    assert_eq!(who(&after), [("decision", "a"), ("target", "a"), ("decision", "c"), ("target", "c")]);
    let states: Vec<&str> = crew.beats().iter().map(|beat| beat.state).collect();
    assert_eq!(states, ["running", "failed", "running"]);
}

#[test]
fn fails_an_agent_alone_that_panics_over_its_history() {
    let mut crew = crew(&[("a", 0), ("b", 13)]);
    let mut out = Writer::default();
    crew.warm_up("AAPL", &[bar(12), bar(13), bar(14)], &mut out);
    assert_eq!(out.take().len(), 1);
    let seen: Vec<u64> = crew.beats().iter().map(|beat| beat.bars_seen).collect();
    assert_eq!(seen, [3, 1]);
}

#[test]
fn flattens_a_failed_agent_when_it_is_removed() {
    let mut crew = crew(&[("b", 13)]);
    hear(&mut crew, 12);
    hear(&mut crew, 13);
    let mut out = Writer::default();
    assert!(!crew.set_paused("nobody", true));
    assert!(crew.set_paused("b", false), "known, and still failed");
    assert_eq!(crew.beats()[0].state, "failed");
    assert!(crew.remove("b", &mut out));
    let lines = out.take();
    assert!(lines[0].contains(r#""kind":"target""#) && lines[0].contains(r#""qtyNanos":0"#), "{}", lines[0]);
    assert!(lines[1].contains(r#""kind":"removed""#), "{}", lines[1]);
}

#[test]
fn cuts_a_reason_to_what_the_host_accepts() {
    let messages = hear(&mut crew(&[("a", 0)]), 12);
    assert_eq!(messages[0]["reason"].as_str().unwrap().len(), 400);
    assert_eq!(messages[1]["reason"].as_str().unwrap().len(), 400);
}
