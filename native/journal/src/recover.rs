//! Rebuilds a damaged journal from its longest good prefix and sets the damaged file aside.
//!
//! Safe against a crash at any point: the new file is complete and on disk as `<name>.rebuilt` before the
//! damaged one is touched, and a rebuilt file that is found at opening is put in place first.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use crate::JournalError;
use crate::chain::{Head, follow};
use crate::database_file::{beside, is_damage};
use crate::store::{SUSPECT, connect, create_tables};

/// What opening had to give up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// Events after the last good one that were found and not kept. What could not be found is not counted.
    pub dropped_events: i64,
    /// The last event that is kept.
    pub last_good_seq: i64,
    /// What was wrong and where the damaged file is; `None` when nothing was.
    pub reason: Option<String>,
}

/// Puts a rebuilt journal in place that a crash left waiting, and removes an unfinished one.
pub fn finish_interrupted(path: &Path) -> Result<Option<Recovery>, JournalError> {
    remove_if_there(&beside(path, ".rebuilding")).map_err(failed)?;
    let rebuilt = beside(path, ".rebuilt");
    if !rebuilt.exists() {
        return Ok(None);
    }
    let recovery = connect(&rebuilt).and_then(|connection| read_report(&connection)).map_err(failed)?;
    put_in_place(path).map_err(failed)?;
    Ok(Some(recovery))
}

/// Replaces the journal by its longest good prefix.
pub fn rebuild(path: &Path, damage: &str) -> Result<Recovery, JournalError> {
    let (rebuilding, rebuilt) = (beside(path, ".rebuilding"), beside(path, ".rebuilt"));
    let kept = damaged_name(path);
    let recovery = copy_good_prefix(path, &rebuilding, damage, &kept)?;
    File::open(&rebuilding).and_then(|file| file.sync_all()).map_err(failed)?;
    fs::rename(&rebuilding, &rebuilt).map_err(failed)?;
    sync_folder(path);
    put_in_place(path).map_err(failed)?;
    Ok(recovery)
}

fn copy_good_prefix(path: &Path, to: &Path, damage: &str, kept: &Path) -> Result<Recovery, JournalError> {
    let target = connect(to).map_err(failed)?;
    // The copy is worthless until it is complete, so it is synced once at the end instead.
    target.pragma_update(None, "journal_mode", "OFF").map_err(failed)?;
    target.pragma_update(None, "synchronous", "OFF").map_err(failed)?;
    create_tables(&target).map_err(failed)?;
    target.execute_batch("BEGIN").map_err(failed)?;
    let (head, dropped) = salvage(path, &target)?;
    let unknown = if dropped.is_none() { " The events in it could not be counted." } else { "" };
    let recovery = Recovery {
        dropped_events: dropped.unwrap_or(0),
        last_good_seq: head.seq,
        reason: Some(format!("{damage}. The damaged file is kept as {}.{unknown}", kept.display())),
    };
    write_report(&target, &recovery).map_err(failed)?;
    target.execute_batch("COMMIT").map_err(failed)?;
    target.close().map_err(|(_, error)| failed(error))?;
    Ok(recovery)
}

/// Copies the events that can be trusted; returns the last of them and how many follow it.
fn salvage(path: &Path, target: &Connection) -> Result<(Head, Option<i64>), JournalError> {
    let mut head = Head::default();
    if fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        return Ok((head, None));
    }
    let source = match connect(path).and_then(allow_truncated) {
        Ok(source) => source,
        Err(error) if is_damage(&error) => return Ok((head, None)),
        Err(error) => return Err(failed(error)),
    };
    let mut insert =
        target.prepare("INSERT INTO event (seq, payload, hash) VALUES (?1, ?2, ?3)").map_err(failed)?;
    follow(&source, &mut head, u32::MAX, |next, payload| {
        insert.execute(params![next.seq, payload, next.hash]).map(|_| ()).map_err(failed)
    })?;
    let count = "SELECT count(*) FROM event WHERE seq > ?1";
    let dropped = source.query_row(count, [head.seq], |row| row.get(0)).ok();
    Ok((head, dropped))
}

// SQLite otherwise reads nothing at all from a file that is shorter than its header says.
fn allow_truncated(connection: Connection) -> rusqlite::Result<Connection> {
    connection.pragma_update(None, "writable_schema", true)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn write_report(connection: &Connection, recovery: &Recovery) -> rusqlite::Result<()> {
    let sql = "INSERT INTO recovery (dropped_events, last_good_seq, reason) VALUES (?1, ?2, ?3)";
    let values = params![recovery.dropped_events, recovery.last_good_seq, recovery.reason];
    connection.execute(sql, values).map(|_| ())
}

fn read_report(connection: &Connection) -> rusqlite::Result<Recovery> {
    let sql = "SELECT dropped_events, last_good_seq, reason FROM recovery ORDER BY id DESC LIMIT 1";
    connection.query_row(sql, [], |row| {
        Ok(Recovery { dropped_events: row.get(0)?, last_good_seq: row.get(1)?, reason: row.get(2)? })
    })
}

/// Moves the damaged file and its log aside, then the rebuilt one in.
fn put_in_place(path: &Path) -> io::Result<()> {
    let kept = damaged_name(path);
    let log = beside(path, "-wal");
    if fs::metadata(&log).is_ok_and(|file| file.len() == 0) {
        fs::remove_file(&log)?;
    }
    rename_if_there(path, &kept)?;
    rename_if_there(&log, &beside(&kept, "-wal"))?;
    remove_if_there(&beside(path, "-shm"))?;
    fs::rename(beside(path, ".rebuilt"), path)?;
    remove_if_there(&beside(path, SUSPECT))?;
    sync_folder(path);
    Ok(())
}

fn damaged_name(path: &Path) -> PathBuf {
    let mut number = 1;
    loop {
        let name = beside(path, &format!(".damaged-{number}"));
        if !name.exists() && !beside(&name, "-wal").exists() {
            return name;
        }
        number += 1;
    }
}

// Where folders cannot be opened as files, the file system orders renames itself.
fn sync_folder(path: &Path) {
    if let Some(Ok(folder)) = path.parent().map(File::open) {
        folder.sync_all().ok();
    }
}

fn rename_if_there(from: &Path, to: &Path) -> io::Result<()> {
    ignore_missing(fs::rename(from, to))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    ignore_missing(fs::remove_file(path))
}

fn ignore_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn failed(cause: impl std::fmt::Display) -> JournalError {
    JournalError::failed("recovering", cause)
}
