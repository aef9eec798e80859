//! Bar files for backtests: what is imported, what was wrong with it, and how it is read again.
//! Everything streams: memory does not grow with a file.

mod bar_file;
mod calendar;
mod check;
mod continuity;
mod csv_rows;
mod import;
mod parquet_rows;
mod report;
mod row;
mod stamp;
mod write;

pub use bar_file::{BarFile, BarFileError, Bars, Details, Header, Origin};
pub use import::{ImportError, ImportOptions, Imported, Progress, import};
pub use report::{Finding, Kind, Problem, Report};
pub use stamp::{UnknownZone, Zone};
