//! Bindings of the journal and the instance lock.

use std::path::Path;

use desk_journal::{self as journal, JournalError};
use napi::bindgen_prelude::PromiseRaw;
use napi::{Env, JsDeferred, JsError, JsValue};
use napi_derive::napi;

use crate::errors::{INVALID_INPUT, Result, coded, journal_error};
use crate::numbers::require;

/// Runs on the JavaScript thread and settles one append's promise.
type Settle = Box<dyn FnOnce(Env) -> napi::Result<f64> + Send>;

/// A journalled event.
#[napi(object)]
pub struct JournalEvent {
    /// 1, 2, 3, … without gaps.
    pub seq: f64,
    pub payload: String,
}

/// What a full walk along the hash chain found.
#[napi(object, use_nullable = true)]
pub struct JournalVerification {
    pub ok: bool,
    /// Good events from the first on.
    pub events: f64,
    pub broken_at_seq: Option<f64>,
}

/// What opening had to give up; `reason` is null when nothing was.
#[napi(object, use_nullable = true)]
pub struct JournalRecovery {
    pub dropped_events: f64,
    pub last_good_seq: f64,
    pub reason: Option<String>,
}

/// An append-only, hash-chained store of events.
#[napi]
pub struct Journal(journal::Journal);

#[napi]
impl Journal {
    /// Opens or creates the journal; a damaged one is recovered (see `recovery`). Throws
    /// DATA_DIR_UNWRITABLE, JOURNAL_FAILED.
    #[napi(factory, catch_unwind)]
    pub fn open(path: String) -> Result<Self> {
        journal::Journal::open(Path::new(&path)).map(Self).map_err(journal_error)
    }

    /// Appends all payloads or none. Resolves with the last sequence number once it is on disk; rejects with
    /// JOURNAL_FAILED, after which nothing more can be appended.
    #[napi(catch_unwind)]
    pub fn append<'env>(&self, env: &'env Env, payloads: Vec<String>) -> napi::Result<PromiseRaw<'env, f64>> {
        let (deferred, promise) = env.create_deferred::<f64, Settle>()?;
        self.0.append(payloads, Box::new(move |result| settle(deferred, result)));
        Ok(PromiseRaw::new(env.raw(), promise.raw()))
    }

    /// Reads up to `limit` events after `afterSeq`, each checked against the chain. Throws JOURNAL_CORRUPT.
    #[napi(catch_unwind)]
    pub fn scan(&self, after_seq: f64, limit: f64) -> Result<Vec<JournalEvent>> {
        let after = count("afterSeq", after_seq)?;
        let limit = u32::try_from(count("limit", limit)?).unwrap_or(u32::MAX);
        let events = self.0.scan(after, limit).map_err(journal_error)?;
        let seen = |event: journal::Event| JournalEvent { seq: event.seq as f64, payload: event.payload };
        Ok(events.into_iter().map(seen).collect())
    }

    /// Walks the whole chain on this thread.
    #[napi(catch_unwind)]
    pub fn verify(&self) -> Result<JournalVerification> {
        let found = self.0.verify().map_err(journal_error)?;
        Ok(JournalVerification {
            ok: found.broken_at.is_none(),
            events: found.events as f64,
            broken_at_seq: found.broken_at.map(|seq| seq as f64),
        })
    }

    /// Tells what opening had to give up.
    #[napi(catch_unwind)]
    pub fn recovery(&self) -> JournalRecovery {
        let recovery = self.0.recovery();
        JournalRecovery {
            dropped_events: recovery.dropped_events as f64,
            last_good_seq: recovery.last_good_seq as f64,
            reason: recovery.reason.clone(),
        }
    }

    /// Number of the last durable event; 0 when there is none.
    #[napi(catch_unwind)]
    pub fn last_seq(&self) -> f64 {
        self.0.last_seq() as f64
    }

    /// Writes what waits and closes the file. Closing twice is fine.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.0.close();
    }
}

/// Keeps a data directory to one process.
#[napi]
pub struct InstanceLock(journal::InstanceLock);

#[napi]
impl InstanceLock {
    /// Takes the lock until it is released or the process ends in any way. Throws LOCKED, whose message is
    /// the holder's text.
    #[napi(factory, catch_unwind)]
    pub fn acquire(path: String, holder: String) -> Result<Self> {
        journal::InstanceLock::acquire(Path::new(&path), &holder).map(Self).map_err(journal_error)
    }

    /// Gives the lock up. Releasing twice is fine.
    #[napi(catch_unwind)]
    pub fn release(&mut self) {
        self.0.release();
    }
}

fn settle(deferred: JsDeferred<f64, Settle>, result: std::result::Result<i64, JournalError>) {
    deferred.resolve(Box::new(move |env| match result {
        Ok(seq) => Ok(seq as f64),
        // A deferred's own errors know only the codes of Node-API: ours travels inside a ready-made error.
        Err(error) => Err(JsError::from(journal_error(error)).into_unknown(env).into()),
    }));
}

fn count(name: &str, value: f64) -> Result<i64> {
    let whole = require(name, value)?;
    if whole >= 0 {
        return Ok(whole);
    }
    Err(coded(INVALID_INPUT, format!("{name} is {value}; it must not be negative")))
}
