use std::time::Duration;

use serde_json::json;

use crate::runner::Next;
use crate::test_bench::{Bench, NOTHING, SILENCE_MS, hello, kinds, warmup};

#[test]
fn answers_a_greeting_and_answers_it_again_without_a_change() {
    let mut bench = Bench::cold();
    let ready = json!({
        "kind": "ready", "runnerId": "slot-1", "version": env!("CARGO_PKG_VERSION"), "lastN": 0, "agents": ["agent-1"],
    });
    assert_eq!(bench.say(&hello(&["agent-1"])), std::slice::from_ref(&ready));
    assert_eq!(bench.say(&hello(&["agent-2", "agent-3"])), [ready]);
}

#[test]
fn takes_history_in_silently_and_decides_on_the_first_live_bar() {
    let mut bench = Bench::greeted();
    assert_eq!(bench.say(&warmup(&[100, 101, 102])), NOTHING);
    let messages = bench.bars(3, &[103]);
    let reason =
        "with the trend: close 103.00, stop 98.50, fast 102.50, slow 101.50, roc +1.98 %, adx 100.00";
    let decision = json!({
        "kind": "decision", "agentId": "agent-1", "symbol": "AAPL", "barAt": 180_000, "sentAt": 1_700_000_000_003_i64,
        "tookUs": 5.0, "action": "enter", "reason": reason,
    });
    let target = json!({
        "kind": "target", "n": 1, "agentId": "agent-1", "symbol": "AAPL", "qtyNanos": 48_000_000_000_i64,
        "priceTicks": 1_030_000, "barAt": 180_000, "sentAt": 1_700_000_000_003_i64, "reason": reason,
    });
    assert_eq!(messages, [decision, target]);
}

#[test]
fn sends_a_target_only_when_it_changes() {
    let mut bench = Bench::greeted();
    let messages = bench.bars(0, &[100, 101, 102, 103, 104, 105]);
    let decisions = messages.iter().filter(|message| message["kind"] == "decision");
    let actions: Vec<&str> = decisions.map(|decision| decision["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["warming", "warming", "warming", "enter", "hold", "hold"]);
    assert_eq!(messages.iter().filter(|message| message["kind"] == "target").count(), 1);
}

#[test]
fn keeps_a_paused_agent_current_and_quiet() {
    let mut bench = Bench::greeted();
    bench.bars(0, &[100, 101, 102]);
    assert_eq!(bench.say(&json!({"kind": "pauseAgent", "agentId": "agent-1"})), NOTHING);
    assert_eq!(bench.bars(3, &[103]), NOTHING);
    let beat = &bench.heartbeat()["agents"][0];
    assert_eq!(
        (&beat["state"], &beat["barsSeen"], &beat["warm"]),
        (&json!("paused"), &json!(4), &json!(true))
    );
    bench.say(&json!({"kind": "resumeAgent", "agentId": "agent-1"}));
    assert_eq!(kinds(&bench.bars(4, &[104])), ["decision", "target"]);
}

#[test]
fn takes_an_agent_out_flat() {
    let mut bench = Bench::greeted();
    bench.bars(0, &[100, 101, 102, 103]);
    let messages = bench.say(&json!({"kind": "removeAgent", "agentId": "agent-1"}));
    assert_eq!(kinds(&messages), ["target", "removed"]);
    let target = &messages[0];
    assert_eq!(
        (&target["qtyNanos"], &target["priceTicks"], &target["n"]),
        (&json!(0), &json!(1_030_000), &json!(2))
    );
    assert_eq!(messages[1], json!({"kind": "removed", "n": 3, "agentId": "agent-1"}));
    assert_eq!(bench.bars(4, &[104]), NOTHING);
    assert_eq!(bench.heartbeat()["agents"], json!([]));
}

#[test]
fn resends_what_is_not_acknowledged_word_for_word() {
    let mut bench = Bench::greeted();
    let mut written = bench.bars(0, &[100, 101, 102, 103, 80]);
    written.retain(|message| message["kind"] == "target");
    assert_eq!(written.len(), 2, "an entry and a reversal");
    assert_eq!(bench.say(&json!({"kind": "resume", "after": 0})), written);
    bench.say(&json!({"kind": "ack", "through": 1}));
    assert_eq!(bench.say(&json!({"kind": "resume", "after": 0})), written[1..]);
    bench.say(&json!({"kind": "ack", "through": 2}));
    assert_eq!(bench.say(&json!({"kind": "resume", "after": 0})), NOTHING);
}

#[test]
fn says_when_the_host_is_silent_and_only_observes_the_bar_that_ends_it() {
    let mut bench = Bench::greeted();
    bench.say(&warmup(&[100, 101, 102]));
    bench.at += Duration::from_millis(SILENCE_MS);
    assert_eq!(bench.heartbeat()["silent"], json!(false));
    bench.at += Duration::from_millis(1);
    assert_eq!(bench.heartbeat()["silent"], json!(true));
    assert_eq!(bench.bars(3, &[103]), NOTHING);
    assert_eq!(bench.heartbeat()["silent"], json!(false));
    assert_eq!(kinds(&bench.bars(4, &[104])), ["decision", "target"]);
}

#[test]
fn counts_no_broken_line_as_a_sign_of_the_host() {
    let mut bench = Bench::greeted();
    bench.at += Duration::from_millis(SILENCE_MS + 1);
    bench.line("noise");
    assert_eq!(bench.heartbeat()["silent"], json!(true));
    bench.say(&json!({"kind": "beat"}));
    assert_eq!(bench.heartbeat()["silent"], json!(false));
}

#[test]
fn stops_when_it_is_told_to() {
    let mut bench = Bench::greeted();
    assert_eq!(bench.runner.receive(br#"{"kind":"stop"}"#, bench.at), Next::Stop);
}
