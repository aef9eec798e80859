//! Append-only, hash-chained event store on SQLite, and the lock that keeps it to one process.
//!
//! What a caller may rely on:
//! - An acknowledged append is on disk (write-ahead log, `synchronous = FULL`); one append is all or nothing.
//! - Events are numbered 1, 2, 3, … without gaps. Each carries
//!   `sha256(previous hash || number as 8 big-endian bytes || payload)`; nothing is returned unverified.
//! - Opening never fails on a damaged file: the longest good prefix is kept, the damaged file is set aside
//!   as `<name>.damaged-<n>`, and [`Journal::recovery`] tells.
//! - A failed write poisons the journal: the process must open it again, because what is on disk is not known.
//!
//! What it cannot tell: an intact prefix looks like a whole journal. If the newest part of the file or of its
//! log is cut off cleanly, the events in it are gone without a trace.

mod chain;
mod database_file;
mod error;
mod instance_lock;
mod journal;
mod log_check;
mod recover;
mod store;
mod writer;

pub use chain::Event;
pub use error::JournalError;
pub use instance_lock::InstanceLock;
pub use journal::{Journal, Verification};
pub use recover::Recovery;
