//! Bindings of bar files: import on a thread of its own, list, and columns for charts.

mod columns;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use desk_datasets::{
    BarFile, BarFileError, Header, ImportError, ImportOptions, Imported, Kind, Origin, Progress, Report,
    Zone, import,
};
use napi::bindgen_prelude::PromiseRaw;
use napi::{Env, JsDeferred, JsError, JsValue};
use napi_derive::napi;

use crate::errors::{INVALID_INPUT, Result, coded};

const CANCELLED: &str = "CANCELLED";
const DATASET_INVALID: &str = "DATASET_INVALID";
const DATA_DIR_UNWRITABLE: &str = "DATA_DIR_UNWRITABLE";
const FILE_NOT_FOUND: &str = "FILE_NOT_FOUND";

/// Runs on the JavaScript thread and settles an import's promise.
type Settle = Box<dyn FnOnce(Env) -> napi::Result<String> + Send>;

/// How a source of bars is to be read.
#[napi(object, use_nullable = true)]
pub struct BarImportOptions {
    pub symbol: String,
    /// UTC, an offset or an IANA name; null where the file tells or has dates alone.
    pub time_zone: Option<String>,
    /// Kinds of problems whose rows are left out instead of refusing the file.
    pub allow: Vec<String>,
    /// "file", "broker" or "demo".
    pub origin: String,
}

/// How far an import is.
#[napi(object)]
pub struct BarImportProgress {
    pub rows: f64,
    pub bytes: f64,
}

/// One import of a CSV or Parquet file into a bar file.
#[napi]
pub struct BarImport(Arc<Watch>);

/// What the JavaScript thread and the importing one share.
#[derive(Default)]
struct Watch {
    cancelled: AtomicBool,
    rows: AtomicU64,
    bytes: AtomicU64,
}

#[napi]
impl BarImport {
    /// Prepares an import; nothing is read before `run`.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self(Arc::default())
    }

    /// Imports on a thread of its own. Resolves with JSON: a header with `kind` "written", or a report with `kind`
    /// "refused". Rejects with INVALID_INPUT, FILE_NOT_FOUND, DATASET_INVALID, DATA_DIR_UNWRITABLE, CANCELLED.
    #[napi(catch_unwind)]
    pub fn run<'env>(
        &self,
        env: &'env Env,
        source: String,
        target: String,
        options: BarImportOptions,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let (deferred, promise) = env.create_deferred::<String, Settle>()?;
        let watch = Arc::clone(&self.0);
        thread::Builder::new().name("bar import".to_owned()).spawn(move || {
            let work = || run_import(&PathBuf::from(source), &PathBuf::from(target), &options, &watch);
            // A panic would leave the promise open for ever.
            let outcome = catch_unwind(AssertUnwindSafe(work));
            settle(deferred, outcome.unwrap_or_else(|_| Err(coded("INTERNAL", "the import panicked"))));
        })?;
        Ok(PromiseRaw::new(env.raw(), promise.raw()))
    }

    /// Ends the import soon; its promise rejects with CANCELLED.
    #[napi]
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    /// How far it is; free to ask at any rate.
    #[napi]
    pub fn progress(&self) -> BarImportProgress {
        BarImportProgress {
            rows: self.0.rows.load(Ordering::Relaxed) as f64,
            bytes: self.0.bytes.load(Ordering::Relaxed) as f64,
        }
    }
}

/// Reads what a bar file says about itself, as JSON. Throws FILE_NOT_FOUND, DATASET_INVALID.
#[napi(catch_unwind)]
pub fn describe_bars(path: String) -> Result<String> {
    let file = BarFile::open(Path::new(&path)).map_err(bar_file_error)?;
    to_json(file.header())
}

fn run_import(source: &Path, target: &Path, options: &BarImportOptions, watch: &Watch) -> Result<String> {
    let options = parse_options(options)?;
    let imported =
        import(source, target, &options, |progress| watch.goes_on(progress)).map_err(import_error)?;
    to_json(&match imported {
        Imported::Written(header) => Outcome::Written { header },
        Imported::Refused { report, bars } => Outcome::Refused { report, bars },
    })
}

impl Watch {
    fn goes_on(&self, progress: Progress) -> bool {
        self.rows.store(progress.rows, Ordering::Relaxed);
        self.bytes.store(progress.bytes, Ordering::Relaxed);
        !self.cancelled.load(Ordering::Relaxed)
    }
}

#[derive(serde::Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Outcome {
    Written { header: Box<Header> },
    Refused { report: Report, bars: u64 },
}

fn parse_options(options: &BarImportOptions) -> Result<ImportOptions> {
    let zone = options.time_zone.as_deref().map(Zone::parse).transpose();
    let kind = |name: &String| {
        let known = Kind::parse(name).filter(|kind| kind.refuses());
        known.ok_or_else(|| coded(INVALID_INPUT, format!("\"{name}\" is no problem that can be allowed")))
    };
    Ok(ImportOptions {
        symbol: options.symbol.clone(),
        zone: zone.map_err(|error| coded(INVALID_INPUT, error))?,
        allow: options.allow.iter().map(kind).collect::<Result<BTreeSet<_>>>()?,
        origin: match options.origin.as_str() {
            "file" => Origin::File,
            "broker" => Origin::Broker,
            "demo" => Origin::Demo,
            other => {
                return Err(coded(
                    INVALID_INPUT,
                    format!("origin is \"{other}\"; it must be file, broker or demo"),
                ));
            }
        },
    })
}

fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| coded("INTERNAL", error))
}

fn import_error(error: ImportError) -> napi::Error<&'static str> {
    let code = match error {
        ImportError::Unreadable { .. } => FILE_NOT_FOUND,
        ImportError::Unwritable { .. } => DATA_DIR_UNWRITABLE,
        ImportError::Cancelled => CANCELLED,
        _ => DATASET_INVALID,
    };
    coded(code, error)
}

fn bar_file_error(error: BarFileError) -> napi::Error<&'static str> {
    let code = match error {
        BarFileError::Unreadable { .. } => FILE_NOT_FOUND,
        BarFileError::Damaged { .. } => DATASET_INVALID,
    };
    coded(code, error)
}

fn settle(deferred: JsDeferred<String, Settle>, outcome: Result<String>) {
    deferred.resolve(Box::new(move |env| match outcome {
        Ok(json) => Ok(json),
        // A deferred's own errors know only the codes of Node-API: ours travels inside a ready-made error.
        Err(error) => Err(JsError::from(error).into_unknown(env).into()),
    }));
}
