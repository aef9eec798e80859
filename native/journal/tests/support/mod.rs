//! Folders and journals for the tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use desk_journal::{Event, Journal};

/// An empty folder inside the build, removed when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let unique = format!("{name}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(unique);
        fs::remove_dir_all(&path).ok();
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn journal(&self) -> PathBuf {
        self.0.join("journal.db")
    }

    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Events as they come out: their payloads, with the numbering checked.
pub fn payloads(events: &[Event], after: i64) -> Vec<String> {
    for (at, event) in events.iter().enumerate() {
        assert_eq!(event.seq, after + 1 + i64::try_from(at).unwrap());
    }
    events.iter().map(|event| event.payload.clone()).collect()
}

/// The payload of event `seq` wherever a test writes many.
pub fn numbered(seq: usize) -> String {
    format!(r#"{{"kind":"test","seq":{seq},"pad":"{}"}}"#, "p".repeat(seq % 97))
}

/// Appends the numbered payloads `from..=to` in a few groups.
pub fn append_numbered(journal: &Journal, from: usize, to: usize) {
    let all: Vec<String> = (from..=to).map(numbered).collect();
    for group in all.chunks(7) {
        journal.append_and_wait(group.to_vec()).unwrap();
    }
}
