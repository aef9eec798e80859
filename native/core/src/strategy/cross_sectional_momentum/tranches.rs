//! The overlapping portfolios of winners and losers, and what they have returned.

use std::collections::VecDeque;

use crate::money::PriceTicks;

/// Returns that the volatility of winners less losers is taken over: half a year of days.
const VARIANCE_WINDOW: usize = 126;

/// When portfolios are formed, and of how many symbols.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Instants whose return ranks the symbols.
    pub formation: usize,
    /// Instants between those and now.
    pub skip: usize,
    /// Instants from one rebalance to the next.
    pub every: usize,
    /// Portfolios at once.
    pub most: usize,
    /// Symbols on each side; at least 1, at most half.
    pub a_side: usize,
}

impl Schedule {
    /// How many instants it takes to the first portfolio.
    pub fn warm_up_instants(&self) -> usize {
        self.formation + self.skip + 1
    }
}

/// The portfolios and what they are formed on.
#[derive(Debug, Clone)]
pub struct Tranches {
    schedule: Schedule,
    symbols: usize,
    history: VecDeque<Vec<PriceTicks>>, // closes of the last `formation + skip + 1` whole instants
    formed: VecDeque<Vec<f64>>,         // 1, 0 or -1 a symbol; oldest first
    spreads: VecDeque<f64>,             // last returns of winners less losers
    since_rebalance: usize,
}

impl Tranches {
    pub fn new(symbols: usize, schedule: Schedule) -> Self {
        Self {
            schedule,
            symbols,
            history: VecDeque::new(),
            formed: VecDeque::new(),
            spreads: VecDeque::with_capacity(VARIANCE_WINDOW),
            since_rebalance: 0,
        }
    }

    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// How many portfolios there are.
    pub fn count(&self) -> usize {
        self.formed.len()
    }

    /// Takes in the closes of a whole instant; true when it brought a new portfolio.
    pub fn push(&mut self, closes: &[PriceTicks]) -> bool {
        if let (Some(before), false) = (self.history.back(), self.formed.is_empty()) {
            let held = self.mean(self.formed.len());
            let changes = closes.iter().zip(before).map(|(now, before)| *now as f64 / *before as f64 - 1.0);
            let spread = held.iter().zip(changes).map(|(part, change)| part * change).sum::<f64>()
                / self.schedule.a_side as f64;
            if self.spreads.len() == VARIANCE_WINDOW {
                self.spreads.pop_front();
            }
            self.spreads.push_back(spread);
        }
        if self.history.len() == self.schedule.warm_up_instants() {
            self.history.pop_front();
        }
        self.history.push_back(closes.to_vec());
        if self.history.len() < self.schedule.warm_up_instants() {
            return false;
        }
        self.since_rebalance += 1;
        let is_due = self.formed.is_empty() || self.since_rebalance >= self.schedule.every;
        if is_due {
            self.form();
        }
        is_due
    }

    /// The return that ranks the symbol; 0 until warm.
    pub fn ranked_by(&self, symbol: usize) -> f64 {
        let from = self.history.front();
        let to = self.history.get(self.schedule.formation);
        from.zip(to).map_or(0.0, |(from, to)| to[symbol] as f64 / from[symbol] as f64 - 1.0)
    }

    /// Each symbol's mean over all portfolios; one not formed yet counts as cash.
    pub fn parts(&self) -> Vec<f64> {
        self.mean(self.schedule.most)
    }

    /// The volatility of winners less losers in a year of so many instants; `None` until enough returns have passed.
    pub fn volatility(&self, a_year: f64) -> Option<f64> {
        let squares = self.spreads.iter().map(|spread| spread * spread).sum::<f64>();
        (self.spreads.len() == VARIANCE_WINDOW).then(|| (squares / VARIANCE_WINDOW as f64 * a_year).sqrt())
    }

    /// Forms a portfolio of the symbols that rank first and last.
    fn form(&mut self) {
        let returns: Vec<f64> = (0..self.symbols).map(|symbol| self.ranked_by(symbol)).collect();
        let mut order: Vec<usize> = (0..returns.len()).collect();
        order.sort_by(|left, right| returns[*right].total_cmp(&returns[*left]));
        let mut tranche = vec![0.0; returns.len()];
        for place in 0..self.schedule.a_side {
            tranche[order[place]] = 1.0;
            tranche[order[order.len() - 1 - place]] = -1.0;
        }
        if self.formed.len() == self.schedule.most {
            self.formed.pop_front();
        }
        self.formed.push_back(tranche);
        self.since_rebalance = 0;
    }

    /// Each symbol's sum over the portfolios divided by `count`.
    fn mean(&self, count: usize) -> Vec<f64> {
        let sum = |symbol: usize| self.formed.iter().map(|tranche| tranche[symbol]).sum::<f64>();
        (0..self.symbols).map(|symbol| sum(symbol) / count as f64).collect()
    }
}
