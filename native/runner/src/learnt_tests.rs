use serde_json::{Value, json};

use crate::test_bench::{Bench, NOTHING, SILENCE_MS, bar, kinds, reason};

/// Greeted, with agents that learn, on AAPL alone.
fn learning(agents: &[&str]) -> Bench {
    let agent = |id: &&str| {
        json!({
            "agentId": id, "strategy": "neural", "symbols": ["AAPL"], "maxPositionMicros": 5_000_000_000_i64,
            "params": {"judged": 100},
        })
    };
    let agents: Vec<Value> = agents.iter().map(agent).collect();
    let mut bench = Bench::cold();
    bench.say(&json!({"kind": "hello", "runnerId": "slot-1", "hostSilenceMs": SILENCE_MS, "agents": agents}));
    bench
}

fn close(minute: i64) -> i64 {
    100 + (minute * minute * 7) % 11
}

fn warm(bench: &mut Bench, minutes: std::ops::Range<i64>) {
    let bars: Vec<Value> = minutes.map(|minute| bar(minute, close(minute))).collect();
    assert_eq!(bench.say(&json!({"kind": "warmup", "symbol": "AAPL", "bars": bars})), NOTHING);
}

/// What the runner says of what was learnt at its next heartbeat.
fn learnt(bench: &mut Bench) -> Option<Value> {
    bench.runner.beat(bench.at);
    bench.read().into_iter().find(|message| message["kind"] == "learnt")
}

fn recall(learnt: &Value) -> Value {
    let mut frame = learnt.clone();
    frame["kind"] = json!("recall");
    frame
}

#[test]
fn tells_with_its_heartbeats_what_was_learnt_each_agent_in_turn_and_nothing_twice() {
    let mut bench = learning(&["a", "b"]);
    assert_eq!(learnt(&mut bench), None);
    warm(&mut bench, 0..40);
    let told = [(); 3].map(|()| learnt(&mut bench));
    let names: Vec<Option<&str>> =
        told.iter().map(|told| told.as_ref().map(|told| told["agentId"].as_str().unwrap())).collect();
    assert_eq!(names, [Some("a"), Some("b"), None]);
    assert_eq!(told[0].as_ref().unwrap()["barAt"], json!(39 * 60_000));
    warm(&mut bench, 40..41);
    assert_eq!(learnt(&mut bench).unwrap()["barAt"], json!(40 * 60_000));
}

#[test]
fn a_successor_that_recalls_goes_on_bit_for_bit() {
    let mut whole = learning(&["a"]);
    warm(&mut whole, 0..200);
    let at_200 = learnt(&mut whole).unwrap();
    warm(&mut whole, 200..260);
    let at_260 = learnt(&mut whole).unwrap();

    let mut successor = learning(&["a"]);
    warm(&mut successor, 150..200);
    assert_eq!(successor.say(&recall(&at_200)), NOTHING);
    warm(&mut successor, 200..260);
    assert_eq!(learnt(&mut successor).unwrap(), at_260);

    let mut forgetful = learning(&["a"]);
    warm(&mut forgetful, 150..260);
    assert_ne!(learnt(&mut forgetful).unwrap(), at_260);
}

#[test]
fn a_recall_that_comes_twice_changes_nothing() {
    let mut bench = learning(&["a"]);
    warm(&mut bench, 0..50);
    let at_50 = learnt(&mut bench).unwrap();
    let mut successor = learning(&["a"]);
    warm(&mut successor, 0..50);
    successor.say(&recall(&at_50));
    warm(&mut successor, 50..80);
    assert_eq!(successor.say(&recall(&at_50)), NOTHING);
    warm(&mut bench, 50..80);
    assert_eq!(learnt(&mut successor), learnt(&mut bench));
}

#[test]
fn refuses_what_cannot_be_recalled_and_goes_on() {
    let mut bench = learning(&["a"]);
    warm(&mut bench, 0..30);
    let own = learnt(&mut bench).unwrap();
    let with = |name: &str, value: Value| {
        let mut frame = recall(&own);
        frame[name] = value;
        frame
    };
    let cases = [
        (with("agentId", json!("b")), "this runner has no such agent: recall b AAPL"),
        (with("symbol", json!("MSFT")), "the agent has failed or does not follow this symbol: recall a MSFT"),
        (
            with("state", json!("0x")),
            "the state is not written in pairs of hexadecimal digits: recall a AAPL",
        ),
        (with("state", json!("00")), "this is no saved state of such a network: recall a AAPL"),
    ];
    for (frame, why) in cases {
        assert_eq!(reason(&bench.say(&frame)), why);
    }
    assert_eq!(bench.say(&recall(&own)), NOTHING);
    let mut plain = Bench::greeted();
    let frame = json!({"kind": "recall", "agentId": "agent-1", "symbol": "AAPL", "barAt": 1, "state": "00"});
    assert_eq!(
        reason(&plain.say(&frame)),
        "this strategy has no saved state; everything it knows comes with the history: recall agent-1 AAPL"
    );
    assert_eq!(kinds(&Bench::cold().say(&frame)), ["refused"]);
}
