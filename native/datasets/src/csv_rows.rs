//! Reads rows of CSV text, one line at a time and never more than a line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::digest::hex;
use crate::import_error::ImportError;
use crate::row::{Row, Rows, find_columns};
use crate::stamp::Stamp;

/// A line of bars is some 60 bytes long; what has no line ends must not end in memory.
const MAX_LINE: u64 = 65_536;
const BUFFER: usize = 1 << 18;

pub(crate) struct CsvRows {
    path: PathBuf,
    reader: BufReader<File>,
    hasher: Sha256,
    columns: [usize; 6],
    line: u64,
    bytes: u64,
    buffer: Vec<u8>,
    cells: Vec<String>,
}

impl CsvRows {
    /// Reads the header, which names date, open, high, low, close and volume in any order and case.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let file = File::open(path).map_err(|error| ImportError::unreadable(path, error))?;
        let mut rows = Self {
            path: path.to_owned(),
            reader: BufReader::with_capacity(BUFFER, file),
            hasher: Sha256::new(),
            columns: [0; 6],
            line: 0,
            bytes: 0,
            buffer: Vec::new(),
            cells: Vec::new(),
        };
        let head = rows.reader.fill_buf().map_err(|error| ImportError::unreadable(path, error))?;
        refuse(path, packed(head))?;
        if !rows.read_line()? {
            return Err(ImportError::Empty { path: path.to_owned() });
        }
        refuse(path, unlike_a_header(&rows.buffer))?;
        let count = rows.split();
        rows.columns = find_columns(path, rows.cells.get(..count).unwrap_or_default())?;
        Ok(rows)
    }

    /// Reads the next line that is not blank; false at the end.
    fn read_line(&mut self) -> Result<bool, ImportError> {
        loop {
            self.buffer.clear();
            let mut limited = (&mut self.reader).take(MAX_LINE + 1);
            let count = limited
                .read_until(b'\n', &mut self.buffer)
                .map_err(|error| ImportError::unreadable(&self.path, error))?;
            if count == 0 {
                return Ok(false);
            }
            self.line += 1;
            self.bytes += count as u64;
            self.hasher.update(&self.buffer);
            if count as u64 > MAX_LINE {
                return Err(ImportError::LineTooLong { path: self.path.clone(), line: self.line });
            }
            if self.buffer.iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Ok(true);
            }
        }
    }

    /// Cuts the line into cells, reusing the strings; returns how many there are. Quotes may hold commas, and a
    /// doubled quote stands for one.
    fn split(&mut self) -> usize {
        let text = String::from_utf8_lossy(&self.buffer);
        let text = text.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']);
        let mut count = 0;
        let mut quoted = false;
        let mut fresh = true;
        for character in text.chars() {
            if fresh {
                match self.cells.get_mut(count) {
                    Some(cell) => cell.clear(),
                    None => self.cells.push(String::new()),
                }
                count += 1;
                fresh = false;
            }
            match character {
                '"' => quoted = !quoted,
                ',' if !quoted => fresh = true,
                _ => {
                    if let Some(cell) = self.cells.get_mut(count - 1) {
                        cell.push(character);
                    }
                }
            }
        }
        count
    }
}

fn refuse(path: &Path, what: Option<&'static str>) -> Result<(), ImportError> {
    what.map_or(Ok(()), |what| Err(ImportError::NotCsv { path: path.to_owned(), what }))
}

/// What a file is that begins like no text.
fn packed(head: &[u8]) -> Option<&'static str> {
    const BEGINNINGS: [(&[u8], &str); 7] = [
        (b"\x1f\x8b", "it is packed with gzip; unpack it first"),
        (b"PK\x03\x04", "it is a zip archive; unpack it first"),
        (b"BZh", "it is packed with bzip2; unpack it first"),
        (b"\xfd7zXZ", "it is packed with xz; unpack it first"),
        (b"\x28\xb5\x2f\xfd", "it is packed with zstd; unpack it first"),
        (b"\xff\xfe", "it is UTF-16; save it as UTF-8"),
        (b"\xfe\xff", "it is UTF-16; save it as UTF-8"),
    ];
    BEGINNINGS.into_iter().find(|(beginning, _)| head.starts_with(beginning)).map(|(_, what)| what)
}

/// What a first line is that names no columns separated by commas.
fn unlike_a_header(line: &[u8]) -> Option<&'static str> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.contains(&0) {
        return Some("it is no text; give a CSV or Parquet file");
    }
    if line.contains(&b'\r') {
        return Some("its lines end with CR alone; save it with LF or CRLF");
    }
    if line.contains(&b',') {
        return None;
    }
    let separators = [
        (b';', "its columns are separated by semicolons; separate them by commas"),
        (b'\t', "its columns are separated by tabs; separate them by commas"),
    ];
    separators.into_iter().find(|(separator, _)| line.contains(separator)).map(|(_, what)| what)
}

impl Rows for CsvRows {
    fn next(&mut self, row: &mut Row) -> Result<bool, ImportError> {
        if !self.read_line()? {
            return Ok(false);
        }
        let count = self.split();
        row.line = self.line;
        for (text, column) in row.texts.iter_mut().zip(self.columns) {
            text.clear();
            if column < count {
                text.push_str(self.cells.get(column).map_or("", String::as_str));
            }
        }
        row.stamp = row.texts.first().and_then(|text| Stamp::parse(text));
        Ok(true)
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn sha256(&mut self) -> String {
        hex(&self.hasher.finalize_reset())
    }
}
