//! Work on bar files off the JavaScript thread: watched, cancelled, and settled with JSON.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use napi::bindgen_prelude::PromiseRaw;
use napi::{Env, JsDeferred, JsError, JsValue};

use crate::background;
use crate::errors::{Result, coded};

pub const CANCELLED: &str = "CANCELLED";

/// Runs on the JavaScript thread and settles a job's promise.
type Settle = Box<dyn FnOnce(Env) -> napi::Result<String> + Send>;

/// What the JavaScript thread and the working one share: two counts, and whether to go on.
#[derive(Default)]
pub struct Watch {
    cancelled: AtomicBool,
    counts: [AtomicU64; 2],
}

impl Watch {
    /// Tells how far the work is; false ends it.
    pub fn goes_on(&self, counts: [u64; 2]) -> bool {
        for (shared, count) in self.counts.iter().zip(counts) {
            shared.store(count, Ordering::Relaxed);
        }
        !self.cancelled.load(Ordering::Relaxed)
    }

    /// Ends the work soon.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// What was told last.
    pub fn counts(&self) -> [f64; 2] {
        self.counts.each_ref().map(|count| count.load(Ordering::Relaxed) as f64)
    }
}

/// Works on a thread of its own, which carries `name`.
pub fn start<'env>(
    env: &'env Env,
    name: &str,
    work: impl FnOnce() -> Result<String> + Send + 'static,
) -> napi::Result<PromiseRaw<'env, String>> {
    let (deferred, promise) = env.create_deferred::<String, Settle>()?;
    let panicked = format!("the {name} panicked");
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        background::give_way();
        // A panic would leave the promise open for ever.
        let outcome = catch_unwind(AssertUnwindSafe(work));
        settle(deferred, outcome.unwrap_or_else(|_| Err(coded("INTERNAL", panicked))));
    })?;
    Ok(PromiseRaw::new(env.raw(), promise.raw()))
}

fn settle(deferred: JsDeferred<String, Settle>, outcome: Result<String>) {
    deferred.resolve(Box::new(move |env| match outcome {
        Ok(json) => Ok(json),
        // A deferred's own errors know only the codes of Node-API: ours travels inside a ready-made error.
        Err(error) => Err(JsError::from(error).into_unknown(env).into()),
    }));
}
