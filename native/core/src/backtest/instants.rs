//! Bars of several symbols, merged in the order of time.

use crate::bars::Bar;

/// All bars by instant; those of one instant in the order of their symbols.
#[derive(Debug, Clone)]
pub struct Instants<'a> {
    rest: Vec<&'a [Bar]>,
    next: usize, // the symbol to be looked at
    at_ms: i64,  // the instant that is given out
}

impl<'a> Instants<'a> {
    pub fn new(rest: Vec<&'a [Bar]>) -> Self {
        Self { next: rest.len(), rest, at_ms: i64::MIN }
    }
}

impl<'a> Iterator for Instants<'a> {
    type Item = (usize, &'a Bar);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            while self.next < self.rest.len() {
                let symbol = self.next;
                self.next += 1;
                if let [bar, rest @ ..] = self.rest[symbol]
                    && bar.at_ms == self.at_ms
                {
                    self.rest[symbol] = rest;
                    return Some((symbol, bar));
                }
            }
            self.at_ms = self.rest.iter().filter_map(|bars| bars.first()).map(|bar| bar.at_ms).min()?;
            self.next = 0;
        }
    }
}
