//! The writer thread: collects what waits, commits it in one transaction, then answers everyone.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use rusqlite::{Connection, params};

use crate::JournalError;
use crate::chain::Head;
use crate::database_file::is_damage;

/// A commit takes what waits, up to this many events; a larger append is still committed as one.
const GROUP: usize = 256;

/// Receives the number of the append's last event once it is durable, or why it is not.
pub type Done = Box<dyn FnOnce(Result<i64, JournalError>) + Send>;

/// Payloads on their way to the disk. Answers even if it is dropped unwritten.
pub struct Append {
    payloads: Vec<String>,
    done: Option<Done>,
}

impl Append {
    /// Wraps the payloads of one atomic append.
    pub fn new(payloads: Vec<String>, done: Done) -> Self {
        Self { payloads, done: Some(done) }
    }

    fn answer(mut self, result: Result<i64, JournalError>) {
        if let Some(done) = self.done.take() {
            done(result);
        }
    }
}

impl Drop for Append {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            done(Err(JournalError::Failed { reason: "it is closed".to_owned() }));
        }
    }
}

/// The running thread. Dropping the sender lets it write what waits and end.
pub struct Writer {
    /// Where appends go.
    pub sender: Sender<Append>,
    /// Ends when the last sender is gone.
    pub thread: JoinHandle<()>,
}

/// Starts the thread. `last_seq` follows what is durable; `found_damage` is called when a write finds some.
pub fn start(
    connection: Connection,
    head: Head,
    last_seq: Arc<AtomicI64>,
    found_damage: impl Fn() + Send + 'static,
) -> Result<Writer, JournalError> {
    let (sender, receiver) = channel();
    let thread = thread::Builder::new()
        .name("journal".to_owned())
        .spawn(move || run(&connection, head, &last_seq, &receiver, &found_damage))
        .map_err(|error| JournalError::failed("starting the writer", error))?;
    Ok(Writer { sender, thread })
}

fn run(
    connection: &Connection,
    mut head: Head,
    last_seq: &AtomicI64,
    receiver: &Receiver<Append>,
    found_damage: &impl Fn(),
) {
    let mut poison = None;
    while let Ok(first) = receiver.recv() {
        let group = collect(first, receiver);
        let written = match &poison {
            Some(error) => Err(JournalError::clone(error)),
            None => write(connection, head, &group).map_err(|error| {
                if is_damage(&error) {
                    found_damage();
                }
                failed(error)
            }),
        };
        match written {
            Ok(ends) => {
                head = ends.last().copied().unwrap_or(head);
                last_seq.store(head.seq, Ordering::Release);
                group.into_iter().zip(ends).for_each(|(append, end)| append.answer(Ok(end.seq)));
            }
            Err(error) => {
                group.into_iter().for_each(|append| append.answer(Err(error.clone())));
                poison = Some(error);
            }
        }
    }
}

fn collect(first: Append, receiver: &Receiver<Append>) -> Vec<Append> {
    let mut events = first.payloads.len();
    let mut group = vec![first];
    while events < GROUP {
        let Ok(append) = receiver.try_recv() else { break };
        events += append.payloads.len();
        group.push(append);
    }
    group
}

/// Writes a group in one transaction; returns the head after each append.
fn write(connection: &Connection, mut head: Head, group: &[Append]) -> rusqlite::Result<Vec<Head>> {
    let transaction = connection.unchecked_transaction()?;
    let mut insert =
        transaction.prepare_cached("INSERT INTO event (seq, payload, hash) VALUES (?1, ?2, ?3)")?;
    let mut ends = Vec::with_capacity(group.len());
    for append in group {
        for payload in &append.payloads {
            head = head.after(payload);
            insert.execute(params![head.seq, payload, head.hash])?;
        }
        ends.push(head);
    }
    drop(insert);
    transaction.commit()?;
    Ok(ends)
}

fn failed(cause: impl std::fmt::Display) -> JournalError {
    let cause = format!("{cause}. Nothing more is written until the desk is restarted");
    JournalError::failed("writing", cause)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    struct Started {
        writer: Writer,
        last_seq: Arc<AtomicI64>,
        damaged: Arc<AtomicBool>,
    }

    /// A writer on a database in memory, changed by `setup` to make writes fail.
    fn started(setup: &str) -> Started {
        let connection = Connection::open_in_memory().unwrap();
        crate::store::create_tables(&connection).unwrap();
        connection.execute_batch(setup).unwrap();
        let (last_seq, damaged) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
        let found = Arc::clone(&damaged);
        let mark = move || found.store(true, Ordering::Release);
        let writer = start(connection, Head::default(), Arc::clone(&last_seq), mark).unwrap();
        Started { writer, last_seq, damaged }
    }

    fn ask(writer: &Writer, payload: String) -> Result<i64, JournalError> {
        let (sender, receiver) = channel();
        let done = Box::new(move |result| sender.send(result).unwrap());
        writer.sender.send(Append::new(vec![payload], done)).unwrap();
        receiver.recv().unwrap()
    }

    #[test]
    fn after_a_failed_write_everything_is_refused_until_it_is_opened_again() {
        let Started { writer, last_seq, damaged } = started("PRAGMA max_page_count = 10");
        assert_eq!(ask(&writer, "fits".to_owned()), Ok(1));
        let full = ask(&writer, "x".repeat(100_000)).unwrap_err();
        assert_eq!(full.code(), "JOURNAL_FAILED");
        assert!(full.to_string().contains("full"), "{full}");
        assert_eq!(ask(&writer, "would fit".to_owned()), Err(full));
        assert_eq!(last_seq.load(Ordering::Acquire), 1);
        assert!(!damaged.load(Ordering::Acquire), "a full disk is no damage");
        drop(writer.sender);
        writer.thread.join().unwrap();
    }

    #[test]
    fn damage_found_by_a_write_is_told() {
        let forged = "INSERT INTO event (seq, payload, hash) VALUES (2, 'forged', zeroblob(32))";
        let Started { writer, damaged, .. } = started(forged);
        assert_eq!(ask(&writer, "first".to_owned()), Ok(1));
        assert_eq!(ask(&writer, "second".to_owned()).unwrap_err().code(), "JOURNAL_FAILED");
        assert!(damaged.load(Ordering::Acquire));
    }

    #[test]
    fn an_append_that_is_never_written_is_answered() {
        let (sender, receiver) = channel();
        drop(Append::new(vec![], Box::new(move |result| sender.send(result).unwrap())));
        assert_eq!(receiver.recv().unwrap().unwrap_err().code(), "JOURNAL_FAILED");
    }
}
