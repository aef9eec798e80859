//! Checks SQLite's write-ahead log before SQLite reads it. SQLite silently ignores everything from the first
//! bad frame on, which is right for a write that a crash tore, and hides damage to what was acknowledged.
//!
//! The format is SQLite's: <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::fs;
use std::io;
use std::path::Path;

use crate::database_file::beside;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The lowest bit of the magic number says that checksums are computed over big-endian words.
const MAGIC: u32 = 0x377f_0682;

/// Tells what acknowledged commits the log has lost, if any. A commit begins only after the one before it was
/// synced, so of the commits from the first bad frame on all but the last one were acknowledged.
pub fn find_damage(path: &Path) -> io::Result<Option<String>> {
    let log = match fs::read(beside(path, "-wal")) {
        Ok(log) if log.len() >= HEADER => log,
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(mut chain) = Chain::start(&log) else {
        return Ok(Some(
            "the header of its write-ahead log is damaged, and with it all events in the log".into(),
        ));
    };
    let frames: Vec<&[u8]> = log[HEADER..].chunks(FRAME_HEADER + chain.page_size).collect();
    let good = frames.iter().take_while(|frame| chain.accepts(frame)).count();
    let commits = frames[good..].iter().filter(|frame| chain.is_commit(frame)).count();
    Ok((commits > 1).then(|| {
        let (frame, lost) = (good + 1, commits - 1);
        format!(
            "its write-ahead log is damaged from frame {frame} on, and {lost} or more commits in it are lost"
        )
    }))
}

/// The running checksum, which makes each frame depend on all before it.
struct Chain {
    big_endian: bool,
    page_size: usize,
    salts: [u8; 8],
    sum: (u32, u32),
}

impl Chain {
    fn start(log: &[u8]) -> Option<Self> {
        let magic = word(log, 0)?;
        let page_size = usize::try_from(word(log, 8)?).ok()?;
        let salts = log.get(16..24)?.try_into().ok()?;
        let mut chain = Self { big_endian: magic & 1 == 1, page_size, salts, sum: (0, 0) };
        chain.add(log.get(..24)?);
        let intact = magic & !1 == MAGIC && page_size >= 512 && chain.ends_with(log, 24);
        intact.then_some(chain)
    }

    /// Checks one frame and moves on to it. What is not of this log's salts is left over from before.
    fn accepts(&mut self, frame: &[u8]) -> bool {
        if !self.is_ours(frame) || frame.len() < FRAME_HEADER + self.page_size {
            return false;
        }
        self.add(&frame[..8]);
        self.add(&frame[FRAME_HEADER..]);
        self.ends_with(frame, 16)
    }

    fn is_commit(&self, frame: &[u8]) -> bool {
        self.is_ours(frame) && word(frame, 4).is_some_and(|pages| pages != 0)
    }

    fn is_ours(&self, frame: &[u8]) -> bool {
        frame.get(8..16) == Some(&self.salts)
    }

    fn ends_with(&self, bytes: &[u8], at: usize) -> bool {
        word(bytes, at) == Some(self.sum.0) && word(bytes, at + 4) == Some(self.sum.1)
    }

    fn add(&mut self, bytes: &[u8]) {
        for pair in bytes.chunks_exact(8) {
            let (first, second) = (self.summand(pair, 0), self.summand(pair, 4));
            self.sum.0 = self.sum.0.wrapping_add(first).wrapping_add(self.sum.1);
            self.sum.1 = self.sum.1.wrapping_add(second).wrapping_add(self.sum.0);
        }
    }

    fn summand(&self, bytes: &[u8], at: usize) -> u32 {
        let value = word(bytes, at).unwrap_or(0);
        if self.big_endian { value } else { value.swap_bytes() }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}
