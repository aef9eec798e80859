//! Reads lines from a pipe without trusting their length.

use std::io::{self, BufRead};

/// The longest line accepted, in bytes; 10,000 bars of history take about 1.5 MB.
pub const LONGEST: usize = 16 * 1024 * 1024;

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    /// A line without its end.
    Line(Vec<u8>),
    /// A line longer than allowed; it was skipped. Holds its beginning.
    TooLong(Vec<u8>),
    /// The pipe is closed.
    End,
}

/// Reads the next line of at most `longest` bytes, waiting for it.
pub fn read(reader: &mut impl BufRead, longest: usize) -> io::Result<Input> {
    let mut line = Vec::new();
    let mut is_too_long = false;
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            // A line that was cut off by the end is not a line.
            return Ok(Input::End);
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(chunk.len());
        let room = longest - line.len();
        line.extend_from_slice(&chunk[..taken.min(room)]);
        is_too_long |= taken > room;
        reader.consume(end.map_or(taken, |end| end + 1));
        if end.is_some() {
            return Ok(if is_too_long { Input::TooLong(line) } else { Input::Line(line) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads everything through a buffer of three bytes, so that lines span reads.
    fn read_all(text: &str, longest: usize) -> Vec<Input> {
        let mut reader = io::BufReader::with_capacity(3, text.as_bytes());
        let mut inputs = Vec::new();
        while inputs.last() != Some(&Input::End) {
            inputs.push(read(&mut reader, longest).unwrap());
        }
        inputs
    }

    fn line(text: &str) -> Input {
        Input::Line(text.into())
    }

    #[test]
    fn reads_lines_across_the_edges_of_its_buffer() {
        assert_eq!(
            read_all("one\n\nlonger line\n", 100),
            [line("one"), line(""), line("longer line"), Input::End]
        );
    }

    #[test]
    fn skips_a_line_that_is_too_long_and_goes_on() {
        let inputs = read_all("12345\n123456789\n1\n", 5);
        assert_eq!(inputs, [line("12345"), Input::TooLong("12345".into()), line("1"), Input::End]);
    }

    #[test]
    fn drops_what_is_cut_off_by_the_end() {
        assert_eq!(read_all("whole\ncut o", 100), [line("whole"), Input::End]);
    }
}
