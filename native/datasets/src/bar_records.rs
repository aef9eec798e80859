//! The records of a bar file, read and checked many at a time.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use desk_core::bars::{Bar, MAX_PRICE_TICKS};
use sha2::{Digest, Sha256};

use crate::bar_file::{BarFileError, RECORD_BYTES, numbers};
use crate::digest::hex;

/// So many are read at a time: 48 KiB.
const MOST: usize = 1_024;

/// Bars of a file, oldest first; ends after the first error.
#[derive(Debug)]
pub struct Bars {
    path: PathBuf,
    file: File,
    left: u64, // in the file
    previous_ms: i64,
    digest: Option<(Sha256, String)>, // of what was read, and what it must be at the end
    bytes: Vec<u8>,
    read: Vec<Bar>,
    given: usize, // of those
    failure: Option<BarFileError>,
}

impl Bars {
    /// The next `left` records of a file.
    pub(crate) fn new(path: PathBuf, file: File, left: u64, digest: Option<(Sha256, String)>) -> Self {
        let (bytes, read) = (Vec::new(), Vec::new());
        Self { path, file, left, previous_ms: i64::MIN, digest, bytes, read, given: 0, failure: None }
    }

    /// Reads on. What was read before an error is given out before it.
    fn read_on(&mut self) -> Result<(), BarFileError> {
        let count = usize::try_from(self.left).map_or(MOST, |left| left.min(MOST));
        (self.given, self.left) = (0, self.left - count as u64);
        self.read.clear();
        self.bytes.resize(count * RECORD_BYTES as usize, 0);
        let unreadable = |reason| BarFileError::Unreadable { path: self.path.clone(), reason };
        self.file.read_exact(&mut self.bytes).map_err(unreadable)?;
        for record in self.bytes.as_chunks::<{ RECORD_BYTES as usize }>().0 {
            let [at_ms, open_ticks, high_ticks, low_ticks, close_ticks, volume] = numbers(record);
            let bar = Bar { at_ms, open_ticks, high_ticks, low_ticks, close_ticks, volume };
            if at_ms <= self.previous_ms || !is_sound(&bar) {
                return Err(self.damaged("a bar breaks the rules"));
            }
            self.previous_ms = at_ms;
            self.read.push(bar);
        }
        self.compare()
    }

    /// Takes what was read into the digest, and after the last bar looks whether it is the one that the file states.
    fn compare(&mut self) -> Result<(), BarFileError> {
        let Some((hasher, expected)) = &mut self.digest else { return Ok(()) };
        hasher.update(&self.bytes);
        if self.left > 0 || hex(&hasher.finalize_reset()) == *expected {
            return Ok(());
        }
        self.read.clear();
        Err(self.damaged("its bars were changed"))
    }

    fn damaged(&self, reason: &'static str) -> BarFileError {
        BarFileError::Damaged { path: self.path.clone(), reason }
    }
}

impl Iterator for Bars {
    type Item = Result<Bar, BarFileError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(bar) = self.read.get(self.given) {
                self.given += 1;
                return Some(Ok(*bar));
            }
            if let Some(failure) = self.failure.take() {
                return Some(Err(failure));
            }
            if self.left == 0 {
                return None;
            }
            if let Err(failure) = self.read_on() {
                (self.left, self.failure) = (0, Some(failure));
            }
        }
    }
}

fn is_sound(bar: &Bar) -> bool {
    let Bar { low_ticks, high_ticks, .. } = *bar;
    (1..=MAX_PRICE_TICKS).contains(&low_ticks)
        && high_ticks <= MAX_PRICE_TICKS
        && (low_ticks..=high_ticks).contains(&bar.open_ticks)
        && (low_ticks..=high_ticks).contains(&bar.close_ticks)
        && bar.volume >= 0
}
