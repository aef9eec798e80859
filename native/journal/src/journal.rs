//! The journal as its users see it.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::JournalError;
use crate::chain::{Event, Head, follow, stored_head};
use crate::database_file::beside;
use crate::recover::{Recovery, finish_interrupted, rebuild};
use crate::store::{Opened, connect_reader, mark_suspect, open};
use crate::writer::{self, Append, Done, Writer};

/// What a full walk along the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Good events from the first on.
    pub events: i64,
    /// The first event that cannot be trusted, if there is one.
    pub broken_at: Option<i64>,
}

/// An open journal. One process at a time may have it open: see [`crate::InstanceLock`].
pub struct Journal {
    running: Mutex<Option<Running>>,
    last_seq: Arc<AtomicI64>,
    recovery: Recovery,
}

struct Running {
    reader: Connection,
    writer: Writer,
}

impl Journal {
    /// Opens the journal at `path`, creating it or recovering it where needed. Checks the last 10,000 events.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        probe_folder(path)?;
        let finished = finish_interrupted(path)?;
        let (connection, head, recovered) = match open(path)? {
            Opened::Good(connection, head) => (connection, head, None),
            Opened::Damaged(damage) => open_rebuilt(path, &damage)?,
        };
        let recovery =
            recovered.or(finished).unwrap_or(Recovery { last_good_seq: head.seq, ..Recovery::default() });
        let reader = connect_reader(path).map_err(|error| JournalError::failed("opening", error))?;
        let last_seq = Arc::new(AtomicI64::new(head.seq));
        let suspect = path.to_owned();
        let mark = move || mark_suspect(&suspect);
        let writer = writer::start(connection, head, Arc::clone(&last_seq), mark)?;
        Ok(Self { running: Mutex::new(Some(Running { reader, writer })), last_seq, recovery })
    }

    /// Queues one atomic append and returns at once; `done` is called on the writer's thread.
    pub fn append(&self, payloads: Vec<String>, done: Done) {
        let append = Append::new(payloads, done);
        if let Some(running) = self.lock().as_ref() {
            // A refused append comes back inside the error and answers when it is dropped.
            running.writer.sender.send(append).ok();
        }
    }

    /// Appends and waits until it is durable. Returns the number of the last event.
    pub fn append_and_wait(&self, payloads: Vec<String>) -> Result<i64, JournalError> {
        let (sender, receiver) = channel();
        self.append(payloads, Box::new(move |result| drop(sender.send(result))));
        receiver.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// Reads up to `limit` events after number `after`, each checked against the chain.
    pub fn scan(&self, after: i64, limit: u32) -> Result<Vec<Event>, JournalError> {
        let running = self.lock();
        let reader = &running.as_ref().ok_or_else(closed)?.reader;
        if after >= self.last_seq() {
            return Ok(Vec::new());
        }
        let mut head = stored_head(reader, after)
            .map_err(|error| JournalError::Corrupt { seq: after, reason: error.to_string() })?;
        let mut events = Vec::new();
        let found = follow(reader, &mut head, limit, |next, payload| {
            events.push(Event { seq: next.seq, payload: payload.to_owned() });
            Ok(())
        })?;
        match found {
            None => Ok(events),
            Some(found) => Err(JournalError::Corrupt { seq: found.seq, reason: found.reason }),
        }
    }

    /// Walks the whole chain, and checks that it reaches the last acknowledged event.
    pub fn verify(&self) -> Result<Verification, JournalError> {
        let acknowledged = self.last_seq();
        let running = self.lock();
        let reader = &running.as_ref().ok_or_else(closed)?.reader;
        let mut head = Head::default();
        let found = follow(reader, &mut head, u32::MAX, |_, _| Ok(()))?;
        let broken_at = found.map(|found| found.seq);
        let short = (head.seq < acknowledged).then_some(head.seq + 1);
        Ok(Verification { events: head.seq, broken_at: broken_at.or(short) })
    }

    /// What opening had to give up; `reason` is `None` when nothing was.
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// Number of the last durable event; 0 when there is none.
    pub fn last_seq(&self) -> i64 {
        self.last_seq.load(Ordering::Acquire)
    }

    /// Writes what waits, answers it and closes the file. Later calls fail; closing twice is fine.
    pub fn close(&self) {
        let Some(Running { reader, writer }) = self.lock().take() else { return };
        // The writer closes last, so that it is the one to fold the log into the file.
        drop(reader);
        drop(writer.sender);
        writer.thread.join().ok();
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.close();
    }
}

fn open_rebuilt(path: &Path, damage: &str) -> Result<(Connection, Head, Option<Recovery>), JournalError> {
    let recovery = rebuild(path, damage)?;
    match open(path)? {
        Opened::Good(connection, head) => Ok((connection, head, Some(recovery))),
        Opened::Damaged(reason) => Err(JournalError::Corrupt { seq: recovery.last_good_seq + 1, reason }),
    }
}

fn probe_folder(path: &Path) -> Result<(), JournalError> {
    let probe = beside(path, ".probe");
    let tried = OpenOptions::new().write(true).create(true).truncate(true).open(&probe);
    tried.and_then(|_| fs::remove_file(&probe)).map_err(|error| JournalError::Unwritable {
        folder: path.parent().map_or_else(PathBuf::new, Path::to_owned),
        reason: error.to_string(),
    })
}

fn closed() -> JournalError {
    JournalError::Failed { reason: "it is closed".to_owned() }
}
