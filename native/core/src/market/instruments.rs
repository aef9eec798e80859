//! The simulated stocks. The names are real, every number is invented and only of a realistic size.

use crate::money::{PriceTicks, TICKS_PER_USD};

/// Number of sectors, each with a factor of its own.
pub(super) const SECTORS: usize = 4;

/// What makes one simulated stock different from another.
#[derive(Debug, Clone, Copy)]
pub struct Instrument {
    /// Ticker.
    pub symbol: &'static str,
    /// For people; says that it is simulated.
    pub name: &'static str,
    /// Listing exchange of the stock that lends its name.
    pub exchange: &'static str,
    /// Price before the first simulated session.
    pub(super) start_ticks: PriceTicks,
    /// Share of the market's return that it follows.
    pub(super) beta: f64,
    /// Below [`SECTORS`].
    pub(super) sector: usize,
    /// Share of the sector's return that it follows.
    pub(super) sector_beta: f64,
    /// Standard deviation of a calm session's own noise; trends double what a day moves.
    pub(super) own_daily: f64,
    /// Average shares a session.
    pub(super) daily_shares: f64,
    /// Average shares displayed on a side of the quote, in hundreds.
    pub(super) displayed_lots: i64,
    /// Bid-ask spread at noon of a calm day.
    pub(super) spread_cents: i64,
    /// Whether it reports earnings and has news of its own.
    pub(super) is_company: bool,
}

impl Instrument {
    /// Whether its figures were fitted to a sample's; the others are of a plausible size only.
    pub fn is_fitted(&self) -> bool {
        !self.is_company
    }
}

const TECHNOLOGY: usize = 0;
const CONSUMER: usize = 1;
const STAPLES: usize = 2;
const FINANCE: usize = 3;

/// The stocks that the simulator knows, in the order of their indices.
pub const INSTRUMENTS: [Instrument; 10] = [
    stock("AAPL", "Apple (simulated)", "NASDAQ", 271, [1.1, 0.8, 0.006], TECHNOLOGY, [48.0, 6.0, 1.0]),
    stock("MSFT", "Microsoft (simulated)", "NASDAQ", 484, [1.0, 0.8, 0.005], TECHNOLOGY, [22.0, 3.0, 3.0]),
    stock("GOOGL", "Alphabet (simulated)", "NASDAQ", 313, [1.1, 0.7, 0.0065], TECHNOLOGY, [32.0, 4.0, 2.0]),
    stock("AMZN", "Amazon (simulated)", "NASDAQ", 231, [1.2, 0.8, 0.007], CONSUMER, [40.0, 5.0, 1.0]),
    stock("NVDA", "NVIDIA (simulated)", "NASDAQ", 187, [1.6, 1.2, 0.009], TECHNOLOGY, [180.0, 15.0, 1.0]),
    stock("TSLA", "Tesla (simulated)", "NASDAQ", 450, [1.7, 1.2, 0.014], CONSUMER, [80.0, 4.0, 4.0]),
    stock("KO", "Coca-Cola (simulated)", "NYSE", 70, [0.5, 0.8, 0.0033], STAPLES, [14.0, 25.0, 1.0]),
    stock("PEP", "PepsiCo (simulated)", "NASDAQ", 144, [0.5, 0.8, 0.004], STAPLES, [7.0, 6.0, 2.0]),
    Instrument {
        is_company: false,
        ..stock(
            "SPY",
            "S&P 500 ETF (simulated)",
            "ARCA",
            683,
            [1.0, 0.0, 0.0003],
            TECHNOLOGY,
            [70.0, 12.0, 1.0],
        )
    },
    stock("JPM", "JPMorgan Chase (simulated)", "NYSE", 322, [1.0, 0.9, 0.005], FINANCE, [9.0, 3.0, 3.0]),
];

/// `moves` are beta, sector beta and own daily deviation; `trading` is millions of shares a session, displayed
/// lots and spread in cents.
const fn stock(
    symbol: &'static str,
    name: &'static str,
    exchange: &'static str,
    dollars: i64,
    moves: [f64; 3],
    sector: usize,
    trading: [f64; 3],
) -> Instrument {
    Instrument {
        symbol,
        name,
        exchange,
        start_ticks: dollars * TICKS_PER_USD,
        beta: moves[0],
        sector,
        sector_beta: moves[1],
        own_daily: moves[2],
        daily_shares: trading[0] * 1e6,
        displayed_lots: trading[1] as i64,
        spread_cents: trading[2] as i64,
        is_company: true,
    }
}
