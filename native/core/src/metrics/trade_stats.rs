//! What the closed trades amount to.

use super::moments::Moments;
use crate::money::Micros;

/// What the statistics need of a closed trade.
#[derive(Debug, Clone, Copy)]
pub struct ClosedTrade {
    /// After costs.
    pub pnl: Micros,
    /// PnL over the value at entry.
    pub return_part: f64,
    /// From entry to exit.
    pub duration_ms: i64,
}

/// Statistics of the trades closed so far.
#[derive(Debug, Clone)]
pub struct TradeStats {
    pnl: Moments,
    returns: Moments,
    log_returns: f64, // sum of ln(1 + return); -inf after a trade that lost all
    wins: u64,
    losses: u64,
    gained: i128,
    lost: i128, // positive
    best: f64,
    worst: f64,
    duration_ms: i128,
    longest_ms: i64,
}

impl Default for TradeStats {
    fn default() -> Self {
        Self {
            pnl: Moments::default(),
            returns: Moments::default(),
            log_returns: 0.0,
            wins: 0,
            losses: 0,
            gained: 0,
            lost: 0,
            best: f64::NEG_INFINITY,
            worst: f64::INFINITY,
            duration_ms: 0,
            longest_ms: 0,
        }
    }
}

/// Why figures of trades are absent.
const NO_TRADES: &str = "no trade was closed";

impl TradeStats {
    /// Adds a closed trade.
    pub fn push(&mut self, trade: &ClosedTrade) {
        self.pnl.push(trade.pnl as f64);
        self.returns.push(trade.return_part);
        self.log_returns += (1.0 + trade.return_part).max(0.0).ln();
        if trade.pnl > 0 {
            self.wins += 1;
            self.gained += i128::from(trade.pnl);
        } else if trade.pnl < 0 {
            self.losses += 1;
            self.lost -= i128::from(trade.pnl);
        }
        self.best = self.best.max(trade.return_part);
        self.worst = self.worst.min(trade.return_part);
        self.duration_ms += i128::from(trade.duration_ms);
        self.longest_ms = self.longest_ms.max(trade.duration_ms);
    }

    /// Trades closed.
    pub fn count(&self) -> u64 {
        self.pnl.n
    }

    fn of_any(&self, value: f64) -> super::Figure {
        if self.pnl.n == 0 { Err(NO_TRADES) } else { Ok(value) }
    }

    /// Winners as a part of all.
    pub fn hit_rate(&self) -> super::Figure {
        self.of_any(self.wins as f64 / self.pnl.n as f64)
    }

    /// The best return of a trade.
    pub fn best(&self) -> super::Figure {
        self.of_any(self.best)
    }

    /// The worst return of a trade.
    pub fn worst(&self) -> super::Figure {
        self.of_any(self.worst)
    }

    /// The geometric mean of the trades' returns.
    pub fn average(&self) -> super::Figure {
        self.of_any((self.log_returns / self.pnl.n as f64).exp_m1())
    }

    /// The mean of the trades' returns.
    pub fn mean_return(&self) -> super::Figure {
        self.of_any(self.returns.mean)
    }

    /// The mean PnL of a trade in micro-dollars.
    pub fn mean_pnl(&self) -> super::Figure {
        self.of_any(self.pnl.mean)
    }

    /// The mean time in a trade in milliseconds.
    pub fn mean_duration_ms(&self) -> super::Figure {
        self.of_any(self.duration_ms as f64 / self.pnl.n as f64)
    }

    /// The longest time in a trade in milliseconds.
    pub fn longest_ms(&self) -> super::Figure {
        self.of_any(self.longest_ms as f64)
    }

    /// What was gained over what was lost.
    pub fn profit_factor(&self) -> super::Figure {
        self.of_any(0.0)?;
        if self.lost == 0 { Err("no trade lost") } else { Ok(self.gained as f64 / self.lost as f64) }
    }

    /// Root of the number of trades times mean over standard deviation of their PnL.
    pub fn quality(&self) -> super::Figure {
        let deviation = self.pnl.deviation().ok_or("needs two trades of different result")?;
        Ok((self.pnl.n as f64).sqrt() * self.pnl.mean / deviation)
    }

    /// The part of the equity that the Kelly criterion would stake.
    pub fn kelly(&self) -> super::Figure {
        let hit_rate = self.hit_rate()?;
        if self.wins == 0 || self.losses == 0 {
            return Err("needs a trade that gained and one that lost");
        }
        let mean_gain = self.gained as f64 / self.wins as f64;
        let mean_loss = self.lost as f64 / self.losses as f64;
        Ok(hit_rate - (1.0 - hit_rate) / (mean_gain / mean_loss))
    }
}
