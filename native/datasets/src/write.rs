//! Writes a bar file beside its place and moves it there once it is whole.

use std::fs::{File, OpenOptions, remove_file, rename};
use std::io::{BufWriter, Result, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use desk_core::bars::Bar;
use sha2::{Digest, Sha256};

use crate::bar_file::{COVERED_BYTES, Details, HEADER_BYTES, MAGIC};

/// A bar file in the making; what is not finished is removed.
pub(crate) struct BarWriter {
    target: PathBuf,
    temporary: Temporary,
    file: BufWriter<File>,
    hasher: Sha256,
    bars: i64,
    first_ms: i64,
    last_ms: i64,
}

/// Removes the file when dropped, unless it has been moved to its place.
struct Temporary(Option<PathBuf>);

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Nothing can be done about a file that does not go.
            let _ = remove_file(path);
        }
    }
}

impl BarWriter {
    /// Creates the temporary file, replacing one that a crash left.
    pub fn create(target: &Path) -> Result<Self> {
        let mut name = target.as_os_str().to_owned();
        name.push(".part");
        let path = PathBuf::from(name);
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&path)?;
        let temporary = Temporary(Some(path));
        file.write_all(&[0; HEADER_BYTES as usize])?;
        let (file, hasher) = (BufWriter::with_capacity(1 << 16, file), Sha256::new());
        Ok(Self { target: target.to_owned(), temporary, file, hasher, bars: 0, first_ms: 0, last_ms: 0 })
    }

    /// Appends a bar, which is later than the last.
    pub fn push(&mut self, bar: &Bar) -> Result<()> {
        let values = [bar.at_ms, bar.open_ticks, bar.high_ticks, bar.low_ticks, bar.close_ticks, bar.volume];
        let mut record = [0; 48];
        for (chunk, value) in record.as_chunks_mut::<8>().0.iter_mut().zip(values) {
            *chunk = value.to_le_bytes();
        }
        if self.bars == 0 {
            self.first_ms = bar.at_ms;
        }
        self.last_ms = bar.at_ms;
        self.bars += 1;
        self.hasher.update(record);
        self.file.write_all(&record)
    }

    /// Completes the file, makes it durable and moves it to its place.
    pub fn finish(mut self, interval_ms: i64, details: &Details) -> Result<()> {
        let text = serde_json::to_vec(details)?;
        self.file.write_all(&text)?;
        let mut head = Vec::from(MAGIC);
        let length = text.len() as i64;
        for value in [self.bars, self.first_ms, self.last_ms, interval_ms, length] {
            head.extend(value.to_le_bytes());
        }
        head.extend(self.hasher.finalize());
        debug_assert_eq!(head.len(), COVERED_BYTES);
        head.extend(Sha256::new().chain_update(&head).chain_update(&text).finalize());
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&head)?;
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        if let Some(path) = &self.temporary.0 {
            rename(path, &self.target)?;
        }
        self.temporary.0 = None;
        Ok(())
    }
}
