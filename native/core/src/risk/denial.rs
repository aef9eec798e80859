//! Why an order is refused: one code for programs, one sentence for people.

use crate::money::{MICROS_PER_USD, Micros, PriceTicks, TICKS_PER_USD};

/// The one reason for which an order is refused. Displays as a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// The quantity is missing or not positive.
    #[error("the quantity must be a whole, positive number of billionths of a share")]
    QtyInvalid,
    /// The broker does not trade the symbol.
    #[error("the broker does not trade this symbol")]
    NotTradable,
    /// The desk is halted.
    #[error("trading is halted: only orders that reduce a position pass until the desk is re-armed")]
    TradingHalted,
    /// The desk only reduces positions.
    #[error("entries are blocked: only orders that reduce a position pass")]
    StateReducing,
    /// The market is closed, or nobody knows.
    #[error("{}", if *known { "the market is closed" } else { "it is not known whether the market is open" })]
    MarketClosed {
        /// The clock has been read at all.
        known: bool,
    },
    /// The market clock cannot be relied on.
    #[error("the market clock is {}", age(*age_ms, *limit_ms))]
    ClockStale {
        /// Age of the reading.
        age_ms: Option<i64>,
        /// The limit.
        limit_ms: Option<i64>,
    },
    /// There is no two-sided quote.
    #[error("there is no usable quote (bid {}, ask {})", price(*bid), price(*ask))]
    QuoteMissing {
        /// Best bid as given.
        bid: Option<PriceTicks>,
        /// Best ask as given.
        ask: Option<PriceTicks>,
    },
    /// The quote cannot be relied on.
    #[error("the quote is {}", age(*age_ms, *limit_ms))]
    QuoteStale {
        /// Age of the quote.
        age_ms: Option<i64>,
        /// The limit.
        limit_ms: Option<i64>,
    },
    /// The position or what works on it is unknown.
    #[error("the account's position or its working orders are not known")]
    PositionUnknown,
    /// The order is too large.
    #[error("the order is worth {}, {}", usd(*value), above(*limit))]
    OrderNotional {
        /// The order's value.
        value: Micros,
        /// The limit.
        limit: Option<Micros>,
    },
    /// The position could become too large.
    #[error("the position could reach {}, {}", usd(*value), above(*limit))]
    SymbolPosition {
        /// Value of the worst case position.
        value: Micros,
        /// The limit.
        limit: Option<Micros>,
    },
    /// A value leaves the range of the integers.
    #[error("the order's value is too large to compute")]
    Arithmetic,
}

impl Denial {
    /// The code that programs, events and tests go by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::QtyInvalid => "QTY_INVALID",
            Self::NotTradable => "NOT_TRADABLE",
            Self::TradingHalted => "TRADING_HALTED",
            Self::StateReducing => "STATE_REDUCING",
            Self::MarketClosed { .. } => "MARKET_CLOSED",
            Self::ClockStale { .. } => "CLOCK_STALE",
            Self::QuoteMissing { .. } => "QUOTE_MISSING",
            Self::QuoteStale { .. } => "QUOTE_STALE",
            Self::PositionUnknown => "POSITION_UNKNOWN",
            Self::OrderNotional { .. } => "ORDER_NOTIONAL",
            Self::SymbolPosition { .. } => "SYMBOL_POSITION",
            Self::Arithmetic => "ARITHMETIC",
        }
    }
}

fn age(age_ms: Option<i64>, limit_ms: Option<i64>) -> String {
    let Some(limit) = limit_ms else { return "not checkable: no age limit is set".to_owned() };
    match age_ms {
        None => format!("undated; at most {limit} ms old is allowed"),
        Some(age) if age < 0 => {
            format!("dated {} ms ahead; at most {limit} ms is allowed", age.unsigned_abs())
        }
        Some(age) => format!("{age} ms old; at most {limit} ms is allowed"),
    }
}

fn above(limit: Option<Micros>) -> String {
    limit.map_or_else(
        || "and no limit is set".to_owned(),
        |limit| format!("above the limit of {}", usd(limit)),
    )
}

fn price(ticks: Option<PriceTicks>) -> String {
    ticks.map_or_else(|| "none".to_owned(), |ticks| decimal(ticks, TICKS_PER_USD, 4))
}

fn usd(micros: Micros) -> String {
    format!("${}", decimal(micros, MICROS_PER_USD, 6))
}

/// Prints a scaled integer with two decimals, or with all of them where the hidden ones matter.
fn decimal(scaled: i64, scale: i64, digits: usize) -> String {
    let sign = if scaled < 0 { "-" } else { "" };
    let (whole, fraction) =
        (scaled.unsigned_abs() / scale.unsigned_abs(), scaled.unsigned_abs() % scale.unsigned_abs());
    let all = format!("{fraction:0digits$}");
    let (cents, rest) = all.split_at(2);
    format!("{sign}{whole}.{cents}{}", rest.trim_end_matches('0'))
}
