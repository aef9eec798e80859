//! The bars of a request: opened once, read as often as needed. Files are streamed, so memory does not grow with them.

use std::path::{Path, PathBuf};

use desk_core::backtest::{Panel, Span, check_spans, look_ahead_windows};
use desk_core::bars::Bar;
use desk_datasets::{BarFile, BarFileError};

use crate::{BacktestRequest, Bars, DataUsed, LabError};

/// More bars than this are not held at once, which a sweep has to: about 2.4 GB.
const MOST_HELD: u64 = 50_000_000;

/// Bars of several symbols between two instants.
pub struct Feed {
    symbols: Vec<String>,
    sources: Vec<Source>,
    spans: Vec<Span>,
    used: Vec<DataUsed>,
}

enum Source {
    File { path: PathBuf, is_whole: bool },
    Held(Vec<Bar>),
}

impl Feed {
    /// Opens everything that the request names, and finds out which bars are inside its time.
    ///
    /// # Errors
    /// A file that cannot be read, columns of different lengths, or symbols that a backtest cannot run on.
    pub fn open(request: &BacktestRequest) -> Result<Self, LabError> {
        let (from_ms, to_ms) = (request.from_ms.unwrap_or(i64::MIN), request.to_ms.unwrap_or(i64::MAX));
        let mut feed = Self { symbols: vec![], sources: vec![], spans: vec![], used: vec![] };
        for series in &request.symbols {
            let (source, span, bars_sha256) = match &series.bars {
                Bars::File { path } => open_file(Path::new(path), from_ms, to_ms)?,
                Bars::Columns(columns) => {
                    let mut bars = columns.bars(&series.symbol)?;
                    bars.retain(|bar| (from_ms..to_ms).contains(&bar.at_ms));
                    let span = Span::of(&bars);
                    (Source::Held(bars), span, None)
                }
            };
            let symbol = series.symbol.clone();
            let Span { bars, first_ms: first_at_ms, last_ms: last_at_ms } = span;
            feed.used.push(DataUsed { symbol: symbol.clone(), bars_sha256, bars, first_at_ms, last_at_ms });
            feed.symbols.push(symbol);
            feed.sources.push(source);
            feed.spans.push(span);
        }
        check_spans(&feed.symbols, &feed.spans)?;
        Ok(feed)
    }

    /// The symbols, in the order of their numbers.
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// Number of bars of all symbols.
    pub fn len(&self) -> u64 {
        self.spans.iter().map(|span| span.bars).sum()
    }

    /// Which bars are used.
    pub fn used(&self) -> Vec<DataUsed> {
        self.used.clone()
    }

    /// All bars, symbol by symbol.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(&self) -> Result<Vec<Reader<'_>>, LabError> {
        let streams = self.sources.iter().zip(&self.spans).map(|(source, span)| source.read(*span));
        Ok(streams
            .map(|bars| Ok(Reader { bars: bars?, failure: None }))
            .collect::<Result<_, BarFileError>>()?)
    }

    /// All bars at once.
    ///
    /// # Errors
    /// More bars than are held at once, a file that cannot be read, or a bar that no market makes.
    pub fn panel(&self) -> Result<Panel, LabError> {
        if self.len() > MOST_HELD {
            return Err(LabError::TooManyBars { bars: self.len(), most: MOST_HELD });
        }
        self.part(i64::MIN, i64::MAX)
    }

    /// What the look-ahead check looks at.
    ///
    /// # Errors
    /// As [`Self::panel`].
    pub fn windows(&self) -> Result<Vec<Panel>, LabError> {
        let places = self.sources.iter().zip(&self.spans);
        let Some((clock, span)) = places.max_by_key(|(_, span)| span.bars) else { return Ok(vec![]) };
        let windows = look_ahead_windows(span.bars as usize).into_iter();
        let times = windows.map(|window| clock.times(*span, window.start, window.end - 1));
        times.map(|times| times.and_then(|(first_ms, last_ms)| self.part(first_ms, last_ms))).collect()
    }

    /// The bars from `first_ms` to `last_ms`, both inclusive.
    fn part(&self, first_ms: i64, last_ms: i64) -> Result<Panel, LabError> {
        let mut columns = Vec::with_capacity(self.symbols.len());
        for ((symbol, source), span) in self.symbols.iter().zip(&self.sources).zip(&self.spans) {
            let part = Span { first_ms: span.first_ms.max(first_ms), ..*span };
            let bars = source.read(part)?.take_while(|bar| !matches!(bar, Ok(bar) if bar.at_ms > last_ms));
            columns.push((symbol.clone(), bars.collect::<Result<Vec<_>, _>>()?));
        }
        Ok(Panel::part(columns)?)
    }
}

/// Finds the bars that start from `from_ms` on and before `to_ms`.
fn open_file(path: &Path, from_ms: i64, to_ms: i64) -> Result<(Source, Span, Option<String>), BarFileError> {
    let mut file = BarFile::open(path)?;
    let (from, to) = (file.first_from(from_ms)?, file.first_from(to_ms)?);
    let is_whole = from == 0 && to == file.header().bars;
    let span = if from < to {
        Span {
            bars: (to - from).unsigned_abs(),
            first_ms: file.start_of(from)?,
            last_ms: file.start_of(to - 1)?,
        }
    } else {
        Span::of(&[])
    };
    let bars_sha256 = Some(file.header().bars_sha256.clone());
    Ok((Source::File { path: path.to_owned(), is_whole }, span, bars_sha256))
}

impl Source {
    /// The bars of a span, oldest first. A file that is read as a whole is compared with its digest at the end.
    fn read(&self, span: Span) -> Result<Stream<'_>, BarFileError> {
        match self {
            Self::Held(bars) => {
                let from = bars.partition_point(|bar| bar.at_ms < span.first_ms);
                Ok(Stream::Held(bars[from..].iter()))
            }
            Self::File { path, is_whole } => {
                let file = BarFile::open(path)?;
                let is_whole = *is_whole && file.header().first_ms == span.first_ms;
                let bars = if is_whole { file.bars()? } else { file.bars_from(span.first_ms)? };
                Ok(Stream::File { bars: Box::new(bars), last_ms: span.last_ms })
            }
        }
    }

    /// Starts of two bars by their numbers within the span.
    fn times(&self, span: Span, first: usize, last: usize) -> Result<(i64, i64), LabError> {
        match self {
            Self::Held(bars) => Ok((bars[first].at_ms, bars[last].at_ms)),
            Self::File { path, .. } => {
                let mut file = BarFile::open(path)?;
                let from = file.first_from(span.first_ms)?;
                Ok((file.start_of(from + first as i64)?, file.start_of(from + last as i64)?))
            }
        }
    }
}

/// Bars of one symbol, oldest first.
enum Stream<'a> {
    File { bars: Box<desk_datasets::Bars>, last_ms: i64 },
    Held(std::slice::Iter<'a, Bar>),
}

impl Iterator for Stream<'_> {
    type Item = Result<Bar, BarFileError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Held(bars) => bars.next().map(|bar| Ok(*bar)),
            Self::File { bars, last_ms } => {
                bars.next().filter(|bar| !matches!(bar, Ok(bar) if bar.at_ms > *last_ms))
            }
        }
    }
}

/// Reads the bars of one symbol, oldest first. It ends early at a file that cannot be read on.
pub struct Reader<'a> {
    bars: Stream<'a>,
    failure: Option<BarFileError>,
}

impl Reader<'_> {
    /// Fails if the bars did not end where they should have.
    ///
    /// # Errors
    /// The file that could not be read on.
    pub fn finish(self) -> Result<(), BarFileError> {
        self.failure.map_or(Ok(()), Err)
    }
}

impl Iterator for Reader<'_> {
    type Item = Bar;

    #[inline]
    fn next(&mut self) -> Option<Bar> {
        match self.bars.next()? {
            Ok(bar) => Some(bar),
            Err(failure) => {
                self.failure = Some(failure);
                None
            }
        }
    }
}
