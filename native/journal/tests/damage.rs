//! A damaged file opens with a prefix of what was written, never with anything else.

// The tests' own helpers stop the test too.
#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use desk_journal::Journal;
use support::{Folder, append_numbered, numbered, payloads};

const FOLDED: usize = 150;
const ALL: usize = 260;

/// A journal as a crash leaves it: some events in the file, the rest in its log.
struct Crashed {
    database: Vec<u8>,
    log: Vec<u8>,
}

fn log_of(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", path.display()))
}

fn crashed() -> Crashed {
    let folder = Folder::new("crashed");
    append_numbered(&Journal::open(&folder.journal()).unwrap(), 1, FOLDED);
    let journal = Journal::open(&folder.journal()).unwrap();
    append_numbered(&journal, FOLDED + 1, ALL);
    let (database, log) = (fs::read(folder.journal()).unwrap(), fs::read(log_of(&folder.journal())).unwrap());
    assert!(log.len() > 4_096, "the log holds the newest events");
    Crashed { database, log }
}

/// Opens the files, checks that what is there is a prefix, that it can be continued, and that opening again
/// finds nothing more to recover. Returns how many events are left and whether anything was reported.
fn open(name: &str, database: &[u8], log: &[u8]) -> (usize, bool) {
    let folder = Folder::new("damaged");
    fs::write(folder.journal(), database).unwrap();
    fs::write(log_of(&folder.journal()), log).unwrap();

    let journal = Journal::open(&folder.journal()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let kept = payloads(&journal.scan(0, u32::MAX).unwrap(), 0);
    let written: Vec<String> = (1..=kept.len()).map(numbered).collect();
    assert_eq!(kept, written, "{name}");
    assert_eq!(journal.verify().unwrap().broken_at, None, "{name}");
    let report = journal.recovery().clone();
    if let Some(reason) = &report.reason {
        assert_eq!(usize::try_from(report.last_good_seq), Ok(kept.len()), "{name}: {reason}");
        assert!(folder.files().iter().any(|file| file.contains(".damaged-1")), "{name}: {reason}");
    }
    append_numbered(&journal, kept.len() + 1, kept.len() + 2);
    drop(journal);
    let again = Journal::open(&folder.journal()).unwrap();
    assert_eq!(again.recovery().reason, None, "{name}");
    assert_eq!(usize::try_from(again.last_seq()), Ok(kept.len() + 2), "{name}");
    (kept.len(), report.reason.is_some())
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 0x55;
    bytes
}

/// Offsets all over a file: its beginning closely, the rest in uneven steps.
fn offsets(length: usize, step: usize) -> impl Iterator<Item = usize> {
    (0..100).step_by(7).chain((100..length).step_by(step)).filter(move |at| *at < length)
}

#[test]
fn the_undamaged_files_open_whole() {
    let files = crashed();
    assert_eq!(open("undamaged", &files.database, &files.log), (ALL, false));
}

#[test]
fn flipped_bytes_in_the_file_leave_a_prefix() {
    let files = crashed();
    for at in offsets(files.database.len(), 587) {
        open(&format!("file byte {at}"), &flipped(&files.database, at), &files.log);
        open(&format!("file byte {at}, no log"), &flipped(&files.database, at), &[]);
    }
}

#[test]
fn flipped_bytes_in_the_log_leave_what_is_in_the_file_and_are_reported() {
    let files = crashed();
    for at in offsets(files.log.len(), 1_987) {
        let (kept, reported) = open(&format!("log byte {at}"), &files.database, &flipped(&files.log, at));
        assert!(kept >= FOLDED, "log byte {at} lost the file's events: {kept} left");
        // The last append was of 5 events. A damaged last commit looks like one that a crash tore.
        assert!(reported || kept >= ALL - 5, "log byte {at}: {kept} left, silently");
    }
}

#[test]
fn truncated_files_leave_a_prefix() {
    let files = crashed();
    for length in offsets(files.database.len(), 1_171) {
        open(&format!("file cut at {length}"), &files.database[..length], &files.log);
        open(&format!("file cut at {length}, no log"), &files.database[..length], &[]);
    }
    for length in offsets(files.log.len(), 3_571) {
        let (kept, _) = open(&format!("log cut at {length}"), &files.database, &files.log[..length]);
        assert!(kept >= FOLDED, "log cut at {length} lost the file's events: {kept} left");
    }
}

#[test]
fn a_damaged_event_is_dropped_with_all_that_follow_and_reported() {
    let files = crashed();
    let payload = numbered(140);
    let at = files.database.windows(payload.len()).position(|part| part == payload.as_bytes()).unwrap();
    // Without the log, so that the page in the file is the one that is read.
    let (kept, reported) = open("payload of 140", &flipped(&files.database, at + 20), &[]);
    assert_eq!((kept, reported), (139, true));
}

#[test]
fn a_page_that_reads_well_but_takes_no_more_events_is_found_at_opening() {
    let files = crashed();
    let last = numbered(FOLDED);
    let at = files.database.windows(last.len()).position(|part| part == last.as_bytes()).unwrap();
    // Bytes 5 and 6 of a page say where its cells begin, which only matters to a write.
    let page = at - at % 4_096;
    assert_eq!(open("start of cells", &flipped(&files.database, page + 5), &[]), (FOLDED, true));
}
