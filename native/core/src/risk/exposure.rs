//! How large positions could become. Values are taken at the ask: it is what a buyer pays, and what closing a short costs.

use super::denial::{Code, Denial};
use super::facts::{Account, Context, Holding, Limits, Order};
use super::market::BASIS_POINTS;
use super::pace::at_most;
use crate::book::Side;
use crate::money::{Micros, PriceTicks, QtyNanos, notional_micros};

/// What is held and on its way, all of it known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    position: i128,
    buying: i128,
    selling: i128,
}

impl Reach {
    /// `None` when the position or what works on it is not known.
    pub fn of(holding: &Holding) -> Option<Self> {
        let counted = |working: Option<QtyNanos>| working.filter(|qty| *qty >= 0).map(i128::from);
        Some(Self {
            position: i128::from(holding.position?),
            buying: counted(holding.working_buy)?,
            selling: counted(holding.working_sell)?,
        })
    }

    /// Tells whether the order can only bring the position closer to zero, whatever of the working orders is filled:
    /// an exit that already works may fill too, so only what it leaves is the order's to close.
    pub fn is_reduced_by(&self, side: Side, qty: QtyNanos) -> bool {
        let left = match side {
            Side::Sell => self.position - self.selling,
            Side::Buy => -self.position - self.buying,
        };
        i128::from(qty) <= left
    }

    /// Quantity of the account's own orders on the other side.
    pub fn opposite(&self, side: Side) -> i128 {
        match side {
            Side::Buy => self.selling,
            Side::Sell => self.buying,
        }
    }

    /// The position furthest in the order's direction: it and all that works with it is filled.
    pub fn furthest(&self, side: Side, qty: QtyNanos) -> i128 {
        match side {
            Side::Buy => self.position + self.buying + i128::from(qty),
            Side::Sell => self.position - self.selling - i128::from(qty),
        }
    }

    /// The largest position that can result with the order filled, unsigned.
    fn largest(&self, side: Side, qty: QtyNanos) -> i128 {
        let order = side.sign() * i128::from(qty);
        (self.position + self.buying + order).abs().max((self.position - self.selling + order).abs())
    }
}

/// Checks quantity and value of the order alone and returns its value.
pub(super) fn check_size(qty: QtyNanos, ask: PriceTicks, limits: &Limits) -> Result<Micros, Denial> {
    at_most(Code::OrderQuantity, Some(qty), limits.order_quantity)?;
    let notional = notional_micros(qty, ask).ok_or(Denial::plain(Code::Arithmetic))?;
    at_most(Code::OrderNotional, Some(notional), limits.order_notional)?;
    Ok(notional)
}

/// Checks the position in the symbol and all positions together in the worst case.
pub(super) fn check_exposure(
    order: &Order,
    qty: QtyNanos,
    reach: &Reach,
    ask: PriceTicks,
    context: &Context,
    limits: &Limits,
) -> Result<(), Denial> {
    let account = &context.account;
    let symbol = value(reach.largest(order.side, qty), ask)?;
    at_most(Code::SymbolPosition, Some(symbol), limits.symbol_position)?;
    at_most(Code::GrossExposure, sum(account.other_gross, symbol)?, limits.gross_exposure)?;
    check_net(order.side, value(reach.furthest(order.side, qty), ask)?, account, limits)?;
    check_concentration(symbol, account.equity, limits.concentration_bps)
}

/// An order moves the net one way only: what it is the other way is not its doing.
fn check_net(side: Side, furthest: Micros, account: &Account, limits: &Limits) -> Result<(), Denial> {
    let net = match side {
        Side::Buy => sum(account.other_net_high, furthest)?,
        Side::Sell => sum(account.other_net_low, furthest)?.map(i64::saturating_neg),
    };
    at_most(Code::NetExposure, net, limits.net_exposure)
}

fn check_concentration(symbol: Micros, equity: Option<Micros>, limit: Option<i64>) -> Result<(), Denial> {
    let equity = equity.filter(|equity| *equity > 0).map(i128::from);
    let scaled = i128::from(symbol) * BASIS_POINTS;
    // Compared as products, as the drawdown is.
    if equity.zip(limit).is_some_and(|(equity, limit)| scaled <= i128::from(limit) * equity) {
        return Ok(());
    }
    let part = equity.map(|equity| i64::try_from((scaled + equity - 1) / equity).unwrap_or(i64::MAX));
    Err(Denial { code: Code::Concentration, value: part, limit })
}

pub(super) fn value(qty: i128, price: PriceTicks) -> Result<Micros, Denial> {
    let value = QtyNanos::try_from(qty).ok().and_then(|qty| notional_micros(qty, price));
    value.ok_or(Denial::plain(Code::Arithmetic))
}

/// Adds what is known; `None` when it is not.
pub(super) fn sum(known: Option<Micros>, more: Micros) -> Result<Option<Micros>, Denial> {
    match known {
        None => Ok(None),
        Some(known) => known.checked_add(more).map(Some).ok_or(Denial::plain(Code::Arithmetic)),
    }
}
