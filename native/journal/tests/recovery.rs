//! What opening does with what it finds, and what a full check sees that opening does not.

// The tests' own helpers stop the test too.
#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use desk_journal::{Journal, JournalError, Recovery};
use rusqlite::Connection;
use support::{Folder, append_numbered, numbered, payloads};

fn edit(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn journal_of(folder: &Folder, events: usize) {
    append_numbered(&Journal::open(&folder.journal()).unwrap(), 1, events);
}

#[test]
fn a_payload_edited_through_sql_is_found_while_open_and_recovered_at_the_next_opening() {
    let folder = Folder::new("edited");
    let journal = Journal::open(&folder.journal()).unwrap();
    append_numbered(&journal, 1, 40);
    edit(&folder.journal(), r#"UPDATE event SET payload = '{"kind":"forged"}' WHERE seq = 17"#);

    let found = journal.verify().unwrap();
    assert_eq!((found.events, found.broken_at), (16, Some(17)));
    assert!(matches!(journal.scan(0, 100), Err(JournalError::Corrupt { seq: 17, .. })));
    assert_eq!(journal.scan(0, 16).unwrap().len(), 16);
    drop(journal);

    let journal = Journal::open(&folder.journal()).unwrap();
    let Recovery { dropped_events, last_good_seq, reason } = journal.recovery().clone();
    assert_eq!((dropped_events, last_good_seq), (24, 16));
    let reason = reason.unwrap();
    assert!(reason.contains("event 17: its hash does not match"), "{reason}");
    assert!(reason.contains("journal.db.damaged-1"), "{reason}");
    assert_eq!(journal.append_and_wait(vec!["next".to_owned()]), Ok(17));
    assert_eq!(journal.verify().unwrap().broken_at, None);
}

#[test]
fn the_damaged_file_is_kept_with_everything_in_it() {
    let folder = Folder::new("kept");
    journal_of(&folder, 20);
    edit(&folder.journal(), "UPDATE event SET hash = zeroblob(32) WHERE seq = 5");
    drop(Journal::open(&folder.journal()).unwrap());
    edit(&folder.journal(), "UPDATE event SET hash = zeroblob(32) WHERE seq = 3");
    drop(Journal::open(&folder.journal()).unwrap());

    assert_eq!(folder.files(), ["journal.db", "journal.db.damaged-1", "journal.db.damaged-2"]);
    let kept = Connection::open(with_suffix(&folder.journal(), ".damaged-1")).unwrap();
    let last: String =
        kept.query_row("SELECT payload FROM event WHERE seq = 20", [], |row| row.get(0)).unwrap();
    assert_eq!(last, numbered(20));
}

#[test]
fn events_removed_from_the_middle_or_the_end_are_noticed() {
    let folder = Folder::new("removed");
    let journal = Journal::open(&folder.journal()).unwrap();
    append_numbered(&journal, 1, 30);
    edit(&folder.journal(), "DELETE FROM event WHERE seq = 30");
    assert_eq!(journal.verify().unwrap().broken_at, Some(30));
    edit(&folder.journal(), "DELETE FROM event WHERE seq = 11");
    assert_eq!(journal.verify().unwrap().broken_at, Some(11));
}

#[test]
fn a_malformed_row_ends_the_good_prefix() {
    for change in ["hash = x'00'", "payload = CAST(x'ff' AS TEXT)"] {
        let folder = Folder::new("malformed");
        journal_of(&folder, 9);
        edit(&folder.journal(), &format!("UPDATE event SET {change} WHERE seq = 8"));
        let journal = Journal::open(&folder.journal()).unwrap();
        assert_eq!((journal.last_seq(), journal.recovery().dropped_events), (7, 2), "{change}");
    }
}

#[test]
fn a_file_that_is_no_database_is_set_aside() {
    let folder = Folder::new("foreign");
    fs::write(folder.journal(), "Dear diary, ".repeat(500)).unwrap();
    let journal = Journal::open(&folder.journal()).unwrap();
    assert_eq!(journal.last_seq(), 0);
    let reason = journal.recovery().reason.clone().unwrap();
    assert!(reason.contains("file is not a database"), "{reason}");
    assert!(reason.contains("The events in it could not be counted"), "{reason}");
    let kept = fs::read_to_string(with_suffix(&folder.journal(), ".damaged-1")).unwrap();
    assert!(kept.starts_with("Dear diary"));
}

#[test]
fn a_database_of_something_else_is_set_aside() {
    let folder = Folder::new("other-database");
    edit(&folder.journal(), "CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('soup')");
    let journal = Journal::open(&folder.journal()).unwrap();
    assert!(journal.recovery().reason.clone().unwrap().contains("not a journal of the desk"));
    let kept = Connection::open(with_suffix(&folder.journal(), ".damaged-1")).unwrap();
    assert_eq!(kept.query_row("SELECT name FROM recipe", [], |row| row.get(0)), Ok("soup".to_owned()));
}

#[test]
fn a_log_without_its_file_is_set_aside() {
    let folder = Folder::new("orphan");
    fs::write(with_suffix(&folder.journal(), "-wal"), [7; 4_000]).unwrap();
    let journal = Journal::open(&folder.journal()).unwrap();
    assert!(journal.recovery().reason.is_some());
    assert!(folder.files().contains(&"journal.db.damaged-1-wal".to_owned()));
}

#[test]
fn a_recovery_that_a_crash_interrupted_is_finished() {
    let folder = Folder::new("interrupted");
    journal_of(&folder, 6);
    let report = "INSERT INTO recovery (dropped_events, last_good_seq, reason) VALUES (4, 6, 'a bad page')";
    edit(&folder.journal(), report);
    fs::rename(folder.journal(), with_suffix(&folder.journal(), ".rebuilt")).unwrap();
    fs::write(folder.journal(), "the damaged file").unwrap();
    fs::write(with_suffix(&folder.journal(), "-wal"), "its log").unwrap();

    let journal = Journal::open(&folder.journal()).unwrap();
    assert_eq!(payloads(&journal.scan(0, 10).unwrap(), 0), (1..=6).map(numbered).collect::<Vec<_>>());
    let reason = Some("a bad page".to_owned());
    assert_eq!(*journal.recovery(), Recovery { dropped_events: 4, last_good_seq: 6, reason });
    let files = folder.files();
    assert!(files.contains(&"journal.db.damaged-1".to_owned()), "{files:?}");
    assert!(files.contains(&"journal.db.damaged-1-wal".to_owned()), "{files:?}");
}

#[test]
fn a_rebuild_that_a_crash_left_unfinished_starts_over() {
    let folder = Folder::new("unfinished");
    journal_of(&folder, 6);
    fs::write(with_suffix(&folder.journal(), ".rebuilding"), "half a file").unwrap();
    let journal = Journal::open(&folder.journal()).unwrap();
    assert_eq!((journal.last_seq(), journal.recovery().reason.clone()), (6, None));
    assert!(!folder.files().contains(&"journal.db.rebuilding".to_owned()));
}

#[test]
fn damage_that_only_a_write_finds_is_recovered_at_the_next_opening() {
    let folder = Folder::new("suspect");
    let journal = Journal::open(&folder.journal()).unwrap();
    append_numbered(&journal, 1, 5);
    edit(&folder.journal(), "INSERT INTO event (seq, payload, hash) VALUES (6, 'forged', zeroblob(32))");
    let refused = journal.append_and_wait(vec!["ours".to_owned()]).unwrap_err();
    assert_eq!(refused.code(), "JOURNAL_FAILED");
    assert!(folder.files().contains(&"journal.db.suspect".to_owned()));
    drop(journal);

    let journal = Journal::open(&folder.journal()).unwrap();
    assert_eq!((journal.last_seq(), journal.recovery().dropped_events), (5, 1));
    assert_eq!(journal.append_and_wait(vec!["ours".to_owned()]), Ok(6));
    assert!(!folder.files().contains(&"journal.db.suspect".to_owned()));
}

#[test]
fn opening_a_long_journal_checks_its_tail_and_reading_checks_the_rest() {
    let folder = Folder::new("long");
    let all: Vec<String> = (1..=10_050).map(numbered).collect();
    Journal::open(&folder.journal()).unwrap().append_and_wait(all).unwrap();
    edit(&folder.journal(), "UPDATE event SET payload = 'forged' WHERE seq = 20");

    let journal = Journal::open(&folder.journal()).unwrap();
    assert_eq!(journal.recovery().reason, None);
    assert_eq!(journal.verify().unwrap().broken_at, Some(20));
    assert!(matches!(journal.scan(0, 100), Err(JournalError::Corrupt { seq: 20, .. })));
    assert_eq!(journal.scan(30, 5).unwrap().len(), 5);
}
