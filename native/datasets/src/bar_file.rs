//! The desk's own file of bars: a header, records of 48 bytes, and the details as JSON at the end.
//!
//! Everything is little-endian. Header, 128 bytes: "NTBARS01", count, first and last time, interval (all i64, times
//! in ms), length of the details, SHA-256 of the records, SHA-256 of what stands before and the details, zeros.
//! Record: time, open, high, low, close (ticks), volume, all i64. Times rise strictly.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::bar_records::Bars;
use crate::digest::hex;
use crate::report::Report;

pub(crate) const MAGIC: [u8; 8] = *b"NTBARS01";
pub(crate) const HEADER_BYTES: u64 = 128;
pub(crate) const RECORD_BYTES: u64 = 48;
/// The digest of the header covers this much of it.
pub(crate) const COVERED_BYTES: usize = 80;
/// A report of fifteen kinds with five places each stays far below.
const MAX_DETAILS: u64 = 1 << 20;

/// Where bars come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A file that somebody gave.
    File,
    /// The broker's market data.
    Broker,
    /// The demo market: simulated, or replayed.
    Demo,
    /// Made by the market simulator.
    Simulator,
}

/// What a bar file says about itself beside the numbers of its header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// Name of the instrument.
    pub symbol: String,
    /// The zone in which dates and local times of the source were read; `None` when there were none or UTC was taken.
    pub time_zone: Option<String>,
    /// Where the bars come from.
    pub origin: Origin,
    /// Hex SHA-256 of the source; of the recipe in words where the bars were simulated.
    pub source_sha256: String,
    /// What the import saw.
    pub report: Report,
}

/// What a bar file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// Number of bars, at least 2.
    pub bars: i64,
    /// Start of the first bar, ms since 1970.
    pub first_ms: i64,
    /// Start of the last bar, ms since 1970.
    pub last_ms: i64,
    /// The commonest step from bar to bar.
    pub interval_ms: i64,
    /// Hex SHA-256 of the records: the same bars have the same one.
    pub bars_sha256: String,
    /// The rest.
    #[serde(flatten)]
    pub details: Details,
}

/// Why a bar file cannot be used.
#[derive(Debug, Error)]
pub enum BarFileError {
    /// The file cannot be read.
    #[error("{path}: {reason}", path = path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The bytes are not those of a bar file.
    #[error("{path}: not a bar file of this version, or damaged: {reason}; import it again", path = path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        reason: &'static str,
    },
}

/// An open bar file.
#[derive(Debug)]
pub struct BarFile {
    path: PathBuf,
    file: File,
    header: Header,
}

impl BarFile {
    /// Opens a bar file and checks its header, its length and its details, not yet its bars.
    ///
    /// # Errors
    /// The file cannot be read or is not a whole bar file.
    pub fn open(path: &Path) -> Result<Self, BarFileError> {
        let unreadable = |reason| BarFileError::Unreadable { path: path.to_owned(), reason };
        let damaged = |reason| BarFileError::Damaged { path: path.to_owned(), reason };
        let mut file = File::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let mut head = [0; HEADER_BYTES as usize];
        if length < HEADER_BYTES {
            return Err(damaged("it is shorter than a header"));
        }
        file.read_exact(&mut head).map_err(unreadable)?;
        if !head.starts_with(&MAGIC) {
            return Err(damaged("it begins differently"));
        }
        let [bars, first_ms, last_ms, interval_ms, details_bytes] =
            numbers(head.get(8..48).unwrap_or_default());
        let (count, rest) = (bars.unsigned_abs(), details_bytes.unsigned_abs());
        let whole = count.checked_mul(RECORD_BYTES).and_then(|size| size.checked_add(HEADER_BYTES + rest));
        if bars < 2 || details_bytes < 0 || rest > MAX_DETAILS || whole != Some(length) {
            return Err(damaged("its length is not the one that it states"));
        }
        file.seek(SeekFrom::Start(length - rest)).map_err(unreadable)?;
        let mut text = Vec::new();
        (&mut file).take(rest).read_to_end(&mut text).map_err(unreadable)?;
        let digest =
            Sha256::new().chain_update(head.get(..COVERED_BYTES).unwrap_or_default()).chain_update(&text);
        if head.get(COVERED_BYTES..COVERED_BYTES + 32) != Some(digest.finalize().as_slice()) {
            return Err(damaged("its header was changed"));
        }
        let details = serde_json::from_slice(&text).map_err(|_| damaged("its details cannot be read"))?;
        let bars_sha256 = hex(head.get(48..COVERED_BYTES).unwrap_or_default());
        let header = Header { bars, first_ms, last_ms, interval_ms, bars_sha256, details };
        Ok(Self { path: path.to_owned(), file, header })
    }

    /// What the file holds.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// All bars, oldest first, read as they are asked for. After the last one their digest is compared.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn bars(self) -> Result<Bars, BarFileError> {
        let digest = Some((Sha256::new(), self.header.bars_sha256.clone()));
        self.read(0, digest)
    }

    /// The bars that start at `from_ms` or later, oldest first; their digest cannot be compared.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn bars_from(mut self, from_ms: i64) -> Result<Bars, BarFileError> {
        let first = self.first_from(from_ms)?;
        self.read(first, None)
    }

    /// Number of bars that start before `at_ms`, found by halving.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn first_from(&mut self, at_ms: i64) -> Result<i64, BarFileError> {
        let (mut low, mut high) = (0, self.header.bars);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.start_of(middle)? < at_ms { low = middle + 1 } else { high = middle }
        }
        Ok(low)
    }

    /// Start of a bar by its number from 0, below the number of bars.
    ///
    /// # Errors
    /// The file cannot be read, or has no such bar.
    pub fn start_of(&mut self, number: i64) -> Result<i64, BarFileError> {
        let offset = HEADER_BYTES + number.unsigned_abs() * RECORD_BYTES;
        let mut bytes = [0; 8];
        let found = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.read_exact(&mut bytes));
        found.map_err(|reason| BarFileError::Unreadable { path: self.path.clone(), reason })?;
        Ok(i64::from_le_bytes(bytes))
    }

    fn read(mut self, first: i64, digest: Option<(Sha256, String)>) -> Result<Bars, BarFileError> {
        let offset = HEADER_BYTES + first.unsigned_abs() * RECORD_BYTES;
        let sought = self.file.seek(SeekFrom::Start(offset));
        sought.map_err(|reason| BarFileError::Unreadable { path: self.path.clone(), reason })?;
        let left = (self.header.bars - first).unsigned_abs();
        Ok(Bars::new(self.path, self.file, left, digest))
    }
}

/// Reads little-endian numbers; missing bytes count as zero.
pub(crate) fn numbers<const N: usize>(bytes: &[u8]) -> [i64; N] {
    let mut numbers = [0; N];
    for (number, chunk) in numbers.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *number = i64::from_le_bytes(*chunk);
    }
    numbers
}
