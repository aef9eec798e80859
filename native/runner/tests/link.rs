//! The program as the host meets it: a process with two pipes.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const DEADLINE: Duration = Duration::from_secs(20);

/// A running program; it is ended when the test ends, however that is.
struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_desk-runner"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { stdin: child.stdin.take(), child, lines }
    }

    fn greeted(host_silence_ms: u64) -> Self {
        let mut program = Self::start();
        let agent = json!({
            "agentId": "agent-1", "strategy": "momentum", "symbols": ["AAPL"], "maxPositionMicros": 5_000_000_000_i64,
            "params": {"fast": 2, "slow": 4, "roc": 2, "adxPeriod": 2, "atrPeriod": 3, "adxFloor": 0},
        });
        program.send(
            &json!({"kind": "hello", "runnerId": "slot-1", "hostSilenceMs": host_silence_ms, "agents": [agent]}),
        );
        program.wait_for("ready");
        program
    }

    fn send(&mut self, frame: &Value) {
        self.write(&format!("{frame}\n"));
    }

    fn write(&mut self, text: &str) {
        self.stdin.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn send_bar(&mut self, minute: i64, close: i64) {
        self.send(&json!({"kind": "bars", "sentAt": 1, "bars": [bar(minute, close)]}));
    }

    /// The next message that is not a heartbeat.
    fn next(&mut self) -> Value {
        self.find(|message| message["kind"] != "heartbeat")
    }

    /// The next message of this kind; others before it are skipped.
    fn wait_for(&mut self, kind: &str) -> Value {
        self.find(|message| message["kind"] == kind)
    }

    fn find(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let line = self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())).unwrap();
            let message: Value = serde_json::from_str(&line).unwrap();
            if is_wanted(&message) {
                return message;
            }
        }
    }

    /// Waits for the end of its output, then for its exit.
    fn exit(&mut self) -> ExitStatus {
        let deadline = Instant::now() + DEADLINE;
        while self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())).is_ok() {}
        assert!(Instant::now() < deadline, "the program goes on writing");
        self.child.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail when it has exited already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn bar(minute: i64, close: i64) -> Value {
    let close = close * 10_000;
    json!({
        "symbol": "AAPL", "at": minute * 60_000, "openTicks": close, "highTicks": close + 5_000,
        "lowTicks": close - 5_000, "closeTicks": close, "volume": 100,
    })
}

fn warmup() -> Value {
    json!({"kind": "warmup", "symbol": "AAPL", "bars": [bar(0, 100), bar(1, 101), bar(2, 102)]})
}

#[test]
fn decides_after_its_history_and_resends_exactly_what_is_not_acknowledged() {
    let mut program = Program::greeted(60_000);
    program.send(&warmup());
    program.send_bar(3, 103);
    let decision = program.next();
    assert_eq!((&decision["kind"], &decision["action"]), (&json!("decision"), &json!("enter")));
    assert!(decision["tookUs"].as_f64().unwrap() > 0.0);
    let entry = program.next();
    assert_eq!((&entry["kind"], &entry["n"]), (&json!("target"), &json!(1)));
    program.send_bar(4, 80);
    let reversal = program.wait_for("target");
    assert_eq!(reversal["n"], 2);
    assert!(reversal["qtyNanos"].as_i64().unwrap() < 0);

    program.send(&json!({"kind": "resume", "after": 0}));
    assert_eq!([program.next(), program.next()], [entry, reversal.clone()]);
    program.send(&json!({"kind": "ack", "through": 1}));
    program.send(&json!({"kind": "resume", "after": 0}));
    assert_eq!(program.next(), reversal);
    program.send(&json!({"kind": "ack", "through": 2}));
    program.send(&json!({"kind": "resume", "after": 0}));
    program.write("noise\n");
    let refused = program.next();
    assert_eq!((&refused["kind"], &refused["n"]), (&json!("refused"), &json!(3)));
}

#[test]
fn beats_says_that_the_host_is_silent_and_emits_no_target_on_what_ends_the_silence() {
    let mut program = Program::greeted(1_000);
    program.send(&warmup());
    let heartbeat = program.wait_for("heartbeat");
    let beat = json!({"agentId": "agent-1", "barsSeen": 3, "warm": true, "decisions": 0, "state": "running"});
    assert_eq!(heartbeat["agents"], json!([beat]));
    assert_eq!((&heartbeat["silent"], &heartbeat["lastN"]), (&json!(true), &json!(0)));
    // One write, so that no silence can come between the two bars.
    let frames = [(3, 103), (4, 104)].map(|(minute, close)| {
        let frame = json!({"kind": "bars", "sentAt": minute, "bars": [bar(minute, close)]});
        format!("{frame}\n")
    });
    program.write(&frames.concat());
    let decision = program.next();
    assert_eq!((&decision["kind"], &decision["sentAt"]), (&json!("decision"), &json!(4)));
    assert_eq!(program.next()["barAt"], 4 * 60_000);
}

#[test]
fn stops_with_success_when_told_and_when_nobody_can_reach_it_any_more() {
    let mut told = Program::greeted(60_000);
    told.send(&json!({"kind": "stop"}));
    assert!(told.exit().success());
    let mut cut_off = Program::greeted(60_000);
    cut_off.stdin = None;
    assert!(cut_off.exit().success());
}

#[test]
fn names_its_version_and_refuses_other_arguments() {
    let run = |argument: &str| {
        Command::new(env!("CARGO_BIN_EXE_desk-runner")).arg(argument).stdin(Stdio::null()).output().unwrap()
    };
    let version = run("--version");
    assert!(version.status.success());
    assert_eq!(
        String::from_utf8(version.stdout).unwrap(),
        format!("desk-runner {}\n", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(run("--help").status.code(), Some(2));
}
