//! The hash chain, and the walk along it.

use rusqlite::{Connection, Row, params};
use sha2::{Digest, Sha256};

use crate::JournalError;
use crate::database_file::is_damage;

/// Links an event to everything before it.
pub type Hash = [u8; 32];

/// A journalled event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// 1, 2, 3, …
    pub seq: i64,
    /// As appended.
    pub payload: String,
}

/// The end of a verified stretch of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Head {
    /// Number of the last event; 0 before the first.
    pub seq: i64,
    /// Hash of the last event; zeros before the first.
    pub hash: Hash,
}

impl Head {
    /// The head after one more event.
    pub fn after(&self, payload: &str) -> Self {
        let seq = self.seq + 1;
        let mut hasher = Sha256::new();
        hasher.update(self.hash);
        hasher.update(seq.to_be_bytes());
        hasher.update(payload.as_bytes());
        Self { seq, hash: hasher.finalize().into() }
    }
}

/// Where and why the chain ends early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The first event that cannot be trusted.
    pub seq: i64,
    /// What is wrong with it.
    pub reason: String,
}

/// Follows the chain from `head`, at most `limit` events, moving `head` along and showing each good event to
/// `visit`. Stops at the first event that is out of place, malformed, unreadable or wrongly hashed.
pub fn follow(
    connection: &Connection,
    head: &mut Head,
    limit: u32,
    mut visit: impl FnMut(&Head, &str) -> Result<(), JournalError>,
) -> Result<Option<Break>, JournalError> {
    let sql = "SELECT seq, payload, hash FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    let mut statement = match connection.prepare(sql) {
        Ok(statement) => statement,
        Err(error) => return unreadable(head, error),
    };
    // A negative limit is no limit.
    let limit = if limit == u32::MAX { -1 } else { i64::from(limit) };
    let mut rows = match statement.query(params![head.seq, limit]) {
        Ok(rows) => rows,
        Err(error) => return unreadable(head, error),
    };
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(None),
            Err(error) => return unreadable(head, error),
        };
        match check(row, head) {
            Ok((next, payload)) => {
                visit(&next, payload)?;
                *head = next;
            }
            Err(reason) => return Ok(Some(broken(head, reason))),
        }
    }
}

/// The head at a stored event, taken on trust: whoever follows from it checks only what comes after.
pub fn stored_head(connection: &Connection, seq: i64) -> rusqlite::Result<Head> {
    if seq == 0 {
        return Ok(Head::default());
    }
    let hash = connection.query_row("SELECT hash FROM event WHERE seq = ?1", [seq], |row| row.get(0))?;
    Ok(Head { seq, hash })
}

fn check<'row>(row: &'row Row<'_>, head: &Head) -> Result<(Head, &'row str), String> {
    let malformed = |error: &dyn std::fmt::Display| format!("it is malformed ({error})");
    let seq: i64 = row.get(0).map_err(|error| malformed(&error))?;
    if seq != head.seq + 1 {
        return Err(format!("it is missing; the next one is {seq}"));
    }
    let payload = row.get_ref(1).map_err(|error| malformed(&error))?;
    let payload = payload.as_str().map_err(|error| malformed(&error))?;
    let stored: Hash = row.get(2).map_err(|error| malformed(&error))?;
    let next = head.after(payload);
    if next.hash == stored { Ok((next, payload)) } else { Err("its hash does not match".to_owned()) }
}

fn unreadable(head: &Head, error: rusqlite::Error) -> Result<Option<Break>, JournalError> {
    if is_damage(&error) {
        return Ok(Some(broken(head, format!("it cannot be read ({error})"))));
    }
    Err(JournalError::failed("reading", error))
}

fn broken(head: &Head, reason: String) -> Break {
    Break { seq: head.seq + 1, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_is_sha256_of_previous_hash_then_number_then_payload() {
        // printf '\0%.0s' {1..32} | cat - <(printf '\0\0\0\0\0\0\0\1{"kind":"HostStopped"}') | sha256sum
        let head = Head::default().after(r#"{"kind":"HostStopped"}"#);
        let hex: String = head.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(head.seq, 1);
        assert_eq!(hex, "95a61bd3f0e63b8c731d37b44801119875e7c3326611e5390ffe65cd5872a027");
    }
}
