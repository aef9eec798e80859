//! Bars of a simulated market, session by session: the same path that the live simulator of the seed takes from there.

use super::session::Session;
use super::simulator::Simulator;
use crate::bars::{BarWindow, SeriesError, TradedBar};

/// A simulated market that is run only for its bars.
#[derive(Debug, Clone)]
pub struct Recording {
    simulator: Simulator,
    session: Session,
    symbols: Vec<usize>,
    bar_s: i64,
}

impl Recording {
    /// Prepares to record bars of `bar_s` seconds (whole minutes, or 86400) of some instruments from a session on.
    pub fn new(seed: u64, first: Session, symbols: Vec<usize>, bar_s: i64) -> Self {
        Self { simulator: Simulator::starting(seed, first, &symbols), session: first, symbols, bar_s }
    }

    /// Runs one session and gives its bars by instrument, each with its index, oldest first.
    ///
    /// # Errors
    /// The size is neither.
    pub fn next_session(&mut self) -> Result<Vec<(usize, TradedBar)>, SeriesError> {
        let Session { close_ms, .. } = self.session;
        self.simulator.advance(close_ms, &mut |_| {});
        let window = BarWindow { start_ms: self.session.midnight_ms(), end_ms: close_ms, limit: usize::MAX };
        self.session = self.session.next();
        let mut bars = Vec::new();
        for symbol in self.symbols.iter().copied() {
            let found = self.simulator.bars(symbol, self.bar_s, window).transpose()?.unwrap_or_default();
            bars.extend(found.into_iter().map(|bar| (symbol, bar)));
        }
        Ok(bars)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: BarWindow = BarWindow { start_ms: 0, end_ms: i64::MAX, limit: usize::MAX };

    fn record(symbols: &[usize], bar_s: i64, sessions: usize) -> Vec<(usize, TradedBar)> {
        let mut recording = Recording::new(3, Simulator::first_session(), symbols.to_vec(), bar_s);
        (0..sessions).flat_map(|_| recording.next_session().unwrap()).collect()
    }

    #[test]
    fn records_what_the_live_market_of_the_seed_does() {
        let mut live = Simulator::new(3);
        live.advance(Simulator::first_session().next().close_ms, &mut |_| {});
        let first_ms = Simulator::first_session().open_ms;
        let minutes = live.bars(4, 60, BarWindow { start_ms: first_ms, ..ALL }).unwrap().unwrap();
        let recorded: Vec<TradedBar> = record(&[4], 60, 2).into_iter().map(|(_, bar)| bar).collect();
        assert_eq!(recorded, minutes);
    }

    #[test]
    fn a_stock_does_not_depend_on_its_company() {
        let alone = record(&[2], 300, 3);
        let among: Vec<_> =
            record(&[0, 2, 8], 300, 3).into_iter().filter(|(symbol, _)| *symbol == 2).collect();
        assert_eq!(alone, among);
    }

    #[test]
    fn every_session_gives_each_size_of_bar_once() {
        for (bar_s, a_session) in [(60, 390), (300, 78), (3_600, 7), (86_400, 1)] {
            let bars = record(&[8], bar_s, 6);
            assert_eq!(bars.len(), 6 * a_session, "{bar_s}");
            assert!(bars.windows(2).all(|pair| pair[0].1.bar.at_ms < pair[1].1.bar.at_ms), "{bar_s}");
        }
        assert!(Recording::new(3, Simulator::first_session(), vec![8], 90).next_session().is_err());
    }
}
