//! From wanted positions to fills: the part of a backtest that runs only when something is to be traded.

use smallvec::SmallVec;

use super::BacktestError;
use super::costs::limit_price;
use super::floor::{Floor, NOTHING};
use super::setup::FillRule;
use crate::bars::Bar;
use crate::book::{AgentTarget, NetOrder, Side, allocate_fill, net_targets};
use crate::money::{Micros, NANOS_PER_SHARE, PriceTicks, QtyNanos, notional_micros};

impl Floor {
    /// Trades what the agents want of a symbol, on a bar that opens after they decided.
    #[cold]
    pub fn trade(&mut self, symbol: usize, bar: &Bar) -> Result<(), BacktestError> {
        let rule = self.setup.fill;
        self.deal(symbol, bar, rule)
    }

    /// Closes all positions, for a reason of the backtest's own, at a price from each symbol's last bar.
    pub fn close_all(
        &mut self,
        rule: &'static str,
        at_ms: i64,
        price: impl Fn(&Bar) -> PriceTicks,
    ) -> Result<(), BacktestError> {
        self.give_up(rule);
        for symbol in 0..self.symbols.len() {
            if self.has_bar(symbol) {
                self.close_out(symbol, at_ms, price(&self.last[symbol]))?;
            }
        }
        Ok(())
    }

    /// Closes all positions in a symbol at `price`, whatever the fill rule.
    fn close_out(&mut self, symbol: usize, at_ms: i64, price: PriceTicks) -> Result<(), BacktestError> {
        let rule = match self.setup.fill {
            FillRule::Limit { .. } => FillRule::NextOpen,
            rule => rule,
        };
        let last = self.last[symbol];
        self.deal(symbol, &Bar { at_ms, open_ticks: price, ..last }, rule)
    }

    fn deal(&mut self, symbol: usize, bar: &Bar, rule: FillRule) -> Result<(), BacktestError> {
        self.waiting[symbol] = NOTHING;
        let places = self.by_symbol[symbol].iter().enumerate();
        let target = |(agent_id, place): (usize, &usize)| AgentTarget {
            agent_id,
            target: self.target(*place, bar, rule),
            position: self.places[*place].book.position.qty,
        };
        let agents: SmallVec<[AgentTarget<usize>; 2]> = places.map(target).collect();
        let netting = net_targets(&agents, 0, bar.open_ticks)?;
        for cross in &netting.crosses {
            let place = self.by_symbol[symbol][cross.agent_id];
            self.settle(place, cross.delta, bar.open_ticks, bar, false)?;
        }
        if let Some(order) = &netting.order {
            self.send(symbol, bar, rule, order)?;
        }
        self.verify(bar.at_ms);
        Ok(())
    }

    /// The position that an agent's wish means at this open.
    fn target(&self, place: usize, bar: &Bar, rule: FillRule) -> QtyNanos {
        let place = &self.places[place];
        let (wanted, held) = (place.wanted, place.book.position.qty);
        if !place.all_in || wanted.signum() == held.signum() {
            return if place.all_in { held } else { wanted };
        }
        if wanted == 0 {
            return 0;
        }
        let (side, volume) = (side_of(wanted), self.last[place.symbol].volume);
        let cash = self.cash_when_flat(place.book.cash, held, bar, rule, volume);
        let shares = self.setup.costs.all_in_shares(rule, cash, bar.open_ticks, side, volume);
        wanted.signum() * shares * NANOS_PER_SHARE
    }

    fn cash_when_flat(&self, cash: Micros, held: QtyNanos, bar: &Bar, rule: FillRule, volume: i64) -> Micros {
        if held == 0 {
            return cash;
        }
        let costs = &self.setup.costs;
        let price = costs.market_price(rule, bar.open_ticks, side_of(-held), held.abs(), volume);
        let value = notional_micros(held, price).unwrap_or(0);
        let fee = costs.commission(value.saturating_abs(), held).unwrap_or(0);
        cash.saturating_add(value).saturating_sub(fee).max(0)
    }

    /// Sends the net order, in two parts if it goes through zero.
    fn send(
        &mut self,
        symbol: usize,
        bar: &Bar,
        rule: FillRule,
        order: &NetOrder<usize>,
    ) -> Result<(), BacktestError> {
        let held = self.account.positions[symbol].qty;
        let is_closing = i128::from(held.signum()) == -order.side.sign();
        let first = if is_closing { held.abs().min(order.qty) } else { order.qty };
        if self.send_one(symbol, bar, rule, order, 0, first)? && first < order.qty {
            self.send_one(symbol, bar, rule, order, first, order.qty - first)?;
        }
        Ok(())
    }

    /// Sends the next part of an order; false when it was refused, or when the market did not come to its limit.
    fn send_one(
        &mut self,
        symbol: usize,
        bar: &Bar,
        rule: FillRule,
        order: &NetOrder<usize>,
        already: QtyNanos,
        qty: QtyNanos,
    ) -> Result<bool, BacktestError> {
        let signed = |qty: QtyNanos| if order.side == Side::Buy { qty } else { -qty };
        if let Err(refusal) = self.gate(symbol, bar, rule, order.side, qty) {
            self.deny(bar.at_ms, symbol, signed(qty), refusal);
            return Ok(false);
        }
        let Some(price) = self.price(symbol, bar, rule, order.side, qty) else {
            self.missed += 1;
            self.waiting[symbol] = bar.at_ms;
            return Ok(false);
        };
        let mut fees = 0;
        for share in allocate_fill(&order.shares, already, qty)? {
            let place = self.by_symbol[symbol][share.agent_id];
            fees += self.settle(place, signed(share.qty), price, bar, true)?;
        }
        let paid = self.account.fill(symbol, signed(qty), price, fees)?;
        self.shares[symbol] = self.account.positions[symbol].qty / NANOS_PER_SHARE;
        self.traded_now = true;
        self.recorder.push_fill(paid);
        for word in [bar.at_ms, symbol as i64, signed(qty), price] {
            self.digest.push(word);
        }
        Ok(true)
    }

    /// The price at which the order is filled on this bar; `None` when a limit is not reached.
    fn price(
        &self,
        symbol: usize,
        bar: &Bar,
        rule: FillRule,
        side: Side,
        qty: QtyNanos,
    ) -> Option<PriceTicks> {
        let FillRule::Limit { offset_e9 } = rule else {
            let volume = self.last[symbol].volume;
            return Some(self.setup.costs.market_price(rule, bar.open_ticks, side, qty, volume));
        };
        let limit = limit_price(self.last[symbol].close_ticks, side, offset_e9);
        match side {
            Side::Buy if bar.open_ticks <= limit => Some(bar.open_ticks),
            Side::Sell if bar.open_ticks >= limit => Some(bar.open_ticks),
            Side::Buy => (bar.low_ticks < limit).then_some(limit),
            Side::Sell => (bar.high_ticks > limit).then_some(limit),
        }
    }
}

fn side_of(qty: QtyNanos) -> Side {
    if qty > 0 { Side::Buy } else { Side::Sell }
}
