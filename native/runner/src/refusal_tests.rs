use serde_json::json;

use crate::outbox::CAPACITY;
use crate::runner::Next;
use crate::test_bench::{Bench, NOTHING, hello, kinds, reason, warmup};

#[test]
fn refuses_lines_that_it_cannot_use_and_goes_on() {
    let mut bench = Bench::greeted();
    let long = format!("{{\"kind\":\"{}\"}}", "\u{1F600}".repeat(5_000));
    let lines = ["noise", "{}", "[1]", r#"{"kind":"fly"}"#, r#"{"kind":"ack","through":-1}"#, long.as_str()];
    for line in lines {
        let messages = bench.line(line);
        assert_eq!(kinds(&messages), ["refused"], "{line}");
        assert!(reason(&messages).encode_utf16().count() <= 600, "{}", reason(&messages));
    }
    assert_eq!(bench.runner.receive(b"\xff\xfe", bench.at), Next::GoOn);
    assert_eq!(kinds(&bench.read()), ["refused"]);
    assert_eq!(kinds(&bench.bars(0, &[100])), ["decision"]);
}

#[test]
fn refuses_frames_that_come_before_the_greeting_and_agents_that_it_does_not_have() {
    let mut bench = Bench::cold();
    assert_eq!(reason(&bench.bars(0, &[100])), "the first frame must be hello: bars");
    assert_eq!(reason(&bench.say(&warmup(&[100]))), "the first frame must be hello: warmup");
    bench.say(&hello(&["agent-1"]));
    let messages = bench.say(&json!({"kind": "pauseAgent", "agentId": "agent-9"}));
    assert_eq!(reason(&messages), "this runner has no such agent: pauseAgent agent-9");
    let messages = bench.say(&json!({"kind": "ack", "through": 99}));
    assert_eq!(reason(&messages), "message 99 was never written, the last one is 3: ack");
}

#[test]
fn refuses_a_crew_that_it_cannot_carry() {
    let many: Vec<String> = (0..26).map(|at| format!("agent-{at}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for crew in [&[][..], &many, &["twin", "twin"]] {
        assert_eq!(kinds(&Bench::cold().say(&hello(crew))), ["refused"]);
    }
    assert_eq!(kinds(&Bench::cold().say(&hello(&many[..25]))), ["ready"]);
}

#[test]
fn starts_without_an_agent_whose_parameters_are_wrong() {
    let mut frame = hello(&["bad", "good"]);
    frame["agents"][0]["params"]["fast"] = json!(1);
    let messages = Bench::cold().say(&frame);
    assert_eq!(kinds(&messages), ["agentFailed", "ready"]);
    assert_eq!(reason(&messages), "fast is 1; it must be a whole number from 2 to 200");
    assert_eq!(messages[1]["agents"], json!(["good"]));
}

#[test]
fn refuses_an_absurd_bar_once_and_skips_history_that_it_knows() {
    let mut bench = Bench::cold();
    bench.say(&hello(&["agent-1", "agent-2"]));
    assert_eq!(bench.say(&warmup(&[100, 101])), NOTHING);
    assert_eq!(bench.say(&warmup(&[100, 101, 102])), NOTHING);
    let messages = bench.bars(3, &[0]);
    assert_eq!(kinds(&messages), ["refused"]);
    assert!(
        reason(&messages).ends_with("prices are 1 to 10000000000000: bar of AAPL"),
        "{}",
        reason(&messages)
    );
    let beats = bench.heartbeat();
    assert_eq!((&beats["agents"][0]["barsSeen"], &beats["agents"][1]["barsSeen"]), (&json!(3), &json!(3)));
    assert_eq!(kinds(&bench.say(&warmup(&[100, 101, 102, -1]))), ["refused"]);
}

#[test]
fn stops_deciding_while_too_much_is_unacknowledged() {
    let mut bench = Bench::greeted();
    bench.say(&warmup(&[100, 101, 102]));
    (0..CAPACITY).for_each(|_| drop(bench.line("noise")));
    let overflow = json!({"kind": "overflow", "unacknowledged": CAPACITY});
    assert_eq!(bench.line("noise"), std::slice::from_ref(&overflow), "nothing more is kept");
    assert_eq!(bench.bars(3, &[103]), [overflow]);
    bench.say(&json!({"kind": "ack", "through": 1}));
    assert_eq!(kinds(&bench.bars(4, &[104])), ["decision", "target", "overflow"]);
}
