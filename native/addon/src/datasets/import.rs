//! Import of a CSV or Parquet file.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use desk_datasets::{
    Header, ImportError, ImportOptions, Imported, Kind, Origin, Progress, Report, Zone, import,
};
use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use super::job::{self, CANCELLED, Watch};
use super::{DATA_DIR_UNWRITABLE, DATASET_INVALID, FILE_NOT_FOUND, to_json};
use crate::errors::{INVALID_INPUT, Result, coded};

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
        let watch = Arc::clone(&self.0);
        job::start(env, "bar import", move || run(source.as_ref(), target.as_ref(), &options, &watch))
    }

    /// Ends the import soon; its promise rejects with CANCELLED.
    #[napi]
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// How far it is; free to ask at any rate.
    #[napi]
    pub fn progress(&self) -> BarImportProgress {
        let [rows, bytes] = self.0.counts();
        BarImportProgress { rows, bytes }
    }
}

#[derive(serde::Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Outcome {
    Written { header: Box<Header> },
    Refused { report: Report, bars: u64 },
}

fn run(source: &Path, target: &Path, options: &BarImportOptions, watch: &Watch) -> Result<String> {
    let options = parse_options(options)?;
    let go_on = |Progress { rows, bytes }| watch.goes_on([rows, bytes]);
    to_json(&match import(source, target, &options, go_on).map_err(import_error)? {
        Imported::Written(header) => Outcome::Written { header },
        Imported::Refused { report, bars } => Outcome::Refused { report, bars },
    })
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

fn import_error(error: ImportError) -> napi::Error<&'static str> {
    let code = match error {
        ImportError::Unreadable { .. } => FILE_NOT_FOUND,
        ImportError::Unwritable { .. } => DATA_DIR_UNWRITABLE,
        ImportError::Cancelled => CANCELLED,
        _ => DATASET_INVALID,
    };
    coded(code, error)
}
