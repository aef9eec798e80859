//! The data of a backtest: symbols and their bars.

use super::BacktestError;
use super::instants::Instants;
use crate::bars::Bar;
use crate::strategy::bar_is_sane;

/// Bars of one size for several symbols that overlap in time.
#[derive(Debug, Clone)]
pub struct Panel {
    symbols: Vec<String>,
    bars: Vec<Vec<Bar>>, // in the order of the symbols, each in the order of time
}

impl Panel {
    /// Takes bars in and checks them.
    ///
    /// # Errors
    /// No symbol, a symbol twice, fewer than two bars, a bar that is out of order or that no market makes, or symbols
    /// that share no time.
    pub fn new(columns: Vec<(String, Vec<Bar>)>) -> Result<Self, BacktestError> {
        let (symbols, bars): (Vec<String>, Vec<Vec<Bar>>) = columns.into_iter().unzip();
        if symbols.is_empty() {
            return Err(BacktestError::Empty("the panel".to_owned()));
        }
        for (place, symbol) in symbols.iter().enumerate() {
            if symbols[..place].contains(symbol) {
                return Err(BacktestError::SymbolRepeated(symbol.clone()));
            }
            check_bars(symbol, &bars[place])?;
        }
        let panel = Self { symbols, bars };
        panel.check_overlap()?;
        Ok(panel)
    }

    fn check_overlap(&self) -> Result<(), BacktestError> {
        let places = 0..self.symbols.len();
        let first = |place: &usize| self.bars[*place].first().map(|bar| bar.at_ms);
        let last = |place: &usize| self.bars[*place].last().map(|bar| bar.at_ms);
        let (Some(later), Some(earlier)) = (places.clone().max_by_key(first), places.min_by_key(last)) else {
            return Ok(());
        };
        if first(&later) > last(&earlier) {
            let name = |place: usize| self.symbols[place].clone();
            return Err(BacktestError::NoOverlap { earlier: name(earlier), later: name(later) });
        }
        Ok(())
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
        Instants::new(&self.bars)
    }

    /// The bars from `first_ms` to `last_ms`, both inclusive. A symbol may be left without bars.
    pub fn between(&self, first_ms: i64, last_ms: i64) -> Self {
        self.map(|_, bars| {
            let from = bars.partition_point(|bar| bar.at_ms < first_ms);
            let to = bars.partition_point(|bar| bar.at_ms <= last_ms);
            bars[from..to.max(from)].to_vec()
        })
    }

    /// The bars of the symbol that has most: the clock by which the panel is cut.
    pub fn clock(&self) -> &[Bar] {
        self.bars.iter().max_by_key(|bars| bars.len()).map_or(&[], Vec::as_slice)
    }

    /// Changes each symbol's bars without a check: for data that is derived from a panel. Bars must stay sane.
    pub(super) fn map(&self, change: impl Fn(usize, &[Bar]) -> Vec<Bar>) -> Self {
        let bars = self.bars.iter().enumerate().map(|(symbol, bars)| change(symbol, bars)).collect();
        Self { symbols: self.symbols.clone(), bars }
    }
}

fn check_bars(symbol: &str, bars: &[Bar]) -> Result<(), BacktestError> {
    match bars {
        [] => return Err(BacktestError::Empty(symbol.to_owned())),
        [_] => return Err(BacktestError::OneBar(symbol.to_owned())),
        _ => {}
    }
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
