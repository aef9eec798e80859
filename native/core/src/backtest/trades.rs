//! Round trips, and orders that were refused.

use std::sync::Arc;

use serde::Serialize;

use super::account::Book;
use crate::metrics::ClosedTrade;
use crate::money::{MICROS_PER_TICK, Micros, NANOS_PER_SHARE, PriceTicks, QtyNanos, divide_half_even};
use crate::strategy::Reason;

/// Which way a trade went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// Bought first.
    Long,
    /// Sold first.
    Short,
}

/// A closed round trip of one agent in one symbol: from flat to flat, or to the other side.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trade {
    /// Whose trade.
    pub agent_id: Arc<str>,
    /// In what.
    pub symbol: Arc<str>,
    /// Which way.
    pub side: Side,
    /// All that was opened, positive.
    pub qty_nanos: QtyNanos,
    /// Start of the bar of the first fill.
    pub entry_at_ms: i64,
    /// Mean price of what was opened, rounded.
    pub entry_price_ticks: PriceTicks,
    /// Start of the bar of the last fill.
    pub exit_at_ms: i64,
    /// Mean price of what was closed, rounded.
    pub exit_price_ticks: PriceTicks,
    /// After commission and borrowing.
    pub pnl_micros: Micros,
    /// PnL over the value at entry, in percent.
    pub return_pct: f64,
    /// Commission and borrowing.
    pub fees_micros: Micros,
    /// What fills away from the open cost, at least 0 for market orders; it is part of the prices.
    pub slippage_micros: Micros,
    /// Why it was opened.
    pub entry_reason: Reason,
    /// Why it was closed.
    pub exit_reason: Reason,
}

/// One leg of a fill, which opens or closes but not both.
#[derive(Debug, Clone, Copy)]
pub struct Leg {
    pub qty: QtyNanos, // signed
    pub value: Micros, // unsigned
    pub fee: Micros,
    pub slippage: Micros,
    pub realised: Micros,
}

/// A trade that is not closed yet.
#[derive(Debug, Clone)]
pub struct OpenTrade {
    entry_at_ms: i64,
    entry_reason: Reason,
    opened: QtyNanos, // signed
    opened_value: i128,
    closed_value: i128,
    realised: Micros,
    fees: Micros,
    slippage: Micros,
}

impl OpenTrade {
    pub fn start(at_ms: i64, reason: Reason) -> Self {
        Self {
            entry_at_ms: at_ms,
            entry_reason: reason,
            opened: 0,
            opened_value: 0,
            closed_value: 0,
            realised: 0,
            fees: 0,
            slippage: 0,
        }
    }

    pub fn push(&mut self, leg: &Leg) {
        let opens = self.opened == 0 || self.opened.signum() == leg.qty.signum();
        if opens {
            self.opened += leg.qty;
            self.opened_value += i128::from(leg.value);
        } else {
            self.closed_value += i128::from(leg.value);
        }
        self.realised += leg.realised;
        self.fees += leg.fee;
        self.slippage += leg.slippage;
    }

    pub fn charge(&mut self, fee: Micros) {
        self.fees += fee;
    }

    fn pnl(&self) -> Micros {
        self.realised - self.fees
    }

    /// What the statistics need of the trade when it closes at `at_ms`.
    pub fn closed(&self, at_ms: i64) -> ClosedTrade {
        ClosedTrade {
            pnl: self.pnl(),
            return_part: self.pnl() as f64 / self.opened_value.max(1) as f64,
            duration_ms: at_ms - self.entry_at_ms,
        }
    }

    /// The trade as it is listed when it closes at `at_ms`.
    pub fn into_trade(self, book: &Book, at_ms: i64, exit_reason: Reason) -> Trade {
        Trade {
            agent_id: Arc::clone(&book.agent_id),
            symbol: Arc::clone(&book.symbol),
            side: if self.opened > 0 { Side::Long } else { Side::Short },
            qty_nanos: self.opened.abs(),
            entry_at_ms: self.entry_at_ms,
            entry_price_ticks: mean_price(self.opened_value, self.opened),
            exit_at_ms: at_ms,
            exit_price_ticks: mean_price(self.closed_value, self.opened),
            pnl_micros: self.pnl(),
            return_pct: self.closed(at_ms).return_part * 100.0,
            fees_micros: self.fees,
            slippage_micros: self.slippage,
            entry_reason: self.entry_reason,
            exit_reason,
        }
    }
}

fn mean_price(value: i128, qty: QtyNanos) -> PriceTicks {
    let nanos = i128::from(NANOS_PER_SHARE / MICROS_PER_TICK);
    let price = divide_half_even(value * nanos, i128::from(qty).abs().max(1));
    PriceTicks::try_from(price).unwrap_or(PriceTicks::MAX)
}
