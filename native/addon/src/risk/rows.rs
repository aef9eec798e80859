//! Rows of numbers to what the gate is told. Fields are read in the order of the names above them.

use desk_core::book::Side;
use desk_core::risk::{
    Account, Agent, Context, Holding, Instrument, Limits, Market, Order, OrderPrice, Pace, Session,
    TimeInForce, TradingState,
};

use crate::errors::{INVALID_INPUT, Result, coded};
use crate::numbers::integer;

#[rustfmt::skip]
pub const ORDER: [&str; 32] = [
    "side", "qtyNanos", "isLimit", "limitTicks", "timeInForce", "extendedHours",
    "state", "tradable", "halted", "shortable", "lotNanos",
    "session", "clockAgeMs", "bidTicks", "askTicks", "quoteAgeMs",
    "positionNanos", "workingBuyNanos", "workingSellNanos", "oppositeLimitTicks",
    "sameOrderAgeMs", "ordersLastMinute", "openOrders",
    "accountAgeMs", "equityMicros", "dayStartEquityMicros", "peakEquityMicros", "buyingPowerMicros",
    "reservedMicros", "otherGrossMicros", "otherNetHighMicros", "otherNetLowMicros",
];

#[rustfmt::skip]
pub const AGENT: [&str; 7] = [
    "positionNanos", "targetNanos", "askTicks", "otherExposureMicros", "dayResultMicros",
    "strategyOtherExposureMicros", "strategyDayResultMicros",
];

#[rustfmt::skip]
pub const LIMITS: [&str; 20] = [
    "orderQuantityNanos", "orderNotionalMicros", "collarBps", "maxQuoteAgeMs", "maxClockAgeMs", "maxAccountAgeMs",
    "duplicateWindowMs", "ordersPerMinute", "openOrders", "symbolPositionMicros", "grossExposureMicros",
    "netExposureMicros", "concentrationBps", "shorting", "dailyLossMicros", "drawdownBps", "agentExposureMicros",
    "agentDailyLossMicros", "strategyExposureMicros", "strategyDailyLossMicros",
];

/// Reads a row from its start; beyond its end everything is unknown.
struct Row<'a>(std::slice::Iter<'a, f64>);

impl<'a> Row<'a> {
    fn of(kind: &str, numbers: &'a [f64], names: &[&str]) -> Result<Self> {
        if numbers.len() == names.len() {
            return Ok(Self(numbers.iter()));
        }
        let (given, wanted) = (numbers.len(), names.len());
        Err(coded(INVALID_INPUT, format!("the row of {kind} has {given} numbers; it must have {wanted}")))
    }

    fn number(&mut self) -> Option<i64> {
        self.0.next().and_then(|number| integer(*number))
    }

    fn flag(&mut self) -> Option<bool> {
        match self.number() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        }
    }

    fn yes(&mut self) -> bool {
        self.flag() == Some(true)
    }

    fn side(&mut self) -> Result<Side> {
        match self.number() {
            Some(1) => Ok(Side::Buy),
            Some(-1) => Ok(Side::Sell),
            other => Err(coded(INVALID_INPUT, format!("the side is {other:?}; it must be 1 or -1"))),
        }
    }

    fn price(&mut self) -> OrderPrice {
        let (is_limit, limit) = (self.flag(), self.number());
        if is_limit == Some(false) { OrderPrice::Market } else { OrderPrice::Limit(limit) }
    }

    fn time_in_force(&mut self) -> Option<TimeInForce> {
        match self.number()? {
            0 => Some(TimeInForce::Day),
            1 => Some(TimeInForce::GoodTillCancelled),
            2 => Some(TimeInForce::ImmediateOrCancel),
            3 => Some(TimeInForce::FillOrKill),
            4 => Some(TimeInForce::Opening),
            5 => Some(TimeInForce::Closing),
            _ => None,
        }
    }

    fn state(&mut self) -> TradingState {
        match self.number() {
            Some(0) => TradingState::Active,
            Some(1) => TradingState::Reducing,
            _ => TradingState::Halted,
        }
    }

    fn session(&mut self) -> Option<Session> {
        match self.number()? {
            0 => Some(Session::Closed),
            1 => Some(Session::Extended),
            2 => Some(Session::Regular),
            _ => None,
        }
    }
}

pub fn order(facts: &[f64]) -> Result<(Order, Context)> {
    let mut row = Row::of("an order", facts, &ORDER)?;
    let order = Order {
        side: row.side()?,
        qty: row.number(),
        price: row.price(),
        time_in_force: row.time_in_force(),
        extended_hours: row.yes(),
    };
    let context = Context {
        state: row.state(),
        instrument: Instrument {
            tradable: row.yes(),
            halted: row.flag() != Some(false),
            shortable: row.yes(),
            lot: row.number(),
        },
        market: market(&mut row),
        holding: Holding {
            position: row.number(),
            working_buy: row.number(),
            working_sell: row.number(),
            opposite_limit: row.number(),
        },
        pace: Pace {
            same_order_age_ms: row.number(),
            orders_last_minute: row.number(),
            open_orders: row.number(),
        },
        account: account(&mut row),
    };
    Ok((order, context))
}

fn market(row: &mut Row<'_>) -> Market {
    Market {
        session: row.session(),
        clock_age_ms: row.number(),
        bid: row.number(),
        ask: row.number(),
        quote_age_ms: row.number(),
    }
}

fn account(row: &mut Row<'_>) -> Account {
    Account {
        age_ms: row.number(),
        equity: row.number(),
        day_start_equity: row.number(),
        peak_equity: row.number(),
        buying_power: row.number(),
        reserved: row.number(),
        other_gross: row.number(),
        other_net_high: row.number(),
        other_net_low: row.number(),
    }
}

pub fn agent(facts: &[f64]) -> Result<Agent> {
    let mut row = Row::of("an agent", facts, &AGENT)?;
    Ok(Agent {
        position: row.number(),
        target: row.number(),
        ask: row.number(),
        other_exposure: row.number(),
        day_result: row.number(),
        strategy_other_exposure: row.number(),
        strategy_day_result: row.number(),
    })
}

pub fn limits(limits: &[f64]) -> Result<Limits> {
    let mut row = Row::of("the limits", limits, &LIMITS)?;
    Ok(Limits {
        order_quantity: row.number(),
        order_notional: row.number(),
        collar_bps: row.number(),
        max_quote_age_ms: row.number(),
        max_clock_age_ms: row.number(),
        max_account_age_ms: row.number(),
        duplicate_window_ms: row.number(),
        orders_per_minute: row.number(),
        open_orders: row.number(),
        symbol_position: row.number(),
        gross_exposure: row.number(),
        net_exposure: row.number(),
        concentration_bps: row.number(),
        shorting: row.yes(),
        daily_loss: row.number(),
        drawdown_bps: row.number(),
        agent_exposure: row.number(),
        agent_daily_loss: row.number(),
        strategy_exposure: row.number(),
        strategy_daily_loss: row.number(),
    })
}
