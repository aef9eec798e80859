//! What an append promises.

// The tests' own helpers stop the test too.
#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use std::sync::mpsc::channel;
use std::{fs, thread};

use desk_journal::{Journal, JournalError};
use support::{Folder, append_numbered, numbered, payloads};

fn text(payloads: &[&str]) -> Vec<String> {
    payloads.iter().map(|payload| (*payload).to_owned()).collect()
}

#[test]
fn events_come_back_in_order_with_their_exact_payloads() {
    let folder = Folder::new("order");
    let journal = Journal::open(&folder.journal()).unwrap();
    assert_eq!(journal.last_seq(), 0);
    assert_eq!(journal.append_and_wait(text(&["", "a\0b", "\u{1F4B8}\r\n'\""])), Ok(3));
    assert_eq!(journal.append_and_wait(text(&["d"])), Ok(4));
    assert_eq!(payloads(&journal.scan(0, 10).unwrap(), 0), ["", "a\0b", "\u{1F4B8}\r\n'\"", "d"]);
    assert_eq!(payloads(&journal.scan(1, 2).unwrap(), 1), ["a\0b", "\u{1F4B8}\r\n'\""]);
    assert_eq!(journal.scan(4, 10), Ok(vec![]));
    assert_eq!(journal.scan(99, 10), Ok(vec![]));
    assert_eq!(journal.scan(0, 0), Ok(vec![]));
}

#[test]
fn an_empty_append_is_answered_after_everything_before_it() {
    let folder = Folder::new("empty");
    let journal = Journal::open(&folder.journal()).unwrap();
    journal.append(text(&["a", "b"]), Box::new(|result| assert_eq!(result, Ok(2))));
    assert_eq!(journal.append_and_wait(vec![]), Ok(2));
}

#[test]
fn many_callers_get_different_numbers_and_every_append_stays_together() {
    let folder = Folder::new("callers");
    let journal = Journal::open(&folder.journal()).unwrap();
    thread::scope(|scope| {
        for caller in 0..8 {
            let journal = &journal;
            scope.spawn(move || {
                for round in 0..50 {
                    let pair = [format!("{caller}/{round}/first"), format!("{caller}/{round}/second")];
                    let last = journal.append_and_wait(pair.to_vec()).unwrap();
                    assert_eq!(payloads(&journal.scan(last - 2, 2).unwrap(), last - 2), pair);
                }
            });
        }
    });
    let found = journal.verify().unwrap();
    assert_eq!((found.events, found.broken_at, journal.last_seq()), (800, None, 800));
}

#[test]
fn a_reopened_journal_continues_the_chain() {
    let folder = Folder::new("reopen");
    for round in 0..3 {
        let journal = Journal::open(&folder.journal()).unwrap();
        assert_eq!(journal.recovery().reason, None);
        assert_eq!(journal.recovery().last_good_seq, i64::try_from(round * 10).unwrap());
        append_numbered(&journal, round * 10 + 1, round * 10 + 10);
    }
    let journal = Journal::open(&folder.journal()).unwrap();
    let all: Vec<String> = (1..=30).map(numbered).collect();
    assert_eq!(payloads(&journal.scan(0, 100).unwrap(), 0), all);
    assert_eq!(journal.verify().unwrap().broken_at, None);
}

#[test]
fn closing_writes_and_answers_what_waits_and_folds_the_log_into_the_file() {
    let folder = Folder::new("close");
    let journal = Journal::open(&folder.journal()).unwrap();
    let (sender, answers) = channel();
    for _ in 0..500 {
        let sender = sender.clone();
        journal.append(text(&["waits"]), Box::new(move |result| sender.send(result).unwrap()));
    }
    journal.close();
    let answered: Vec<_> = answers.try_iter().collect();
    assert_eq!(answered.len(), 500);
    assert!(answered.iter().all(Result::is_ok));
    assert_eq!(folder.files(), ["journal.db"]);
    assert_eq!(Journal::open(&folder.journal()).unwrap().last_seq(), 500);
}

#[test]
fn a_closed_journal_refuses_everything() {
    let folder = Folder::new("closed");
    let journal = Journal::open(&folder.journal()).unwrap();
    append_numbered(&journal, 1, 3);
    journal.close();
    journal.close();
    let refused = [
        journal.append_and_wait(text(&["late"])).unwrap_err(),
        journal.scan(0, 1).unwrap_err(),
        journal.scan(3, 1).unwrap_err(),
        journal.verify().unwrap_err(),
    ];
    assert!(refused.iter().all(|error| error.code() == "JOURNAL_FAILED"));
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = Folder::new("unwritable");
    let file = folder.journal();
    fs::write(&file, "a file, not a folder").unwrap();
    for path in [file.join("journal.db"), folder.journal().with_file_name("missing").join("journal.db")] {
        let error = Journal::open(&path).err().unwrap();
        assert_eq!(error.code(), "DATA_DIR_UNWRITABLE");
        assert!(matches!(error, JournalError::Unwritable { folder, .. } if Some(&*folder) == path.parent()));
    }
}
