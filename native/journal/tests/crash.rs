//! A killed process loses nothing that was acknowledged.

// The tests' own helpers stop the test too.
#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use desk_journal::Journal;
use support::Folder;

const KILLS: u64 = 15;

/// Cargo builds the examples before it runs tests.
fn appender() -> PathBuf {
    let tests = env::current_exe().unwrap();
    let built = tests.parent().and_then(Path::parent).unwrap();
    built.join("examples").join(format!("append_until_killed{}", env::consts::EXE_SUFFIX))
}

/// Runs the appender, kills it after about `acknowledged` lines, and returns all that it printed.
fn run_and_kill(journal: &Path, acknowledged: usize) -> BTreeMap<i64, String> {
    let mut child = Command::new(appender()).arg(journal).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut printed = BTreeMap::new();
    let mut line = String::new();
    let mut killed = false;
    // What the child printed before it died is read to the end; only a whole line counts.
    while output.read_line(&mut line).unwrap() > 0 && line.ends_with('\n') {
        let (seq, payload) = line.trim_end().split_once(' ').unwrap();
        assert_eq!(printed.insert(seq.parse().unwrap(), payload.to_owned()), None, "{seq} given twice");
        if !killed && printed.len() >= acknowledged {
            child.kill().unwrap();
            killed = true;
        }
        line.clear();
    }
    let status = child.wait().unwrap();
    assert!(killed && !status.success(), "the appender ended by itself: {status}");
    printed
}

#[test]
fn every_acknowledged_event_survives_kills_at_random_moments() {
    let folder = Folder::new("crash");
    let mut acknowledged = BTreeMap::new();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for kill in 1..=KILLS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        acknowledged.extend(run_and_kill(&folder.journal(), 1 + usize::try_from(random % 800).unwrap()));

        let journal = Journal::open(&folder.journal()).unwrap();
        assert_eq!(journal.recovery().reason, None, "kill {kill}");
        let found = journal.verify().unwrap();
        assert_eq!((found.events, found.broken_at), (journal.last_seq(), None), "kill {kill}");
        let events: BTreeMap<i64, String> =
            journal.scan(0, u32::MAX).unwrap().into_iter().map(|event| (event.seq, event.payload)).collect();
        for (seq, payload) in &acknowledged {
            assert_eq!(events.get(seq), Some(payload), "event {seq} after kill {kill}");
        }
    }
}
