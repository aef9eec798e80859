//! SHA-256 of what is read, as text.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::import_error::ImportError;

/// Writes bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Hashes a file's bytes, telling `go_on` how many; [`ImportError::Cancelled`] when it says no.
pub(crate) fn hash_file(path: &Path, go_on: &mut impl FnMut(u64) -> bool) -> Result<String, ImportError> {
    let unreadable = |error| ImportError::unreadable(path, error);
    let mut file = File::open(path).map_err(unreadable)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer).map_err(unreadable)?;
        if count == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
        bytes += count as u64;
        if !go_on(bytes) {
            return Err(ImportError::Cancelled);
        }
    }
}
