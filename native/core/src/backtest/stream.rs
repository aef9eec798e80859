//! Bars that are read on symbol by symbol, of which a few are kept.

use super::BacktestError;
use super::block::Block;
use super::engine::BLOCK;
use crate::bars::Bar;

/// The bars of all symbols that are read and not yet passed on.
pub struct Streams<I>(Vec<Stream<I>>);

struct Stream<I> {
    rest: I,
    kept: Vec<Bar>,
    last_ms: i64, // of what was read
    is_over: bool,
}

impl<I: Iterator<Item = Bar>> Streams<I> {
    /// One stream a symbol.
    pub fn new(streams: impl Iterator<Item = I>) -> Self {
        let stream = |rest| {
            let kept = Vec::with_capacity(BLOCK);
            Stream { rest, kept, last_ms: i64::MIN, is_over: false }
        };
        Self(streams.map(stream).collect())
    }

    /// Reads on, and gives the instant up to which nothing more will come; `None` when all is read.
    ///
    /// # Errors
    /// A stream that goes back in time.
    pub fn read_on(&mut self) -> Result<Option<i64>, BacktestError> {
        self.0.iter_mut().try_for_each(Stream::read_on)?;
        Ok(self.0.iter().filter(|stream| !stream.is_over).map(|stream| stream.last_ms).min())
    }

    /// The bars up to an instant.
    pub fn until(&self, until_ms: i64) -> Block<'_> {
        Block::new(self.0.iter().map(|stream| &stream.kept[..stream.count_until(until_ms)]))
    }

    /// Forgets the bars up to an instant.
    pub fn forget(&mut self, until_ms: i64) {
        for stream in &mut self.0 {
            stream.kept.drain(..stream.count_until(until_ms));
        }
    }
}

impl<I: Iterator<Item = Bar>> Stream<I> {
    fn read_on(&mut self) -> Result<(), BacktestError> {
        while self.kept.len() < BLOCK {
            let Some(bar) = self.rest.next() else {
                self.is_over = true;
                return Ok(());
            };
            if bar.at_ms <= self.last_ms {
                return Err(BacktestError::NotInOrder { at_ms: bar.at_ms, last_ms: self.last_ms });
            }
            self.last_ms = bar.at_ms;
            self.kept.push(bar);
        }
        Ok(())
    }
}

impl<I> Stream<I> {
    fn count_until(&self, until_ms: i64) -> usize {
        self.kept.partition_point(|bar| bar.at_ms <= until_ms)
    }
}
