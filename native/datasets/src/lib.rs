//! Bar files for backtests: what is imported or simulated, what was wrong with it, and how it is read again.
//! Everything streams: memory does not grow with a file.

mod bar_file;
mod bar_records;
mod calendar;
mod calibration;
mod check;
mod continuity;
mod csv_rows;
mod digest;
mod import;
mod import_error;
mod parquet_rows;
mod report;
mod row;
mod simulate;
mod simulation_plan;
mod stamp;
mod write;

pub use bar_file::{BarFile, BarFileError, Details, Header, Origin};
pub use bar_records::Bars;
pub use calibration::{Calibration, FEWEST_DAYS, Measured};
pub use import::{ImportOptions, Imported, Progress, import};
pub use import_error::ImportError;
pub use report::{Finding, Kind, Problem, Report};
pub use simulate::{SimulateError, Simulated, simulate};
pub use simulation_plan::{Length, PlanError, SimulatedSeries, SimulationPlan};
pub use stamp::{UnknownZone, Zone};
