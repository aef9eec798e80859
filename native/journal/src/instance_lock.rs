//! Keeps a data directory to one process, and tells the second one who has it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::JournalError;

/// A lock on a file, held until it is released, dropped, or the process ends in any way.
pub struct InstanceLock {
    file: Option<File>,
}

impl InstanceLock {
    /// Takes the lock and leaves `holder` in the file for whoever is refused.
    pub fn acquire(path: &Path, holder: &str) -> Result<Self, JournalError> {
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.map_err(|error| unwritable(path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::Locked { holder: read_holder(file) }),
            Err(TryLockError::Error(error)) => return Err(JournalError::failed("locking", error)),
        }
        write_holder(&mut file, holder).map_err(|error| unwritable(path, &error))?;
        Ok(Self { file: Some(file) })
    }

    /// Gives the lock up. The file stays: removing it would let two processes lock two files of one name.
    pub fn release(&mut self) {
        if let Some(mut file) = self.file.take() {
            write_holder(&mut file, "").ok();
            file.unlock().ok();
        }
    }
}

impl Drop for InstanceLock {
    fn drop(&mut self) {
        self.release();
    }
}

fn write_holder(file: &mut File, holder: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(holder.as_bytes())?;
    file.sync_data()
}

fn read_holder(mut file: File) -> String {
    let mut text = String::new();
    // The holder may be between locking and writing, and not every system lets a locked file be read.
    match file.read_to_string(&mut text) {
        Ok(length) if length > 0 => text,
        _ => "another process".to_owned(),
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> JournalError {
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    JournalError::Unwritable { folder, reason: error.to_string() }
}
