//! The SQLite file: how it is opened, what is in it, and which of SQLite's errors mean damage.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::chain::{Head, follow, stored_head};
use crate::database_file::{beside, is_damage};
use crate::{JournalError, log_check};

/// Marks a file as a journal of ours ("NTDJ").
const APPLICATION_ID: i32 = 0x4e54_444a;
/// Opening checks this many events at the end; `verify` checks all.
const TAIL: i64 = 10_000;

/// Ends the name of the file that marks a journal as suspect.
pub const SUSPECT: &str = ".suspect";

const SCHEMA: &str = "
    CREATE TABLE event (seq INTEGER PRIMARY KEY, payload TEXT NOT NULL, hash BLOB NOT NULL) STRICT;
    CREATE TABLE recovery (
        id INTEGER PRIMARY KEY,
        dropped_events INTEGER NOT NULL,
        last_good_seq INTEGER NOT NULL,
        reason TEXT NOT NULL
    ) STRICT;";

/// What opening a file came to.
pub enum Opened {
    /// Its tail is good.
    Good(Connection, Head),
    /// It must be rebuilt; why.
    Damaged(String),
}

/// Opens the journal's only read-write connection and checks the tail. A new file gets its tables.
pub fn open(path: &Path) -> Result<Opened, JournalError> {
    if let Some(damage) = damage_in_sight(path)? {
        return Ok(Opened::Damaged(damage));
    }
    let attempt = connect(path).and_then(|connection| {
        configure(&connection)?;
        let known = prepare_tables(&connection)?;
        if known {
            probe_write(&connection)?;
        }
        Ok((connection, known))
    });
    let (connection, known) = match attempt {
        Ok(opened) => opened,
        Err(error) => return damaged_or_failed(error),
    };
    if !known {
        return Ok(Opened::Damaged("the file is not a journal of the desk".into()));
    }
    let head = match check_tail(&connection)? {
        Ok(head) => head,
        Err(reason) => return Ok(Opened::Damaged(reason)),
    };
    // From here on the log may be folded into the file on closing; until now it was evidence.
    match connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false) {
        Ok(_) => Ok(Opened::Good(connection, head)),
        Err(error) => damaged_or_failed(error),
    }
}

/// Connects without changing anything: not even closing writes.
pub fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(Duration::from_secs(2))?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

/// A second connection that can only read; it never delays an append.
pub fn connect_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(2))?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

/// Creates the tables in one transaction.
pub fn create_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!("BEGIN; PRAGMA application_id = {APPLICATION_ID}; {SCHEMA} COMMIT;"))
}

/// Remembers that a write found the file damaged: reading it may find nothing, so opening must be told.
pub fn mark_suspect(path: &Path) {
    // If this fails too, the next opening finds what this one found or the next write fails again.
    fs::write(beside(path, SUSPECT), "").ok();
}

/// Looks for damage that must be seen before SQLite touches the files.
fn damage_in_sight(path: &Path) -> Result<Option<String>, JournalError> {
    if beside(path, SUSPECT).exists() {
        return Ok(Some("an earlier write found the file damaged".to_owned()));
    }
    let size = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    if size(path) == 0 && size(&beside(path, "-wal")) > 0 {
        // SQLite would delete such a log unread.
        return Ok(Some("the database file is empty or gone but its write-ahead log is not".to_owned()));
    }
    log_check::find_damage(path).map_err(|error| JournalError::failed("opening", error))
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 1_000)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)
}

/// Creates the tables in an empty file; tells whether the file is a journal now.
fn prepare_tables(connection: &Connection) -> rusqlite::Result<bool> {
    let objects: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if objects == 0 {
        create_tables(connection)?;
    }
    let id: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(id == APPLICATION_ID)
}

// Some damage shows only when a page is changed.
fn probe_write(connection: &Connection) -> rusqlite::Result<()> {
    let insert =
        "INSERT INTO event (seq, payload, hash) SELECT coalesce(max(seq), 0) + 1, '', x'' FROM event";
    connection.execute_batch(&format!("BEGIN IMMEDIATE; {insert}; ROLLBACK;"))
}

fn check_tail(connection: &Connection) -> Result<Result<Head, String>, JournalError> {
    let start = match tail_start(connection) {
        Ok(start) => start,
        Err(error) if is_damage(&error) => {
            return Ok(Err(format!("the last event cannot be read ({error})")));
        }
        Err(error) => return Err(JournalError::failed("opening", error)),
    };
    let mut head = start;
    let found = follow(connection, &mut head, u32::MAX, |_, _| Ok(()))?;
    Ok(match found {
        None => Ok(head),
        Some(found) => Err(format!("event {}: {}", found.seq, found.reason)),
    })
}

fn tail_start(connection: &Connection) -> rusqlite::Result<Head> {
    let last: i64 = connection.query_row("SELECT coalesce(max(seq), 0) FROM event", [], |row| row.get(0))?;
    stored_head(connection, last.saturating_sub(TAIL).max(0))
}

fn damaged_or_failed(error: rusqlite::Error) -> Result<Opened, JournalError> {
    if is_damage(&error) {
        return Ok(Opened::Damaged(error.to_string()));
    }
    Err(JournalError::failed("opening", error))
}
