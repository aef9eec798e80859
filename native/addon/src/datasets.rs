//! Bindings of bar files: import and simulation on threads of their own, list, and columns for charts.

mod columns;
mod import;
mod job;
mod simulate;

use std::path::Path;

use desk_datasets::{BarFile, BarFileError};
use napi_derive::napi;

use crate::errors::{Result, coded};

pub const DATASET_INVALID: &str = "DATASET_INVALID";
const DATA_DIR_UNWRITABLE: &str = "DATA_DIR_UNWRITABLE";
const FILE_NOT_FOUND: &str = "FILE_NOT_FOUND";

/// Reads what a bar file says about itself, as JSON. Throws FILE_NOT_FOUND, DATASET_INVALID.
#[napi(catch_unwind)]
pub fn describe_bars(path: String) -> Result<String> {
    let file = BarFile::open(Path::new(&path)).map_err(bar_file_error)?;
    to_json(file.header())
}

fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| coded("INTERNAL", error))
}

fn bar_file_error(error: BarFileError) -> napi::Error<&'static str> {
    coded(bar_file_code(&error), error)
}

/// The code of a bar file that cannot be used.
pub fn bar_file_code(error: &BarFileError) -> &'static str {
    match error {
        BarFileError::Unreadable { .. } => FILE_NOT_FOUND,
        BarFileError::Damaged { .. } => DATASET_INVALID,
    }
}
