//! Why a backtest does not fill an order.

use crate::money::{MICROS_PER_USD, Micros};
use crate::risk::Denial;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// By the live gate.
    #[error(transparent)]
    Gate(#[from] Denial),
    /// By the broker that the backtest stands for.
    #[error(
        "all positions would be worth ${:.2}, above {leverage_pct} % of the equity, ${:.2}",
        usd(*gross),
        usd(*most)
    )]
    BuyingPower { gross: i128, most: i128, leverage_pct: Micros },
}

impl Refusal {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Gate(denial) => denial.code.name(),
            Self::BuyingPower { .. } => "BUYING_POWER",
        }
    }
}

fn usd(micros: i128) -> f64 {
    micros as f64 / MICROS_PER_USD as f64
}
