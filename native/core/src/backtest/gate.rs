//! Who lets an order through: the live gate, and the buying power that a broker would look at.

use super::costs::away;
use super::floor::Floor;
use super::refusal::Refusal;
use super::setup::FillRule;
use crate::bars::Bar;
use crate::book::Side;
use crate::money::{QtyNanos, notional_micros};
use crate::risk::{Code, Context, Denial, Order, check_order};

impl Floor {
    /// Passes an order, or says why not.
    pub fn gate(
        &self,
        symbol: usize,
        bar: &Bar,
        rule: FillRule,
        side: Side,
        qty: QtyNanos,
    ) -> Result<(), Refusal> {
        let half_spread = if rule == FillRule::Quote { self.setup.costs.half_spread_e9 } else { 0 };
        let held = self.account.positions[symbol].qty;
        let bid = away(bar.open_ticks, Side::Sell, half_spread);
        let ask = away(bar.open_ticks, Side::Buy, half_spread);
        let context = Context::undisturbed(held, bid, ask);
        check_order(&Order::market(side, Some(qty)), &context, &self.setup.limits)?;
        if i128::from(held.signum()) == -side.sign() {
            return Ok(()); // it closes: `send` has cut it at zero
        }
        self.check_buying_power(symbol, bar, qty)
    }

    fn check_buying_power(&self, symbol: usize, bar: &Bar, qty: QtyNanos) -> Result<(), Refusal> {
        let price = |at: usize| if at == symbol { bar.open_ticks } else { self.last[at].close_ticks };
        let value = |qty: QtyNanos, at: usize| notional_micros(qty, price(at)).map(i128::from);
        let ordered = value(qty, symbol);
        let held = self.account.positions.iter().enumerate();
        let gross = held.map(|(at, position)| value(position.qty, at).map(i128::abs)).sum::<Option<i128>>();
        let equity = self.account.equity((0..self.symbols.len()).map(price));
        let (Some(ordered), Some(gross), Some(equity)) = (ordered, gross, equity) else {
            return Err(Denial::plain(Code::Arithmetic).into());
        };
        let most = i128::from(equity.max(0)) * i128::from(self.setup.leverage_pct) / 100;
        if gross + ordered <= most {
            return Ok(());
        }
        let leverage_pct = self.setup.leverage_pct;
        Err(Refusal::BuyingPower { gross: gross + ordered, most, leverage_pct })
    }
}
