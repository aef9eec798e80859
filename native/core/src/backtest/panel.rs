//! The data of a backtest: symbols and their bars.

use super::BacktestError;
use super::block::Block;
use super::instants::Instants;
use crate::bars::Bar;
use crate::strategy::bar_is_sane;

/// Bars of one size for several symbols that overlap in time.
#[derive(Debug, Clone)]
pub struct Panel {
    symbols: Vec<String>,
    bars: Vec<Vec<Bar>>, // in the order of the symbols, each in the order of time
}

/// How many bars a symbol has, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Number of bars.
    pub bars: u64,
    /// Start of the first.
    pub first_ms: i64,
    /// Start of the last.
    pub last_ms: i64,
}

impl Panel {
    /// Takes bars in and checks them.
    ///
    /// # Errors
    /// As [`check_spans`], or a bar that is out of order or that no market makes.
    pub fn new(columns: Vec<(String, Vec<Bar>)>) -> Result<Self, BacktestError> {
        let panel = Self::part(columns)?;
        let spans: Vec<Span> = panel.bars.iter().map(|bars| Span::of(bars)).collect();
        check_spans(&panel.symbols, &spans)?;
        Ok(panel)
    }

    /// Takes in a part of larger data: a symbol may be without bars.
    ///
    /// # Errors
    /// A bar that is out of order or that no market makes.
    pub fn part(columns: Vec<(String, Vec<Bar>)>) -> Result<Self, BacktestError> {
        let (symbols, bars): (Vec<String>, Vec<Vec<Bar>>) = columns.into_iter().unzip();
        for (symbol, bars) in symbols.iter().zip(&bars) {
            check_bars(symbol, bars)?;
        }
        Ok(Self { symbols, bars })
    }

    /// The symbols, in the order of their numbers.
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// The bars of a symbol by its number, oldest first.
    pub fn bars(&self, symbol: usize) -> &[Bar] {
        self.bars.get(symbol).map_or(&[], Vec::as_slice)
    }

    /// Number of bars of all symbols.
    pub fn len(&self) -> usize {
        self.bars.iter().map(Vec::len).sum()
    }

    /// Never: a panel has bars.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All bars by instant, and in the order of the symbols within one.
    pub fn instants(&self) -> Instants<'_> {
        self.block().instants()
    }

    /// All bars, to be taken apart.
    pub(super) fn block(&self) -> Block<'_> {
        Block::new(self.bars.iter().map(Vec::as_slice))
    }

    /// The bars from `first_ms` to `last_ms`, both inclusive. A symbol may be left without bars.
    pub fn between(&self, first_ms: i64, last_ms: i64) -> Self {
        let cut = |bars: &Vec<Bar>| {
            let from = bars.partition_point(|bar| bar.at_ms < first_ms);
            let to = bars.partition_point(|bar| bar.at_ms <= last_ms);
            bars[from..to.max(from)].to_vec()
        };
        Self { symbols: self.symbols.clone(), bars: self.bars.iter().map(cut).collect() }
    }

    /// The bars of the symbol that has most: the clock by which the panel is cut.
    pub fn clock(&self) -> &[Bar] {
        self.bars.iter().max_by_key(|bars| bars.len()).map_or(&[], Vec::as_slice)
    }

    /// Leaves out the bars after an instant. A symbol may be left without bars.
    pub(super) fn cut_after(&mut self, until_ms: i64) {
        for bars in &mut self.bars {
            bars.truncate(bars.partition_point(|bar| bar.at_ms <= until_ms));
        }
    }

    /// Changes the bars after an instant, up to another and that one too, without a check: they must stay sane.
    pub(super) fn change_after(&mut self, after_ms: i64, to_ms: i64, change: impl Fn(usize, &mut Bar)) {
        for (symbol, bars) in self.bars.iter_mut().enumerate() {
            let from = bars.partition_point(|bar| bar.at_ms <= after_ms);
            let to = bars.partition_point(|bar| bar.at_ms <= to_ms).max(from);
            bars[from..to].iter_mut().for_each(|bar| change(symbol, bar));
        }
    }
}

impl Span {
    /// The span of bars in the order of time.
    pub fn of(bars: &[Bar]) -> Self {
        let at_ms = |bar: Option<&Bar>| bar.map_or(0, |bar| bar.at_ms);
        Self { bars: bars.len() as u64, first_ms: at_ms(bars.first()), last_ms: at_ms(bars.last()) }
    }
}

/// Passes symbols that a backtest can run on; `spans` has one entry a symbol.
///
/// # Errors
/// No symbol, a symbol twice, fewer than two bars, or symbols that share no time.
pub fn check_spans(symbols: &[String], spans: &[Span]) -> Result<(), BacktestError> {
    for (place, (symbol, span)) in symbols.iter().zip(spans).enumerate() {
        if symbols[..place].contains(symbol) {
            return Err(BacktestError::SymbolRepeated(symbol.clone()));
        }
        match span.bars {
            0 => return Err(BacktestError::Empty(symbol.clone())),
            1 => return Err(BacktestError::OneBar(symbol.clone())),
            _ => {}
        }
    }
    let named = || symbols.iter().zip(spans);
    let later = named().max_by_key(|(_, span)| span.first_ms);
    let (Some(later), Some(earlier)) = (later, named().min_by_key(|(_, span)| span.last_ms)) else {
        return Err(BacktestError::Empty("the panel".to_owned()));
    };
    if later.1.first_ms > earlier.1.last_ms {
        return Err(BacktestError::NoOverlap { earlier: earlier.0.clone(), later: later.0.clone() });
    }
    Ok(())
}

fn check_bars(symbol: &str, bars: &[Bar]) -> Result<(), BacktestError> {
    let mut last_at_ms = None;
    for bar in bars {
        bar_is_sane(bar, last_at_ms).map_err(|source| BacktestError::Bar {
            symbol: symbol.to_owned(),
            at_ms: bar.at_ms,
            source,
        })?;
        last_at_ms = Some(bar.at_ms);
    }
    Ok(())
}
