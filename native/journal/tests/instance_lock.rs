//! One holder at a time. That the lock ends with its process is tested from another process, over the addon.

// The tests' own helpers stop the test too.
#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
mod support;

use desk_journal::{InstanceLock, JournalError};
use support::Folder;

#[test]
fn a_second_holder_is_told_who_the_first_is() {
    let folder = Folder::new("lock");
    let path = folder.journal().with_extension("lock");
    let mut first = InstanceLock::acquire(&path, "pid 7, a long text").unwrap();
    let refused = InstanceLock::acquire(&path, "pid 8").err();
    assert_eq!(refused, Some(JournalError::Locked { holder: "pid 7, a long text".to_owned() }));
    first.release();
    first.release();
    let second = InstanceLock::acquire(&path, "pid 8").unwrap();
    let refused = InstanceLock::acquire(&path, "pid 9").err();
    assert_eq!(refused, Some(JournalError::Locked { holder: "pid 8".to_owned() }));
    drop(second);
    assert!(InstanceLock::acquire(&path, "pid 9").is_ok());
}

#[test]
fn a_lock_in_a_folder_that_is_not_there_is_refused() {
    let folder = Folder::new("lockless");
    let error = InstanceLock::acquire(&folder.journal().join("x/lock"), "pid 7").err().unwrap();
    assert_eq!(error.code(), "DATA_DIR_UNWRITABLE");
}
